/** `conform litmus --format html`: the answers, and each program instruction by instruction on one or two machines. */
import type { Timeline } from '#base/timeline.ts';
import { assembleTimeline } from '#engine/timeline/assemble.ts';
import type { LitmusMachine } from '#machine/litmus/machine-switches.ts';
import { nameOfMachine } from '#machine/litmus/machine-switches.ts';
import { type OneOrder, runInOneOrder, settingOf } from '#machine/litmus/one-order.ts';
import type { LitmusTest } from '#machine/litmus/program.ts';
import { describeAnswer, type TestResult } from '#machine/litmus/verdicts.ts';
import { sourceOf } from '#machine/images/crash-images.ts';
import { runSide } from '#machine/timeline/side.ts';
import { type PageSection, timelinePage } from '#review/timeline/page.ts';

/** Programs that are shown with a timeline; the text has the answers of all. */
const TIMELINES_MAX = 60;

/** The page of all results. */
export function litmusPage(results: readonly TestResult[], text: string): string {
  const hidden = results.length - TIMELINES_MAX;
  const sections = results.slice(0, TIMELINES_MAX).map(sectionOf);
  const lead =
    hidden > 0 ? [`${hidden} more programs are in the text below without a picture: name fewer files.`] : [];
  return timelinePage('Litmus programs', [...sections, { title: 'All answers', lead, text }]);
}

function sectionOf({ test, answers, unfinished }: TestResult): PageSection {
  const machines = [...answers.map(({ machine }) => machine), ...unfinished.map(({ machine }) => machine)];
  const asked = test.question === undefined ? [] : [`${test.question.kind}: ${test.question.text}`];
  const told = answers.map(({ machine, verdict, imageCount }) =>
    describeAnswer(machine, verdict, imageCount),
  );
  const given = timelineOfTest(test, machines);
  return {
    title: test.name,
    lead: [
      test.programText,
      ...asked,
      `over every order: ${told.join(', ') || 'not decided'} (A allowed, F forbidden, number of images)`,
      ...(typeof given === 'string' ? [`No picture: ${given}.`] : []),
    ],
    ...(typeof given !== 'string' && { timeline: given }),
  };
}

/** The timeline of a program on the first two machines that differ in how records are read; a reason where there is none. */
export function timelineOfTest(test: LitmusTest, machines: readonly LitmusMachine[]): Timeline | string {
  const settings = machines.map((machine) => ({ name: nameOfMachine(machine), setting: settingOf(machine) }));
  const sides: Parameters<typeof assembleTimeline>[1][number][] = [];
  let reason = 'there is no machine';
  for (const { name, setting } of settings) {
    const run = typeof setting === 'string' ? setting : runInOneOrder(test.program, setting.domain);
    if (typeof run === 'string' || typeof setting === 'string') reason = String(run);
    else sides.push(sideOf(name, run, setting));
    if (sides.length === 2) break;
  }
  if (sides.length === 0) return reason;
  const isOneCpu = test.program.threads.length < 2;
  return assembleTimeline(
    {
      title: test.programText,
      operations: [{ text: isOneCpu ? 'the program' : 'the CPUs one after another', isPromise: false }],
      frames: [],
      notes: [
        ...(isOneCpu ? [] : [ONE_ORDER]),
        ...(test.programText.includes(':=') ? ['Loads are not shown.'] : []),
      ],
    },
    sides,
  );
}

const ONE_ORDER =
  'One order of many: CPU 0 to its end, then the next. What any order may leave is what the numbers of images above count.';

function sideOf(
  name: string,
  { machine, threads, nameAt }: OneOrder,
  setting: Exclude<ReturnType<typeof settingOf>, string>,
): Parameters<typeof assembleTimeline>[1][number] {
  const placeOf = (address: number): { place: string; offset: number; name?: string } => {
    const word = nameAt(address);
    return { place: 'memory', offset: address, ...(word !== undefined && { name: word }) };
  };
  const hasThreads = threads.some((thread) => thread > 0);
  const { instructions, instants } = runSide({ ...sourceOf(machine), threads }, setting, {
    placeOf,
    stackOf: () => [],
    hintOf: () => '',
    hasPlaces: false,
    hasThreads,
  });
  return {
    name,
    instructions,
    operations: instructions.map(() => 0),
    instants,
    broken: [],
    results: [],
    placeOf,
  };
}
