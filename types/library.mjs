// What `pmem-conform` is to a program: the machine as a library (library/index.ts).
import { prepare, urlOf } from '../bin/start.mjs';

await prepare();
export const { images, order, record, relation } = await import(urlOf('library/index.ts'));
