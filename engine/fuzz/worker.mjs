// A thread that tries batches, in a clone: it runs TypeScript as the program itself does.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
