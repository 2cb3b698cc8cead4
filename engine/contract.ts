/**
 * The contract of a step: what a patch is allowed to change, as data next to it (`000N-….contract.json`), written from
 * the fact files and never from what the tool printed. A step without declared differences is pure: it must be
 * observationally equal to its predecessor.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { InputError } from '#base/input-error.ts';

/** Kinds of steps (ecosystem.md 3.2). */
export const STEP_CLASSES = ['add', 'convert', 'move', 'remove', 'fix', 'behaviour'] as const;

/** What two runs are compared by (design.md 8). */
export const DIMENSIONS = ['result', 'acked', 'in-flight', 'cost', 'log', 'sysfs'] as const;

/** How a dimension changes. `other` is the one relation of results, costs, logs and sysfs values. */
export const RELATIONS = ['stronger', 'weaker', 'incomparable', 'other'] as const;

/** Where a difference shows: every named property of the operation must be one of the values given. */
const conditionSchema = v.strictObject({
  /** Kinds of operations, as in docs/WORKLOADS.md. */
  operation: v.optional(v.array(v.string())),
  /** iovec, kvec, bvec, pipe. */
  vector: v.optional(v.array(v.string())),
  /** `one` or `several` segments. */
  segments: v.optional(v.array(v.picklist(['one', 'several']))),
  /** `small` is a segment below 8 bytes. */
  size: v.optional(v.array(v.picklist(['small', 'large']))),
  /** `words`: every piece begins and ends on an 8-byte boundary; `edges`: not. */
  alignment: v.optional(v.array(v.picklist(['words', 'edges']))),
  /** Whether the file's blocks were there (`mapped`) or are made by the operation (`new`). */
  blocks: v.optional(v.array(v.picklist(['mapped', 'new']))),
  /** What lies behind the disk: pmem, volatile, blk (block windows), ram, axonram, dcssblk; all members of a mapped device count. */
  device: v.optional(v.array(v.string())),
  domain: v.optional(v.array(v.picklist(['none', 'adr', 'eadr']))),
  /** `full`, or the symbols that are off: no-pmem-api, no-flushcache. */
  configuration: v.optional(v.array(v.string())),
  /** State of queue/write_cache: `default`, or switched to `write back` or `write through` by the administrator. */
  writeCache: v.optional(v.array(v.picklist(['default', 'write back', 'write through']))),
});

const differenceSchema = v.strictObject({
  id: v.pipe(
    v.string(),
    v.regex(/^D\d+-[a-z0-9-]+$/, "an id is D, the step, and words: 'D3-edges-per-segment'"),
  ),
  dimension: v.picklist(DIMENSIONS),
  relation: v.picklist(RELATIONS),
  when: conditionSchema,
  /** Why the series means it, with the section of the fact files. */
  reason: v.pipe(v.string(), v.minLength(10, 'a reason in words')),
});

const symbolSchema = v.pipe(
  v.string(),
  v.regex(/^[^#]+\.ts#\w+$/, 'a symbol is FILE.ts#name, relative to the tree'),
);

const contractSchema = v.strictObject({
  step: v.pipe(v.number(), v.integer(), v.minValue(1)),
  class: v.picklist(STEP_CLASSES),
  /** What the step is for, in a sentence or two. */
  summary: v.string(),
  kernel: v.strictObject({
    /** Mainline commits, with `[mem]` where the fact files are not sure. */
    commits: v.array(v.string()),
    /** How v3 differs from what was merged; empty when it does not. */
    v3: v.string(),
  }),
  api: v.strictObject({
    added: v.array(symbolSchema),
    removed: v.array(symbolSchema),
    moved: v.array(v.strictObject({ from: symbolSchema, to: symbolSchema })),
    changed: v.array(symbolSchema),
  }),
  /** Callers that call something else from here on. */
  callers: v.array(v.strictObject({ from: symbolSchema, to: symbolSchema, in: v.array(symbolSchema) })),
  /**
   * Helpers of the global pmem api, by name, that nobody calls from this step on; and those that this one step may call
   * more often than the step before.
   */
  noCallersFromHere: v.optional(v.array(v.string()), []),
  mayGainCallers: v.optional(v.array(v.string()), []),
  differences: v.array(differenceSchema),
  /** Rules of the linter that come into force. */
  rules: v.array(v.string()),
});

export type Condition = v.InferOutput<typeof conditionSchema>;
export type Difference = v.InferOutput<typeof differenceSchema>;
export type Contract = v.InferOutput<typeof contractSchema>;

/** Parses a contract. Throws `InputError` that names file, place and what is allowed. */
export function parseContract(text: string, fileName: string): Contract {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${fileName}: not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = v.safeParse(contractSchema, data);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const place = v.getDotPath(issue) ?? '(the whole file)';
  throw new InputError(`${fileName}: ${place}: ${issue.message}`);
}

/** Reads the contracts of `folder`, one a patch, in order. Throws `InputError` when one is missing or numbered wrongly. */
export function readContracts(folder: string): Contract[] {
  const patches = readdirSync(folder)
    .filter((name) => /^\d{4}-.*\.patch$/.test(name))
    .sort();
  return patches.map((patch, index) => {
    const fileName = patch.replace(/\.patch$/, '.contract.json');
    const path = join(folder, fileName);
    if (!existsSync(path)) throw new InputError(`${path} is missing: every patch has a contract next to it`);
    const contract = parseContract(readFileSync(path, 'utf8'), path);
    if (contract.step !== index + 1) {
      throw new InputError(`${path}: step: ${contract.step} in the contract of step ${index + 1}`);
    }
    for (const { id } of contract.differences) {
      if (id.startsWith(`D${contract.step}-`)) continue;
      throw new InputError(`${path}: differences: '${id}' does not begin with D${contract.step}-`);
    }
    return contract;
  });
}
