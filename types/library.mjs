// What `pmem-conform` is to a program: the machine as a library (library/index.ts).
import { load } from '../bin/start.mjs';

export const { images, order, record, relation } = await load('library/index.ts');
