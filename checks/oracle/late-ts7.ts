/**
 * Names of modules in a project of TypeScript 7, whose trees are fetched one by one: read from texts where that is enough;
 * what they mean is asked for by place, for all names of a file at once.
 */
import type { Project } from 'typescript/unstable/sync';
import type { Compiler, LateReading, SourceUnit, SymbolHandle } from './compiler.ts';
import { moduleFile } from './modules.ts';
import { namingsOf, type Naming } from './namings.ts';
import { scannedNamings } from './scan.ts';

/** Makes the reading; what was read of a file is kept. */
export function lateReading(compiler: Compiler, project: Project): LateReading {
  const namings = new Map<SourceUnit, readonly Naming[]>();
  const modules = new Map<Naming, SymbolHandle | undefined>();
  let isRequireMade: boolean | undefined;
  const makesRequire = (): boolean =>
    (isRequireMade ??= compiler.files.some(({ text }) => text.includes('createRequire')));
  const of = (unit: SourceUnit): readonly Naming[] => {
    const known = namings.get(unit) ?? scannedNamings(unit, makesRequire) ?? namingsOf(compiler, unit);
    namings.set(unit, known);
    return known;
  };
  const ask = (unit: SourceUnit): void => {
    const asked = of(unit).filter(hasSymbol);
    const places = asked.map((naming) => naming.specifierStart ?? naming.specifier?.getStart() ?? 0);
    // One letter into the literal, where it cannot be taken for what stands before it.
    const symbols =
      places.length === 0
        ? []
        : project.checker.getSymbolAtPosition(
            unit.path,
            places.map((place) => place + 1),
          );
    for (const [index, naming] of asked.entries()) modules.set(naming, symbols[index]);
  };
  const moduleAt = (unit: SourceUnit, naming: Naming): SymbolHandle | undefined => {
    if (!hasSymbol(naming)) return undefined;
    if (!modules.has(naming)) ask(unit);
    const symbol = modules.get(naming);
    return symbol !== undefined && moduleFile(compiler, symbol) !== undefined ? symbol : undefined;
  };
  return {
    namingsOf: of,
    isKnown: (unit, naming) => moduleAt(unit, naming) !== undefined,
    moduleAt,
  };
}

/** Roads and comments have no symbol, nor has a name that is computed in part. */
function hasSymbol({ kind, specifier, specifierStart }: Naming): boolean {
  if (kind === 'road' || kind === 'mock') return false;
  return specifierStart !== undefined || specifier !== undefined;
}
