/** How CommonJS modules pass a value on. */
import type { Compiler, SyntaxNode } from './compiler.ts';
import { parentOf, part } from './syntax.ts';

/** `module.exports = { name }`, `module.exports.name =` and `exports.name =` pass a value on under its own flag. */
export function isCommonJsExport(compiler: Compiler, carrier: SyntaxNode): boolean {
  const holder = parentOf(carrier);
  const literal = holder === undefined ? undefined : parentOf(holder);
  if (holder === undefined || literal === undefined) return false;
  if (compiler.kindOf(holder) === 'PropertyAccessExpression') {
    return /^(?:module\.)?exports$/.test(part(holder, 'expression')?.getText() ?? '');
  }
  const assignment = compiler.kindOf(literal) === 'ObjectLiteralExpression' ? parentOf(literal) : undefined;
  const left = assignment === undefined ? undefined : part(assignment, 'left');
  return left !== undefined && left.getText() === 'module.exports';
}
