/** Rule kind `noUnresolved` for C: every include leads to a file. */
import * as v from 'valibot';
import type { Finding } from '../../finding.ts';
import { filterOf } from '../../globs.ts';
import { checkOptions, names } from '../../options.ts';
import { cFinding, cHeaderEntries, type COutcome, type CRule, type CRuleHeader } from '../rule.ts';
import { includesIn, type CTree } from '../tree.ts';

export interface CNoUnresolvedOptions extends CRuleHeader {
  /** Files that are looked at; all when left out. */
  readonly files?: readonly string[];
  /** Includes that lead elsewhere, as they are written without brackets: `stdio.h`, `sys/**`. */
  readonly ignore?: readonly string[];
  /** Headers that are made when the tree is built: `generated/**`. */
  readonly generated?: readonly string[];
}

/** What the options of a rule of this kind must be. */
export const cNoUnresolvedSchema = v.strictObject({
  ...cHeaderEntries,
  files: v.optional(names),
  ignore: v.optional(names),
  generated: v.optional(names),
});

/** Every include leads somewhere. Throws `InputError` for wrong options. */
export function cNoUnresolved(options: CNoUnresolvedOptions): CRule {
  checkOptions(cNoUnresolvedSchema, 'noUnresolved', options);
  return {
    ...options,
    kind: 'noUnresolved',
    language: 'c',
    symbols: [],
    followsRoads: false,
    check: (tree) => check(options, tree),
  };
}

async function check(options: CNoUnresolvedOptions, tree: CTree): Promise<COutcome> {
  const covers = filterOf(options.files ?? ['**']);
  const isElsewhere = filterOf([...(options.ignore ?? []), ...(options.generated ?? [])]);
  const files = tree.source.files.meant(covers);
  const findings: Finding[] = [];
  let matched = 0;
  for (const [file, includes] of await includesIn(tree, files)) {
    for (const include of includes) {
      matched += 1;
      const { target, spelling } = include;
      if (target === undefined)
        findings.push(
          cFinding(options, tree, {
            place: include,
            symbol: spelling,
            message: `includes what the macro ${spelling} says, which nobody can tell`,
            certainty: 'unprovable',
          }),
        );
      else if (
        !isElsewhere(target) &&
        tree.resolveAny(file, include) === undefined &&
        !isGeneric(tree, target)
      )
        findings.push(
          cFinding(options, tree, {
            place: include,
            symbol: target,
            message: `includes ${spelling}, which leads to no file for the include paths given`,
          }),
        );
    }
  }
  return { findings, matched, unmatched: [], covers };
}

/** An `asm/` header that the build takes from `asm-generic/`. */
function isGeneric(tree: CTree, target: string): boolean {
  return (
    target.startsWith('asm/') &&
    tree.resolve('', { target: target.replace(/^asm\//, 'asm-generic/'), isQuoted: false, isNext: false }) !==
      undefined
  );
}
