/** Where an initializer or an assignment stores a value: the object, and the way through its fields. */
import { localOf, typeText, declaredName } from './scope.ts';
import type { Node } from './parser.ts';
import type { SlotSite, SlotStep } from './reading.ts';

/** The place of a node inside an initializer list, from the object's declaration inwards. */
export function initializedSlot(node: Node): SlotSite | undefined {
  const steps: SlotStep[] = [];
  let isByPosition = false;
  let at: Node = node;
  for (let parent = at.parent; parent !== null; at = parent, parent = at.parent) {
    if (parent.type === 'initializer_list') {
      if (at.type === 'initializer_pair') steps.unshift(...designators(at));
      else {
        steps.unshift({ index: positionIn(parent, at) });
        if (steps.length === 1 || !('field' in (steps.at(-1) ?? {}))) isByPosition = true;
      }
    } else if (parent.type === 'init_declarator') {
      const declarator = parent.childForFieldName('declarator');
      const declaration = parent.parent;
      const object = declaredName(declarator)?.text;
      const type = declaration === null ? undefined : (typeText(declaration) ?? macroType(declaration));
      return site(
        steps,
        isByPosition,
        object === '' ? undefined : object,
        type,
        declarator?.type === 'array_declarator',
      );
    } else if (parent.type === 'compound_literal_expression') {
      const written = parent.childForFieldName('type');
      return site(
        steps,
        isByPosition,
        undefined,
        written === null ? undefined : typeText(written),
        written?.text.includes('[') === true,
      );
    } else if (/^(?:compound_statement|translation_unit|argument_list)$/.test(parent.type))
      return site(steps, isByPosition);
  }
  return site(steps, isByPosition);
}

function site(
  steps: readonly SlotStep[],
  isByPosition: boolean,
  object?: string,
  type?: string,
  isArray = false,
): SlotSite {
  return {
    steps,
    isByPosition,
    ...(object === undefined ? {} : { object }),
    ...(type === undefined ? {} : { type }),
    ...(isArray ? { isArray } : {}),
  };
}

/** `DEFINE_PER_CPU(struct T, name) = {`: the macro's argument is the type. */
function macroType(declaration: Node): string | undefined {
  const written = declaration.childForFieldName('type')?.childForFieldName('type') ?? null;
  return written === null ? undefined : typeText(written);
}

function designators(pair: Node): readonly SlotStep[] {
  return pair.childrenForFieldName('designator').map((one): SlotStep => {
    // `field: value`, as it was written before C99.
    if (one.type === 'field_identifier') return { field: one.text };
    const field = one.namedChildren.find((child) => child.type === 'field_identifier');
    return field === undefined ? { element: true } : { field: field.text };
  });
}

/** Number of the entry, entries after a designator counted on from it being too rare to follow. */
function positionIn(list: Node, entry: Node): number {
  return list.namedChildren.filter((child) => child.type !== 'comment' && child.startIndex < entry.startIndex)
    .length;
}

/** What the left side of an assignment stores into: a field, or a variable by name. */
export function assignedSlot(left: Node): SlotSite | { readonly variable: string } | undefined {
  const steps: SlotStep[] = [];
  let node: Node | null = left;
  while (node !== null) {
    if (node.type === 'field_expression') {
      steps.unshift({ field: node.childForFieldName('field')?.text ?? '' });
      node = node.childForFieldName('argument');
    } else if (node.type === 'subscript_expression') {
      steps.unshift({ element: true });
      node = node.childForFieldName('argument');
    } else if (node.type === 'pointer_expression') node = node.childForFieldName('argument');
    else if (node.type === 'parenthesized_expression') node = node.namedChildren[0] ?? null;
    else break;
  }
  if (node === null) return undefined;
  const isField = steps.some((step) => 'field' in step);
  if (node.type === 'identifier') {
    if (!isField) return { variable: node.text };
    const local = localOf(node, node.text);
    return site(steps, false, node.text, local === undefined ? undefined : typeText(local.declaration));
  }
  if (node.type === 'cast_expression' && isField) {
    const written = node.childForFieldName('type');
    return site(steps, false, undefined, written === null ? undefined : typeText(written));
  }
  return isField ? site(steps, false) : undefined;
}
