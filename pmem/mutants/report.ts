/** What came of the mutants, as text. */
import type { KnownMutants } from './known.ts';
import type { Mutant } from './mutants.ts';
import { HARMFUL_WANTED, KILLS, type MutantVerdict, type Scores, TOTAL_WANTED } from './verdict.ts';

const percent = (part: number, whole: number): string =>
  `${whole === 0 ? 100 : Math.floor((1000 * part) / whole) / 10} %`;

export function mutantsText(
  mutants: readonly Mutant[],
  verdicts: readonly MutantVerdict[],
  { equivalent, open }: KnownMutants,
  scores: Scores,
): string {
  const byId = new Map(mutants.map((mutant) => [mutant.id, mutant]));
  const survivors = verdicts.filter(({ killedBy }) => killedBy === null);
  const lines = survivors.flatMap(({ id }) => {
    const { line = 0, does = '' } = byId.get(id) ?? {};
    const reason = equivalent[id];
    if (reason !== undefined) return [];
    return [
      `survived: ${id} (line ${line}): ${does}`,
      ...(open[id] === undefined ? [] : [`    ${open[id]}`]),
    ];
  });
  const weaker = verdicts.filter(({ killedBy, isWeaker }) => killedBy === 'images' && isWeaker);
  const { total, byKill, harmful, harmfulByPromiseOrResult, killable, killed } = scores;
  return [
    ...lines,
    ...weaker.map(
      ({ id, by }) => `only by images, of which there are more: ${id} (line ${byId.get(id)?.line}): ${by}`,
    ),
    '',
    `${total} mutants: ${KILLS.map((kill) => `${byKill[kill]} killed by ${kill}`).join(', ')}, ${scores.survived} survived, ${scores.equivalent} equivalent`,
    `of those that can lose or corrupt data, by promise or result: ${harmfulByPromiseOrResult} of ${harmful}, ${percent(harmfulByPromiseOrResult, harmful)} (wanted: ${HARMFUL_WANTED} %)`,
    `of all that are not equivalent, by anything: ${killed} of ${killable}, ${percent(killed, killable)} (wanted: ${TOTAL_WANTED} %)`,
    '',
  ].join('\n');
}
