/** How a constant is used in an expression: tested, set, cleared, compared, or given to a call. */
import type { Node } from './parser.ts';
import type { ConstantUse } from './reading.ts';
import { same } from './scope.ts';

/** How a constant is used: the nearest thing around it that decides. */
export function useOf(node: Node): ConstantUse | undefined {
  let isInverted = false;
  let at = node;
  for (let parent = at.parent; parent !== null; at = parent, parent = at.parent) {
    const operator = parent.childForFieldName('operator')?.text;
    if (parent.type === 'argument_list') return 'argument';
    if (parent.type === 'unary_expression') {
      if (operator === '~') isInverted = !isInverted;
    } else if (parent.type === 'binary_expression') {
      if (operator === '&') return isInverted && isAssigned(parent) ? 'clear' : 'test';
      if (/^(?:[=!]=|[<>]=?)$/.test(operator ?? '')) return 'compare';
      if (operator === '&&' || operator === '||') return undefined;
    } else if (parent.type === 'assignment_expression') {
      if (!same(parent.childForFieldName('right'), at)) return undefined;
      return operator === '&=' ? (isInverted ? 'clear' : 'set') : 'set';
    } else if (/^(?:init_declarator|initializer_pair|initializer_list)$/.test(parent.type)) return 'set';
    else if (parent.type === 'case_statement')
      return same(parent.childForFieldName('value'), at) ? 'compare' : undefined;
    else if (
      /^(?:conditional_expression)$/.test(parent.type) &&
      same(parent.childForFieldName('condition'), at)
    )
      return undefined;
    else if (/statement$|^declaration$|^subscript_expression$|^call_expression$/.test(parent.type))
      return undefined;
  }
  return undefined;
}

/** Whether the value of an expression is stored, not tested. */
function isAssigned(node: Node): boolean {
  let at = node;
  for (let parent = at.parent; parent !== null; at = parent, parent = at.parent) {
    if (parent.type === 'assignment_expression') return same(parent.childForFieldName('right'), at);
    if (parent.type === 'init_declarator') return true;
    if (!/^(?:parenthesized_expression|binary_expression|cast_expression)$/.test(parent.type)) return false;
  }
  return false;
}
