/** What a rules file in JSON may say, as a JSON schema for editors, made from what rule functions check anyway. */
import { toJsonSchema } from '@valibot/to-json-schema';
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

/** The schema as a document. Checks that JSON cannot say (trimmed texts) are left to the program. */
export function rulesSchema(): object {
  const kinds = Object.entries(SCHEMAS).map(([kind, schema]) => {
    const { $schema: _, ...made } = toJsonSchema(schema, { errorMode: 'ignore' });
    return {
      ...made,
      properties: { kind: { const: kind }, ...made.properties },
      required: ['kind', ...(made.required ?? [])],
    };
  });
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
      rules: { type: 'array', minItems: 1, items: { oneOf: kinds } },
    },
  };
}
