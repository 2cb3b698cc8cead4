/** Rule kind `noReference` for C: no road leads to these names. */
import * as v from 'valibot';
import { filterOf } from '../../globs.ts';
import { checkOptions, names } from '../../options.ts';
import { USE_KINDS, type UseKind } from '../reading.ts';
import { LOOKS_UP } from '../texts.ts';
import { cutOff, reached, roadText, type Reached } from '../reach.ts';
import { cFinding, cHeaderEntries, type COutcome, type CRule, type CRuleHeader } from '../rule.ts';
import { readSlots, type SlotRead } from '../slot-reads.ts';
import type { Finding } from '../../finding.ts';
import type { CTree } from '../tree.ts';
import { symbolOf, type CSymbol } from '../uses.ts';

export interface CNoReferenceOptions extends CRuleHeader {
  /** Names, globs of names, `file.c#name` for a static, `struct T` for a type. */
  readonly symbols: readonly string[];
  /** Files the rule is about; all when left out. */
  readonly files?: readonly string[];
  /** Files that may name the symbols. What they make of them (macros, wrappers) others may use. */
  readonly except?: readonly string[];
  /** Kinds of use that are banned; all when left out. */
  readonly uses?: readonly UseKind[];
  /** Whether calls and reads of a field that holds one of them count, by field and type of struct. */
  readonly followSlots?: boolean;
  /** Whether any string equal to a name that is given to a call is `unprovable`, not only to one that looks names up. */
  readonly strictStrings?: boolean;
}

/** What the options of a rule of this kind must be. */
export const cNoReferenceSchema = v.strictObject({
  ...cHeaderEntries,
  symbols: names,
  files: v.optional(names),
  except: v.optional(v.array(v.string())),
  uses: v.optional(v.pipe(v.array(v.picklist(USE_KINDS)), v.nonEmpty('must name at least one kind of use'))),
  followSlots: v.optional(v.boolean()),
  strictStrings: v.optional(v.boolean()),
});

/** No reference to the symbols. Throws `InputError` for wrong options. */
export function cNoReference(options: CNoReferenceOptions): CRule {
  checkOptions(cNoReferenceSchema, 'noReference', options);
  const symbols = options.symbols.map(symbolOf);
  return {
    ...options,
    kind: 'noReference',
    language: 'c',
    symbols,
    followsRoads: true,
    check: (tree) => check(options, symbols, tree),
  };
}

async function check(
  options: CNoReferenceOptions,
  symbols: readonly CSymbol[],
  tree: CTree,
): Promise<COutcome> {
  const files = filterOf(options.files ?? ['**']);
  const excepted = filterOf(options.except ?? []);
  const covers = (file: string): boolean => files(file) && !excepted(file);
  const banned = new Set<string>(options.uses ?? USE_KINDS);
  const found = reached(tree, symbols, { teaches: (file) => !excepted(file) });
  const isCalledByText = ({ use }: Reached): boolean =>
    use.kind !== 'text' || options.strictStrings === true || LOOKS_UP.test(use.of ?? '');
  const findings = found
    .filter((one) => covers(one.use.file) && banned.has(one.use.kind) && isCalledByText(one))
    .map((one) =>
      cFinding(options, tree, {
        place: one.use,
        symbol: one.name,
        message: messageOf(one),
        via: [...(one.use.pastedBy === undefined ? [] : [one.use.pastedBy]), ...roadText(one.road)],
        certainty: one.use.kind === 'text' ? 'unprovable' : 'violation',
        notes:
          one.use.isNotParsed === true
            ? ['the grammar cannot read this place; the kind of use is what the words beside it say']
            : [],
      }),
    );
  const cut = cutOff(tree).filter(
    ({ file, of }) => covers(file) && found.some(({ use }) => use.name === of && use.file === file),
  );
  const matched = found.filter(({ road }) => road.length === 0).length;
  const bySlot =
    options.followSlots === true
      ? (await readSlots(tree, found)).filter(
          ({ place }) => covers(place.file) && banned.has(place.fieldUse ?? ''),
        )
      : [];
  return {
    findings: [
      ...findings,
      ...cut.map((link) => cutFinding(options, tree, link)),
      ...bySlot.map((one) => slotFinding(options, tree, one)),
    ],
    matched,
    unmatched: matched > 0 ? [] : symbols.map((symbol) => notFound(tree, symbol)),
    covers,
  };
}

/** A symbol that nothing names; where it is static somewhere, how that is written. */
function notFound({ uses: { uses } }: CTree, { written, name, file }: CSymbol): string {
  const own = uses.find((use) => use.isStaticHere && use.name === name && use.kind === 'definition');
  return file !== undefined || own === undefined
    ? written
    : `${written} (static in ${own.file}: write ${own.file}#${name})`;
}

function cutFinding(
  rule: CRuleHeader,
  tree: CTree,
  link: ReturnType<typeof cutOff>[number],
): COutcome['findings'][number] {
  const place = { file: link.file, line: link.line, column: 1, length: 1, source: '', condition: [] };
  return cFinding(rule, tree, {
    place,
    symbol: link.of,
    message: `${link.name} stands for it too, and the road is too long to follow`,
    certainty: 'unprovable',
  });
}

function slotFinding(rule: CRuleHeader, tree: CTree, { place, slot, isCertain, store }: SlotRead): Finding {
  const verb = VERBS[place.fieldUse ?? 'value'];
  return cFinding(rule, tree, {
    place,
    symbol: store.name,
    message: isCertain
      ? `${verb} ${store.name} through ${slot}`
      : `may ${place.fieldUse === 'call' ? 'call' : 'use'} ${store.name} through ${slot}: nobody can tell of what type the field is`,
    via: [`${slot} (${store.use.file}:${store.use.line})`, ...roadText(store.road)],
    certainty: isCertain ? 'violation' : 'unprovable',
  });
}

const VERBS: Readonly<Record<UseKind, string>> = {
  call: 'calls',
  value: 'uses',
  slot: 'stores in a field',
  argument: 'passes on',
  type: 'names in a type',
  stored: 'stores',
  'macro-body': 'names in a macro',
  'macro-definition': 'defines as a macro',
  'macro-undef': 'takes back the macro',
  paste: 'makes by ##',
  alias: 'makes another name for',
  assembly: 'names in assembly',
  condition: 'asks in a condition for',
  include: 'includes by the name',
  definition: 'defines',
  declaration: 'declares',
  export: 'exports',
  named: 'names',
  text: 'gives to something that may look it up the name',
};

/** What a use does, in words: `calls memcpy_to_pmem through wrap`. */
export function messageOf({ use, name, road }: Reached): string {
  const [first] = road;
  const through = first === undefined ? '' : ` through ${first.name}`;
  return `${VERBS[use.kind as UseKind]} ${name}${through}${destination(use)}`;
}

function destination({ kind, of, into, slot, in: around, use }: Reached['use']): string {
  if (kind === 'argument') return of === undefined ? '' : `, to ${of}`;
  if (kind === 'stored') return `, in ${into ?? 'a variable'}`;
  if (kind === 'slot') {
    const field = slot?.steps.findLast((step) => 'field' in step);
    const name = field !== undefined && 'field' in field ? `.${field.field}` : '';
    return `, ${slot?.type ?? into ?? ''}${name}`;
  }
  if (kind === 'macro-body') return ` ${around ?? ''}`.trimEnd();
  if (kind === 'paste') return of === undefined ? '' : `, by ${of}`;
  if (kind === 'text') return of === undefined ? '' : ` (${of})`;
  if (kind === 'value' && use !== undefined)
    return use === 'argument' ? `, given to ${of ?? 'a call'}` : ` (${use})`;
  return '';
}
