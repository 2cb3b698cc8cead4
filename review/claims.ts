/**
 * What a step claims, a sentence each, with what there is to show for it: that it keeps what was promised, differs in nothing
 * else, exports and calls what its contract says, and shows every difference that is declared.
 */
import { counted } from '#base/counted.ts';
import type { Failure } from '#engine/failure.ts';
import type { ObservedDifference } from '#engine/judge.ts';
import { callersOf } from './caller-counts.ts';
import {
  claimIdOf,
  conditionText,
  type DifferenceGroup,
  differenceGroups,
  scenariosIn,
} from './evidence-groups.ts';
import type { Claim, StepReview, Witness } from './model.ts';
import type { TreeSurface } from './surface.ts';

/** How an observed difference is seen again. */
export interface Reproduction {
  /** The workload as text. */
  readonly text: string;
  /** The command that runs it again, where there is one. */
  readonly replay?: string;
}

/** Gives the workload of a name and its command; nothing for a name that is not known. */
export type Reproduce = (workload: string) => Reproduction | undefined;

/** What claims are read from. */
export type Claimed = Pick<
  StepReview,
  'contract' | 'evidence' | 'dimensions' | 'api' | 'callers' | 'apiProblems'
>;

/** All claims of a step, the gravest first. `after`: what its tree exports and calls, where that can be read. */
export function claimsOf(review: Claimed, reproduce: Reproduce, after?: TreeSurface): Claim[] {
  return [
    ...promiseClaims(review),
    ...apiClaims(review),
    ...(after === undefined ? [] : callerClaims(review, after)),
    ...differenceGroups(review).flatMap((group) => (group.declaration ? [declared(group, reproduce)] : [])),
  ];
}

const ofKind = ({ evidence }: Claimed, ...kinds: Failure['kind'][]): Failure[] =>
  evidence.failures.filter(({ kind }) => kinds.includes(kind));

function promiseClaims(review: Claimed): Claim[] {
  const { evidence } = review;
  const broken = ofKind(review, 'broken promise').length;
  const others = ofKind(review, 'does not run', 'wrong result', 'undeclared difference').length;
  const { standing, untried, workloads, places } = evidence;
  const known =
    standing.length === 0 ? '' : `; ${counted(standing.length, 'scenario')} break one before and after`;
  const silent = untried.length === 0 ? '' : `; ${untried.length} say nothing`;
  return [
    {
      id: 'promise',
      text: 'Every promise that the tree before keeps is kept',
      isKept: broken === 0,
      seen: (broken === 0 ? counted(workloads, 'scenario') : `${broken} broken`) + known,
    },
    {
      id: 'nothing-else',
      text:
        review.contract.differences.length === 0
          ? 'Nothing differs from the step before'
          : 'Nothing differs from the step before but what is declared',
      isKept: others === 0,
      seen: (others === 0 ? `${counted(places, 'place')} compared` : counted(others, 'failure')) + silent,
    },
  ];
}

function apiClaims({ api, callers, apiProblems, contract }: Claimed): Claim[] {
  if (api === undefined || callers === undefined) return [];
  const { added, removed, moved, changed } = contract.api;
  const said = [
    ...(added.length > 0 ? [`adds ${added.join(', ')}`] : []),
    ...(removed.length > 0 ? [`removes ${removed.join(', ')}`] : []),
    ...moved.map(({ from, to }) => `moves ${from} to ${to}`),
    ...(changed.length > 0 ? [`changes ${changed.join(', ')}`] : []),
    ...contract.callers.map(({ from, to, in: within }) => `leads ${within.join(', ')} from ${from} to ${to}`),
  ];
  return [
    {
      id: 'exports',
      text:
        said.length === 0
          ? 'Exports and callers stay as they are'
          : `Of exports and callers, ${said.join('; ')}`,
      isKept: apiProblems.length === 0,
      seen: apiProblems.length === 0 ? 'as found' : counted(apiProblems.length, 'disagreement'),
      problems: apiProblems,
    },
  ];
}

function callerClaims({ contract }: Claimed, after: TreeSurface): Claim[] {
  return contract.noCallersFromHere.map((name) => {
    const callers = callersOf(after, name);
    return {
      id: `no-callers-${name}`,
      text: `${name} has no caller from here on`,
      isKept: callers.length === 0,
      seen: callers.length === 0 ? 'none found' : counted(callers.length, 'call'),
      problems: callers.map(({ caller, line }) => `${caller} calls it in line ${line}`),
    };
  });
}

function declared(group: DifferenceGroup, reproduce: Reproduce): Claim {
  const { declaration, dimension, relation, differences } = group;
  const may = relation === 'other' ? `${dimension} may differ` : `${dimension} may be ${relation}`;
  const id = declaration?.id ?? '';
  return {
    id: claimIdOf(group),
    text: may,
    declaration: { id, when: conditionText(declaration?.when ?? {}), because: declaration?.because ?? '' },
    isKept: differences.length > 0,
    seen:
      differences.length === 0
        ? 'nothing showed it'
        : `${counted(differences.length, 'difference')} in ${counted(scenariosIn(group), 'scenario')}`,
    ...(differences.length > 0 && { witness: witnessOf(differences, reproduce) }),
  };
}

/** The difference that is easiest to read: one whose two sides read differently, of the shortest workload. */
export function witnessOf(differences: readonly ObservedDifference[], reproduce: Reproduce): Witness {
  const weight = ({ before, after, workload }: ObservedDifference): number =>
    (before === after ? 1e6 : 0) + (reproduce(workload)?.text.length ?? 0);
  const [first, ...others] = differences;
  if (first === undefined) throw new RangeError('a witness is one of some differences');
  const best = others.reduce((least, one) => (weight(one) < weight(least) ? one : least), first);
  const { workload, index, at, before, after, dimension, relation } = best;
  return { workload, index, at, before, after, dimension, relation, ...reproduce(workload) };
}
