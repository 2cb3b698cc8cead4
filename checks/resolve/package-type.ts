/** Whether a package is one of CommonJS modules. */
import path from 'node:path';
import { readObject } from './json-file.ts';
import { packageFolder } from './package-folder.ts';

/** Whether the package a file lies in makes its files CommonJS modules. */
export function isCommonJsPackage(file: string): boolean {
  const folder = packageFolder(path.dirname(file));
  return folder === undefined || readObject(path.join(folder, 'package.json'))['type'] !== 'module';
}
