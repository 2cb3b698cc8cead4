/** The globs and selectors of a `boundary` rule as questions: whom it covers, and what it bans for a file. */
import { mayStandFor } from '../each.ts';
import type { FileFilter } from '../globs.ts';
import { bindingFilter, hasPlaceholder, type BindingFilter, type Bindings } from '../placeholders.ts';
import { packageFilter } from '../resolve/package-names.ts';
import type { BoundaryOptions } from './boundary.ts';

export interface Bans {
  readonly covers: FileFilter;
  /** Whether a file is one of those that must not be imported, for some importer. */
  readonly names: FileFilter;
  /** What placeholders stand for when `from` must not import a file; `undefined` when it may. */
  readonly file: (from: string, target: string) => Bindings | undefined;
  readonly package: (from: string, specifier: string) => Bindings | undefined;
  readonly types: boolean;
  readonly mocks: boolean;
}

/** What is taken out by a placeholder of the importing file is not taken out for all. */
function isForAll(glob: string): boolean {
  return !/^!(?!<)/.test(glob) || !hasPlaceholder([glob]);
}

/** Reads the options of a rule whose placeholders may have some values only. */
export function bansOf(options: BoundaryOptions, values: ReadonlyMap<string, readonly string[]>): Bans {
  const limited = (filter: BindingFilter): BindingFilter => {
    if (values.size === 0) return filter;
    return (name, bound) => {
      const found = filter(name, bound);
      return found !== undefined && mayStandFor(values, found) ? found : undefined;
    };
  };
  const files = limited(bindingFilter(options.files));
  const targets = limited(bindingFilter(options.mustNotImport ?? []));
  const named = limited(bindingFilter((options.mustNotImport ?? []).filter(isForAll)));
  const packages = limited(packageBindings(options.packages ?? []));
  const except = bindingFilter(options.except ?? []);
  // An exception with placeholders depends on what is imported; any other is about the file alone.
  const isLate = hasPlaceholder(options.except ?? []);
  const ask = (banned: BindingFilter, from: string, target: string): Bindings | undefined => {
    const own = files(from, {});
    const found = own === undefined ? undefined : banned(target, own);
    return found !== undefined && isLate && except(from, found) !== undefined ? undefined : found;
  };
  return {
    covers: (file) => files(file, {}) !== undefined && (isLate || except(file, {}) === undefined),
    names: (file) => named(file, {}) !== undefined,
    file: (from, target) => ask(targets, from, target),
    package: (from, specifier) => ask(packages, from, specifier),
    types: options.types !== 'allow',
    mocks: options.mocks === 'ban',
  };
}

function packageBindings(selectors: readonly string[]): BindingFilter {
  if (hasPlaceholder(selectors)) return bindingFilter(selectors);
  const isMeant = packageFilter(selectors);
  return (specifier, bound) => (isMeant(specifier) ? bound : undefined);
}
