/** Schemas that outputs are held to: our own for JSON, the published one for SARIF 2.1.0. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import AjvDraft04 from 'ajv-draft-04';
import { rootFolder } from './project.ts';

const read = (path: string): object => JSON.parse(readFileSync(join(rootFolder, path), 'utf8')) as object;

const isResult = new Ajv2020({ strictTypes: false, strictRequired: false, allErrors: true }).compile(
  read('docs/result.schema.json'),
);

// The schema of SARIF names formats (uri, date-time) that need another package; shape is what is asked here.
const isSarif = new AjvDraft04.default({
  strict: false,
  validateFormats: false,
  unicodeRegExp: false,
}).compile(read('test/checks/fixtures/sarif-2.1.0-rtm.5.json'));

/** What our schema of results says against a text; nothing when it is as it must be. */
export function resultProblems(text: string): unknown[] {
  return isResult(JSON.parse(text)) ? [] : [...(isResult.errors ?? [])];
}

/** The same by the schema of SARIF. */
export function sarifProblems(text: string): unknown[] {
  return isSarif(JSON.parse(text)) ? [] : [...(isSarif.errors ?? [])];
}
