/** Names that mean something else here: locals and parameters, looked up in the grammar's tree of a body or declaration. */
import type { Node } from './parser.ts';

/** The name a declarator declares: `*(*f[3])(int)` is `f`. */
export function declaredName(declarator: Node | null): Node | null {
  let node = declarator;
  while (node !== null && !/^(?:identifier|field_identifier|type_identifier)$/.test(node.type)) {
    const inner: Node | null = node.childForFieldName('declarator');
    node = inner ?? node.namedChildren.find((child) => /declarator$|identifier$/.test(child.type)) ?? null;
  }
  return node;
}

/** Whether a node is another. */
export function same(a: Node | null, b: Node): boolean {
  return a !== null && a.id === b.id;
}

/** The nearest node around of one of these types. */
export function around(node: Node, ...types: readonly string[]): Node | null {
  for (let at = node.parent; at !== null; at = at.parent) if (types.includes(at.type)) return at;
  return null;
}

/** The declarator of a local of this name before a node, and its declaration. */
export function localOf(
  node: Node,
  name: string,
): { readonly declaration: Node; readonly declarator: Node } | undefined {
  for (let at = node.parent; at !== null; at = at.parent) {
    if (!/^(?:compound_statement|for_statement|case_statement|labeled_statement)$/.test(at.type)) continue;
    for (const child of at.namedChildren) {
      if (child.startIndex > node.startIndex) break;
      if (child.type !== 'declaration' || isStatement(child)) continue;
      for (const declarator of child.childrenForFieldName('declarator')) {
        // In `int x = x;` the second x is the new one already.
        if (declarator.startIndex > node.startIndex) break;
        if (declaredName(declarator)?.text === name) return { declaration: child, declarator };
      }
    }
  }
  return undefined;
}

/** Whether what the grammar takes for a declaration is a statement: a macro before it made it read `else` or `return` as a type. */
export function isStatement(declaration: Node): boolean {
  return /^(?:else|return|do|goto|case|default)$/.test(declaration.childForFieldName('type')?.text ?? '');
}

/** Whether a local variable hides what is meant at a node. Local declarations of functions and `extern` ones do not. */
export function isHidden(node: Node, name: string): boolean {
  const local = localOf(node, name);
  if (local === undefined) return false;
  return !isFunction(local.declarator) && !hasStorage(local.declaration, 'extern');
}

/** Whether a declarator declares a function, not a pointer to one. */
export function isFunction(declarator: Node): boolean {
  let node: Node | null = declarator;
  if (node.type === 'init_declarator') return false;
  while (node !== null && /^(?:pointer_declarator|attributed_declarator)$/.test(node.type))
    node = node.childForFieldName('declarator') ?? node.namedChildren[0] ?? null;
  return node?.type === 'function_declarator' && node.childForFieldName('declarator')?.type === 'identifier';
}

/** Whether a declaration says `extern`, `static` … */
export function hasStorage(declaration: Node, word: string): boolean {
  return declaration.namedChildren.some(
    (child) => child.type === 'storage_class_specifier' && child.text === word,
  );
}

/** The type of a declaration as written: `struct T`, `T`. */
export function typeText(declaration: Node): string | undefined {
  const type = declaration.childForFieldName('type');
  if (type === null) return undefined;
  if (/^(?:struct|union|enum)_specifier$/.test(type.type)) {
    const name = type.childForFieldName('name');
    return name === null ? undefined : `${type.type.replace('_specifier', '')} ${name.text}`;
  }
  return type.type === 'type_identifier' ? type.text : undefined;
}

/** Whether a declarator is a pointer, or an array or function pointer, or of a type that may hide one. */
export function mayPoint(declaration: Node, declarator: Node): boolean {
  const text =
    declarator.type === 'init_declarator'
      ? (declarator.childForFieldName('declarator')?.text ?? '')
      : declarator.text;
  const type = declaration.childForFieldName('type')?.type;
  return (
    text.includes('*') || text.includes('(') || type === 'type_identifier' || type === 'macro_type_specifier'
  );
}
