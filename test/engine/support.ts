/**
 * A subject small enough to see through: a workload is lines `NAME VALUE`, a tree is a table from names to functions, and what
 * comes of a line is the function's number. `promise NAME` breaks when the number is odd.
 */
import type { Compared, Facts, Subject, Tree, Workload } from '#engine/subject.ts';

type Table = Readonly<Record<string, (value: number) => number>>;
type Try = readonly { readonly line: string; readonly name: string; readonly result: number }[];

export interface Toy extends Subject<Try> {
  /** What has been tried, in order: `TREE: WORKLOAD`. */
  readonly runs: string[];
  readonly tree: (name: string, table: Table, hash?: string) => Tree;
}

export function toy(workloads: readonly Workload[], hash = 'toy'): Toy {
  const tables = new Map<string, Table>();
  const runs: string[] = [];
  return {
    runs,
    tree(name, table, treeHash = name) {
      tables.set(treeHash, table);
      return { name, folder: `/${name}`, hash: treeHash };
    },
    name: 'toy',
    hash,
    dimensions: [
      { name: 'result', meaning: 'the number', isResult: true },
      { name: 'cost', meaning: 'how large it is', isResult: false },
    ],
    vocabulary: { operation: ['add', 'mul', 'promise'] },
    workloads,
    async open({ name, hash: treeHash }) {
      const table = tables.get(treeHash);
      if (table === undefined) throw new Error(`${name} is no tree`);
      return (text) => {
        runs.push(`${name}: ${text}`);
        return text.split('\n').map((line) => {
          const [operation = '', value] = line.split(' ');
          const result = table[operation]?.(Number(value));
          if (result === undefined) throw new Error(`no ${operation}`);
          return { line, name: operation, result };
        });
      };
    },
    facts,
    compare,
    *simpler(text) {
      const lines = text.split('\n');
      for (let index = lines.length - 1; lines.length > 1 && index >= 0; index--)
        yield lines.toSpliced(index, 1).join('\n');
    },
    show: (before, after) => ({
      witness: ['look here'],
      traces: before.map(({ line, result }, index) => ({
        at: line,
        before: [String(result)],
        after: [String(after[index]?.result)],
      })),
    }),
    replay: (before, after, text) => `try ${before} ${after} '${text}'`,
  };
}

function facts(tried: Try): Facts {
  return {
    digest: tried.map(({ result }) => result).join(),
    broken: tried.flatMap(({ name, line, result }, index) =>
      name === 'promise' && result % 2 !== 0
        ? [{ key: `${index} ${line}`, index, cause: name, text: `'${line}' is odd` }]
        : [],
    ),
    cost: { sum: tried.reduce((sum, { result }) => sum + result, 0) },
    places: tried.length,
  };
}

function compare(before: Try, after: Try): Compared {
  const differences = after.flatMap(({ line, name, result }, index) => {
    const was = before[index]?.result ?? 0;
    if (was === result) return [];
    return [
      {
        dimension: name === 'mul' ? 'cost' : 'result',
        relation: 'other' as const,
        index,
        at: line,
        cause: name,
        blamed: [{ operation: [name] }],
        isPromised: false,
        before: String(was),
        after: String(result),
      },
    ];
  });
  return { differences, relations: { all: differences.length === 0 ? 'equal' : 'other' } };
}

/** Functions that every tree has unless it says otherwise. */
export const PLAIN: Table = { add: (value) => value + 1, mul: (value) => value * 2, promise: () => 0 };
