/**
 * Variants: real history as patches on top of the series, to prove that the suite has teeth. A variant enters at a step
 * and stays; it must be convicted where its facts say, and nowhere before (`variants/NAME/`).
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { InputError } from '#base/input-error.ts';

const variantSchema = v.strictObject({
  title: v.string(),
  /** First step whose tree has it. */
  entersAt: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Steps whose tree has it and at which nothing shows. */
  latentAt: v.array(v.number()),
  /** Step at which the suite must convict it; null for one that keeps what is promised. */
  convictedAt: v.nullable(v.number()),
  /** Upstream commit that put it right. */
  fixedBy: v.string(),
  /** The shortest workload that shows it. */
  workload: v.string(),
});

export interface Variant extends v.InferOutput<typeof variantSchema> {
  readonly name: string;
  /** Texts of its patches, in order. */
  readonly patches: readonly string[];
}

/** Names of the variants below `folder`. */
export function variantNames(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Reads a variant. Throws `InputError` when there is none of that name, or its data is not as it should be. */
export function readVariant(folder: string, name: string): Variant {
  const path = join(folder, name, 'variant.json');
  if (!existsSync(path))
    throw new InputError(`unknown variant '${name}'\n  allowed: ${variantNames(folder).join(', ')}`);
  const parsed = v.safeParse(variantSchema, JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new InputError(`${path}: ${v.getDotPath(issue) ?? ''}: ${issue.message}`);
  }
  const files = readdirSync(join(folder, name)).filter((file) => file.endsWith('.patch'));
  return {
    name,
    ...parsed.output,
    patches: files.sort().map((file) => readFileSync(join(folder, name, file), 'utf8')),
  };
}
