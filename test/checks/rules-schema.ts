/** What a rules file in JSON may say, as a JSON schema for editors, made from what rule functions check anyway. */
import { toJsonSchema } from '@valibot/to-json-schema';
import { cBoundarySchema } from '#checks/c/rules/boundary.ts';
import { exportReportSchema } from '#checks/c/rules/export-report.ts';
import { fallingCountsSchema } from '#checks/c/rules/falling-counts.ts';
import { cLayersSchema } from '#checks/c/rules/layers.ts';
import { cNoReferenceSchema } from '#checks/c/rules/no-reference.ts';
import { cNoUndeclaredSchema } from '#checks/c/rules/no-undeclared.ts';
import { cNoUnresolvedSchema } from '#checks/c/rules/no-unresolved.ts';
import { cOnlyIntoSchema } from '#checks/c/rules/only-into.ts';
import { cTombstonesSchema } from '#checks/c/rules/tombstones.ts';
import { apiReportSchema } from '#checks/rules/api-report.ts';
import { boundarySchema } from '#checks/rules/boundary.ts';
import { layersSchema } from '#checks/rules/layers.ts';
import { modulesSchema } from '#checks/rules/modules.ts';
import { noCopySchema } from '#checks/rules/no-copy.ts';
import { noCyclesSchema } from '#checks/rules/no-cycles.ts';
import { noOpaqueSchema } from '#checks/rules/no-opaque.ts';
import { noReferenceSchema } from '#checks/rules/no-reference.ts';
import { noUnresolvedSchema } from '#checks/rules/no-unresolved.ts';
import { onlyIntoSchema } from '#checks/rules/only-into.ts';
import { presenceTestedSchema } from '#checks/rules/presence-tested.ts';
import { tombstonesSchema } from '#checks/rules/tombstones.ts';

const SCHEMAS = {
  apiReport: apiReportSchema,
  boundary: boundarySchema,
  layers: layersSchema,
  publicApi: modulesSchema,
  siblings: modulesSchema,
  noCopy: noCopySchema,
  noCycles: noCyclesSchema,
  noOpaque: noOpaqueSchema,
  noReference: noReferenceSchema,
  noUnresolved: noUnresolvedSchema,
  onlyInto: onlyIntoSchema,
  presenceTested: presenceTestedSchema,
  tombstones: tombstonesSchema,
};

const C_SCHEMAS = {
  boundary: cBoundarySchema,
  exportReport: exportReportSchema,
  fallingCounts: fallingCountsSchema,
  layers: cLayersSchema,
  noReference: cNoReferenceSchema,
  noUndeclared: cNoUndeclaredSchema,
  noUnresolved: cNoUnresolvedSchema,
  onlyInto: cOnlyIntoSchema,
  tombstones: cTombstonesSchema,
};

/** One alternative for each kind of rule. */
function alternatives(schemas: Readonly<Record<string, Parameters<typeof toJsonSchema>[0]>>): object {
  const kinds = Object.entries(schemas).map(([kind, schema]) => {
    const { $schema: _, ...made } = toJsonSchema(schema, { errorMode: 'ignore' });
    return {
      ...made,
      properties: { kind: { const: kind }, ...made.properties },
      required: ['kind', ...(made.required ?? [])],
    };
  });
  return { items: { oneOf: kinds } };
}

/** The schema as a document. Checks that JSON cannot say (trimmed texts) are left to the program. */
export function rulesSchema(): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'boundary.config.json',
    description: 'Rules of conform lint: docs/LINT.md',
    type: 'object',
    additionalProperties: false,
    required: ['rules'],
    properties: {
      $schema: { type: 'string' },
      base: { type: 'string', description: 'folder that file names start from, relative to this file' },
      exceptions: {
        type: 'object',
        additionalProperties: false,
        required: ['max'],
        properties: { max: { type: 'integer', minimum: 0 } },
      },
      language: { enum: ['typescript', 'c'] },
      files: { type: 'array', minItems: 1, items: { type: 'string' } },
      includePaths: { type: 'array', items: { type: ['string', 'object'] } },
      rules: { type: 'array', minItems: 1 },
    },
    oneOf: [
      { properties: { language: { const: 'typescript' }, rules: alternatives(SCHEMAS) } },
      {
        required: ['language'],
        properties: { language: { const: 'c' }, rules: alternatives(C_SCHEMAS) },
      },
    ],
  };
}
