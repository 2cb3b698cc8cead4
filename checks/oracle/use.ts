/**
 * What the oracle answers: one `Use` for each place where a watched symbol is reached, by whatever road, with the
 * road spelled out. Uses are plain data about source text; rules decide which of them are findings.
 */
import type { SlotType, SourceUnit, SyntaxNode } from './compiler.ts';

/**
 * How a place reaches a symbol.
 * - `import`: an import binding; `export`: a re-export, `export *` or `export default`;
 * - `call`: called, constructed, used as a tag, decorator or JSX element;
 * - `value`: used as a value (stored, passed, compared); `type`: used in a type only;
 * - `extends`: a class or interface derives from it; `write`: assigned to; `redeclare`: declared again elsewhere;
 * - `namespace`: the module's namespace object is used in a way that hides which member is taken.
 */
export type UseKind = 'import' | 'export' | 'call' | 'value' | 'type' | 'extends' | 'write' | 'namespace';

export const USE_KINDS: readonly UseKind[] = [
  'import',
  'export',
  'call',
  'value',
  'type',
  'extends',
  'write',
  'namespace',
];

/** Where a value goes: the field of a type, a variable, an argument. */
export interface Flow {
  readonly into: 'variable' | 'property' | 'field' | 'argument' | 'return' | 'element' | 'other';
  /** Name of the variable or property, when it has one. */
  readonly name: string | undefined;
  /** For `property`: the type whose field is filled. */
  readonly slot: SlotType | undefined;
}

/** A watched symbol. */
export interface Target {
  /** As shown: `include/linux/pmem.ts#memcpyToPmem`. */
  readonly label: string;
  /** The last part of the name. */
  readonly name: string;
  /** What a message adds: the text of a `@deprecated` tag. */
  readonly note?: string;
}

export interface Use {
  readonly target: Target;
  readonly kind: UseKind;
  readonly unit: SourceUnit;
  /** The node to show. */
  readonly node: SyntaxNode;
  /** Variables, fields and functions that carried the value here, nearest first, each with its place. */
  readonly via: readonly string[];
  /** Files (absolute) that pass the symbol on by re-export between here and its declaration, nearest first. */
  readonly modules: readonly string[];
  readonly flow: Flow | undefined;
  /** False when the place may reach the symbol but it cannot be told that it does. */
  readonly proved: boolean;
}
