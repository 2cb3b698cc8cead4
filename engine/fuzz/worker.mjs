// A thread that tries batches where the program runs its sources as they are: TypeScript, as the program itself does.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
