/** A thread that tries batches and answers one range after another. */
import { answerRanges } from './worker-loop.ts';

await answerRanges();
