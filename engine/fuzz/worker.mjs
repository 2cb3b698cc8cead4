// A thread that tries batches: it runs TypeScript as the program itself does, and answers one range after another.
import { register } from 'tsx/esm/api';

register();
const { answerRanges } = await import('./worker-loop.ts');
await answerRanges();
