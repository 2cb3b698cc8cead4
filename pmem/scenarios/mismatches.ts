/** Holds runs to what a scenario says of them: of the tree that ran, and of the two trees that were compared. */
import { describeResult } from '#kernel/subsystem/subsystem.ts';
import { costOf, costText } from '../run/cost.ts';
import { describeData } from '../run/data-runs.ts';
import { eventsOf, sameEvents } from '../run/events.ts';
import { lostAtEnd } from '../compare/losses.ts';
import type { WorkloadReport } from '../compare/compare-workload.ts';
import type { Outcome, Run } from '../run/run.ts';
import { resultText, type Ways } from '../promise/promise.ts';
import type { Expectation, ExpectedThing, Scenario } from './scenario.ts';

/**
 * Where `run` of `scenario` on the tree called `tree` is not as the scenario says, in sentences. What it says of other
 * trees does not count.
 */
export function mismatchesOf(scenario: Scenario, tree: string, run: Run, ways?: Ways): string[] {
  return expectationsOf(scenario, tree).flatMap((expectation) => {
    const outcome = run.outcomes.find(({ index }) => index === expectation.operation);
    const found = foundAt(run, outcome, expectation, ways);
    if (agrees(expectation, found)) return [];
    const place = outcome === undefined ? '' : ` of operation ${outcome.index + 1} '${outcome.text}'`;
    return differs(`${tree}: ${THINGS[expectation.about]}${place}`, expectation.value, found);
  });
}

/** Where the comparison of two trees is not as `scenario` says of this pair; nothing where it says nothing of it. */
export function relationMismatches(
  scenario: Scenario,
  before: string,
  after: string,
  { comparison, synced }: Pick<WorkloadReport, 'comparison' | 'synced'>,
): string[] {
  const pair = `images ${before} -> ${after}`;
  return scenario.relations
    .filter((relation) => relation.before === before && relation.after === after)
    .flatMap((expected) => [
      ...differs(`${pair}: relation at acknowledgements`, expected.acked, comparison.acked),
      ...differs(`${pair}: relation where a promise is made`, expected.synced, synced),
    ]);
}

const THINGS: Readonly<Record<ExpectedThing, string>> = {
  result: 'result',
  does: 'instructions',
  reads: 'data',
  lost: 'bytes that may be lost',
  cost: 'movnti/write-backs/sfence',
  log: 'log',
};

/** What is said of `tree`: its own expectations, and the common ones that it has none of its own for. */
function expectationsOf({ expected }: Scenario, tree: string): Expectation[] {
  const own = expected.filter((expectation) => expectation.tree === tree);
  const hasOwn = ({ about, operation }: Expectation): boolean =>
    own.some((expectation) => expectation.about === about && expectation.operation === operation);
  return [...expected.filter((common) => common.tree === undefined && !hasOwn(common)), ...own];
}

/** What came of an operation, whichever way it went where it goes several. */
function foundAt(
  run: Run,
  outcome: Outcome | undefined,
  { about, operation }: Expectation,
  ways: Ways | undefined,
): string {
  const results = operation === undefined ? undefined : ways?.results.get(operation);
  if (about === 'result' && ways !== undefined && results !== undefined) return resultText(ways, results);
  return foundIn(run, outcome, about);
}

function foundIn(run: Run, outcome: Outcome | undefined, about: ExpectedThing): string {
  switch (about) {
    case 'lost':
      return lostAtEnd(run);
    case 'cost':
      return costText(costOf(run.counts));
    case 'log':
      return run.log.join('\n');
    case 'result':
      return outcome === undefined ? '' : describeResult(outcome.result);
    case 'does':
      return outcome === undefined ? '' : eventsOf(run, outcome).join(' ');
    case 'reads':
      return describeData(outcome?.result.data ?? new Uint8Array(0));
  }
}

function agrees({ about, value }: Expectation, found: string): boolean {
  return value === found || (about === 'does' && sameEvents(value.split(' '), found.split(' ')));
}

function differs(what: string, expected: string | undefined, found: string): string[] {
  return expected === undefined || expected === found
    ? []
    : [`${what}: expected ${expected || 'nothing'}, found ${found || 'nothing'}`];
}
