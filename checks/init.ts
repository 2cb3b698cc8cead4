/**
 * A first set of rules for a project nobody has written rules for: what its folders suggest, of that only what holds
 * today. Everything here looks at names of files and at imports; whether a rule holds is decided by running it.
 */
import type { ImportLine } from './graph/imports.ts';

/** A rule as plain data, as it stands in a rules file. */
export type RuleData = Readonly<Record<string, unknown>> & { readonly id: string; readonly kind: string };

/** What was looked at. */
export interface Survey {
  /** Files of the project, relative to the base. */
  readonly files: readonly string[];
  readonly imports: readonly ImportLine[];
  /** Folders of the packages of the repository, relative to the base. */
  readonly packages: readonly string[];
}

export interface Proposal {
  readonly rules: readonly RuleData[];
  /** What was found, one sentence each. */
  readonly seen: readonly string[];
}

/** Folders whose sub-folders are modules of one kind. */
const MODULE_FOLDERS = /(?:^|\/)(?:features|modules|domains|slices|widgets|entities)$/;
/** Names of folders from the inside out: what comes first should not know what comes later. */
const INSIDE_OUT =
  'types constants shared common util utils helpers core domain entities models model lib libs services application usecases use-cases repositories infrastructure infra database db persistence adapters api controllers routes server ui components views pages app web cli'.split(
    ' ',
  );
const TESTS = ['**/*.{test,spec}.*', '**/{test,tests,__tests__,__mocks__,e2e}/**'];
const PAIRS_MAX = 12;

/** Rules that the folders of a project suggest, whether they hold or not. */
export function proposeRules(survey: Survey): Proposal {
  const parts = [
    packageRules(survey),
    moduleRules(survey),
    folderRules(survey),
    testRule(survey),
    circleRule(),
  ];
  return { rules: parts.flatMap(({ rules }) => rules), seen: parts.flatMap(({ seen }) => seen) };
}

function rule(
  kind: string,
  id: string,
  [title, because, instead]: readonly [string, string, string],
  options: Readonly<Record<string, unknown>>,
): RuleData {
  return { kind, id, title, because, instead, ...options };
}

/** Applications are not imported: neither by libraries nor by each other. */
function packageRules({ packages }: Survey): Proposal {
  const apps = packages.filter((folder) => /^(?:apps|applications)\//.test(folder));
  if (packages.length === 0) return { rules: [], seen: [] };
  const seen = [`${packages.length} packages of a workspace, ${apps.length} of them applications`];
  const others = [...new Set(packages.map((folder) => folder.split('/')[0] ?? ''))].filter(
    (top) => !/^(?:apps|applications)$/.test(top),
  );
  if (apps.length === 0 || others.length === 0) return { rules: [], seen };
  const reason = [
    'Libraries do not import applications',
    'They are used by several.',
    'Move what is shared into a library.',
  ] as const;
  const options = { files: others.map((top) => `${top}/**`), mustNotImport: ['{apps,applications}/**'] };
  return { rules: [rule('boundary', 'INIT-APPS', reason, options)], seen };
}

/** Folders such as `features`: nobody reaches past an index, and modules do not know each other. */
function moduleRules({ files }: Survey): Proposal {
  const holders = new Map<string, Set<string>>();
  for (const file of files.filter((name) => !isTest(name))) {
    const parts = file.split('/');
    for (let depth = 1; depth < parts.length - 1; depth += 1) {
      const holder = parts.slice(0, depth).join('/');
      if (!MODULE_FOLDERS.test(holder) || MODULE_FOLDERS.test(parts.slice(0, depth - 1).join('/'))) continue;
      const known = holders.get(holder) ?? new Set();
      holders.set(holder, known.add(parts[depth] ?? ''));
    }
  }
  const found = [...holders].filter(([, names]) => names.size > 1).sort();
  return {
    seen: found.map(([holder, names]) => `${names.size} modules in ${holder}`),
    rules: found.flatMap(([holder], index) => {
      const modules = `${holder}/<module>`;
      return [
        rule(
          'publicApi',
          `INIT-API-${index + 1}`,
          [
            `Nobody reaches past the index of a module of ${holder}`,
            'What is behind it may change.',
            'Import the index.',
          ],
          { modules },
        ),
        rule(
          'siblings',
          `INIT-SIBLINGS-${index + 1}`,
          [
            `Modules of ${holder} do not import each other`,
            'Each can be changed alone.',
            'Move what is shared out of them.',
          ],
          { modules },
        ),
      ];
    }),
  };
}

/** Of two folders side by side the inner one does not import the outer one: by their names, else by who imports whom. */
function folderRules({ files, imports }: Survey): Proposal {
  const counts = new Map<string, number>();
  for (const { from, to, isPackage } of imports) {
    const pair = isPackage || isTest(from) ? undefined : apart(from, to);
    if (pair !== undefined) counts.set(pair.join('\u0000'), (counts.get(pair.join('\u0000')) ?? 0) + 1);
  }
  const pairs = [...counts].flatMap(([key, count]) => {
    const [outer = '', inner = ''] = key.split('\u0000');
    const isMutual = counts.has(`${inner}\u0000${outer}`);
    return isMutual ? [] : [{ outer, inner, count, isNamed: rank(inner) < rank(outer) }];
  });
  const best = pairs
    .filter(({ isNamed, count }) => isNamed || count > 9)
    .sort(
      (a, b) => Number(b.isNamed) - Number(a.isNamed) || b.count - a.count || (a.inner < b.inner ? -1 : 1),
    )
    .slice(0, PAIRS_MAX);
  const folders = new Set(files.map((file) => file.split('/').slice(0, -1).join('/')));
  return {
    seen: [`${folders.size} folders, and ${pairs.length} pairs of which only one imports the other`],
    rules: best.map(({ outer, inner, count }, index) =>
      rule(
        'boundary',
        `INIT-FOLDER-${index + 1}`,
        [
          `${inner} does not import ${outer}`,
          `It is imported by it (${count} times); the other way round would close a circle.`,
          'Pass in what is needed, or move it.',
        ],
        { files: [`${inner}/**`, ...TESTS.map((glob) => `!${glob}`)], mustNotImport: [`${outer}/**`] },
      ),
    ),
  };
}

function rank(folder: string): number {
  const at = INSIDE_OUT.indexOf(folder.split('/').at(-1) ?? '');
  return at < 0 ? Number.NaN : at;
}

/** The two folders in which the ways to two files part. */
function apart(from: string, to: string): readonly [string, string] | undefined {
  const [left, right] = [from.split('/'), to.split('/')];
  let depth = 0;
  while (left[depth] === right[depth] && depth < left.length - 1) depth += 1;
  if (depth >= left.length - 1 || depth >= right.length - 1 || depth > 3) return undefined;
  return [left.slice(0, depth + 1).join('/'), right.slice(0, depth + 1).join('/')];
}

function isTest(file: string): boolean {
  return /\.(?:test|spec)\.|(?:^|\/)(?:test|tests|__tests__|__mocks__|e2e)\//.test(file);
}

function testRule({ files }: Survey): Proposal {
  const tests = files.filter(isTest).length;
  if (tests === 0 || tests === files.length) return { rules: [], seen: [] };
  const reason = [
    'What ships does not import tests',
    'Tests are not shipped.',
    'Move what is shared out of the tests.',
  ] as const;
  const options = { files: ['**', ...TESTS.map((glob) => `!${glob}`)], mustNotImport: TESTS };
  return { rules: [rule('boundary', 'INIT-TESTS', reason, options)], seen: [`${tests} files of tests`] };
}

function circleRule(): Proposal {
  const reason = [
    'No circles of imports',
    'What lies on one cannot be understood or loaded alone.',
    'Move what both need into a third file.',
  ] as const;
  return { rules: [rule('noCycles', 'INIT-CIRCLES', reason, {})], seen: [] };
}
