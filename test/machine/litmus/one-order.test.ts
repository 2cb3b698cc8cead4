/** One order of a program of one CPU leaves what the explorer finds over all instants; of several CPUs, only what it finds. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { crashHistory, sourceOf } from '#machine/images/crash-images.ts';
import { parseLitmusFile } from '#machine/litmus/file-parser.ts';
import { nameOfMachine } from '#machine/litmus/machine-switches.ts';
import { runInOneOrder, settingOf } from '#machine/litmus/one-order.ts';
import { runTest } from '#machine/litmus/verdicts.ts';
import { rootFolder } from '../../support/project.ts';
import { share } from '../../support/thorough.ts';

const files = readdirSync(`${rootFolder}/litmus`).map((name) => `${rootFolder}/litmus/${name}`);
const tests = files.flatMap((file) => parseLitmusFile(readFileSync(file, 'utf8'), file));

describe('a litmus program in one order', () => {
  it('should leave as many images as the explorer finds, for every program of one CPU', () => {
    let compared = 0;
    const wrong: string[] = [];
    for (const test of tests.filter(({ program }) => program.threads.length === 1))
      for (const { machine, imageCount } of runTest(test).answers) {
        const setting = settingOf(machine);
        if (typeof setting === 'string') continue;
        const run = runInOneOrder(test.program, setting.domain);
        if (typeof run === 'string') continue;
        const history = crashHistory({ ...sourceOf(run.machine), threads: run.threads }, setting);
        const count = history.anywhere().count();
        compared++;
        if (count !== BigInt(imageCount))
          wrong.push(`${test.name} on ${nameOfMachine(machine)}: ${count}, not ${imageCount}`);
      }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(50);
  });

  it('should leave at most what the explorer finds over every order, for programs of several CPUs', () => {
    let compared = 0;
    const several = tests.filter(({ program }) => program.threads.length > 1);
    for (const test of share(several, 4))
      for (const { machine, imageCount } of runTest(test).answers) {
        const setting = settingOf(machine);
        const run = typeof setting === 'string' ? setting : runInOneOrder(test.program, setting.domain);
        if (typeof run === 'string' || typeof setting === 'string') continue;
        const history = crashHistory({ ...sourceOf(run.machine), threads: run.threads }, setting);
        compared++;
        expect([test.name, history.anywhere().count() <= BigInt(imageCount)]).toEqual([test.name, true]);
      }
    expect(compared).toBeGreaterThan(10);
  });
});
