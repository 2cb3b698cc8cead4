/** Random litmus programs in the notation of the files, from a seed: the same seed gives the same programs. */

/** A small generator of pseudo-random numbers (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to `bound - 1`. */
  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new RangeError('nothing to pick from');
    return choice;
  }
}

export interface RandomProgramShape {
  readonly threads: number;
  readonly instructionsPerThread: number;
  readonly nonTemporal: boolean;
  readonly poison: boolean;
  /** Loads, locked operations, conditions and flush hints, beside stores, flushes and fences. */
  readonly loads: boolean;
}

const WORDS = ['x', 'y', 'z'] as const;
const LAYOUTS = ['', '', '[x/y share a line]', '[x/y/z share a line]'] as const;

/** The text of one program. */
export function randomProgram(random: Random, shape: RandomProgramShape): string {
  const threads = Array.from({ length: 1 + random.below(shape.threads) }, () => randomThread(random, shape));
  const poison = shape.poison ? `[${random.pick(['x', 'x/y', 'x/y/z'])} poisoned]` : '';
  const layout = shape.poison ? random.pick(['', '[x/y/z poisoned]']) : random.pick(LAYOUTS);
  if (!shape.poison) return `${threads.join(' ‖ ')} ${layout}`;
  return `${threads.join(' ‖ ')} ${layout === '' ? poison : `${layout} [x/y share a line]`}`;
}

function randomThread(random: Random, shape: RandomProgramShape): string {
  const length = 1 + random.below(shape.instructionsPerThread);
  const registers: string[] = [];
  const instructions: string[] = [];
  for (let index = 0; index < length; index++) {
    const inBranch = registers.length > 0 && random.below(6) === 0;
    const instruction = randomInstruction(random, shape, registers, inBranch);
    instructions.push(
      inBranch ? `if(${random.pick(registers)}=${random.below(2)}){${instruction}}` : instruction,
    );
  }
  return instructions.join('; ');
}

function randomInstruction(
  random: Random,
  shape: RandomProgramShape,
  registers: string[],
  inBranch: boolean,
): string {
  const word = random.pick(WORDS);
  const value = 1 + random.below(2);
  const choices = [
    `${word}=${value}`,
    `${word}=${value}`,
    `FL ${word}`,
    `FO ${word}`,
    `FO ${word}`,
    'SF',
    'MF',
  ];
  if (shape.nonTemporal) choices.push(`NT ${word}=${value}`, `NT ${word}=${value}`);
  if (shape.poison) choices.push(`CLEAR ${word}`);
  if (!shape.loads) return random.pick([...choices, 'ack=1']);
  choices.push('HINT', 'load', `XADD(${word})`, 'cas', 'ack=1');
  if (registers.length > 0 && !shape.poison) choices.push(`${word}=${random.pick(registers)}`);
  const choice = random.pick(choices);
  if (choice !== 'load' && choice !== 'cas') return choice;
  const register = `r${registers.length}`;
  if (!inBranch) registers.push(register);
  const operation = choice === 'load' ? word : `CAS(${word},${random.below(2)}->${value})`;
  return `${register}:=${operation}`;
}
