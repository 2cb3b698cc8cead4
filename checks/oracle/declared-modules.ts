/**
 * Modules that a file declares, `declare module 'name' {}`. They are no imports, where the file imports and exports
 * nothing itself; in any other file the same words add to a module that is elsewhere.
 */
import type { Compiler, SourceUnit, SyntaxNode } from './compiler.ts';
import { parts, part, textOf } from './syntax.ts';

/** What a file declares by name, and the statements inside. */
export interface DeclaredModules {
  readonly names: ReadonlySet<string>;
  readonly nodes: ReadonlySet<SyntaxNode>;
}

const NOTHING: DeclaredModules = { names: new Set(), nodes: new Set() };

/** Modules declared at the top of a file; none in a file that is a module. */
export function declaredModules(compiler: Compiler, { text, root }: SourceUnit): DeclaredModules {
  if (!/\bmodule\s*['"]/.test(text)) return NOTHING;
  const nodes = new Map<SyntaxNode, string>();
  const isModule = root.forEachChild((statement) => {
    const name = moduleName(compiler, statement);
    if (name !== undefined) nodes.set(statement, name);
    return makesModule(compiler, statement) || undefined;
  });
  return isModule === true ? NOTHING : { names: new Set(nodes.values()), nodes: new Set(nodes.keys()) };
}

/** The statements inside of `declare module 'name' {}`; none of any other statement. */
export function statementsInside(compiler: Compiler, statement: SyntaxNode): readonly SyntaxNode[] {
  const body = moduleName(compiler, statement) === undefined ? undefined : part(statement, 'body');
  return body === undefined ? [] : parts(body, 'statements');
}

function moduleName(compiler: Compiler, statement: SyntaxNode): string | undefined {
  const name = compiler.kindOf(statement) === 'ModuleDeclaration' ? part(statement, 'name') : undefined;
  return name !== undefined && compiler.kindOf(name) === 'StringLiteral' ? textOf(name) : undefined;
}

/** Whether a statement makes its file a module. */
function makesModule(compiler: Compiler, statement: SyntaxNode): boolean {
  const kind = compiler.kindOf(statement);
  return (
    /^(?:Import|Export)(?:Declaration|Assignment)$/.test(kind) ||
    (kind === 'ImportEqualsDeclaration' && /=\s*require\b/.test(statement.getText())) ||
    parts(statement, 'modifiers').some((modifier) => compiler.kindOf(modifier) === 'ExportKeyword')
  );
}
