/** Command lines that somebody may type: real commands and options, with values that fit, nearly fit, or do not. */
import type { Random } from '#engine/fuzz/random.ts';

/** Commands that look and answer; those that run for minutes, write or start programs are asked for help alone. */
const LOOKING = ['replay', 'litmus', 'pmemcheck', 'pmemcheck-export', 'check', 'compare', 'traces', 'graph'];
const WORKING = [
  'run',
  'review',
  'record',
  'sweep',
  'fuzz',
  'lint',
  'init',
  'series',
  'variant',
  'contract',
  'copy-table',
];

const OPTIONS = [
  '--before', '--after', '--file', '--trace', '--inside', '--format', '--dirty-line', '--string-stores', '--step', '--from', '--to', '--only',
  '--variant', '--program', '--crash', '--final', '--machine', '--images', '--max-states', '--without', '--engine', '--markers', '--domain',
  '--path', '--size', '--expect', '--map', '--ack', '--initial', '--region', '--acks', '--by', '--levels', '--depth', '--focus', '--output',
  '--tree', '--kernel', '--show', '--config', '--cache-dir', '--seed', '--count', '--nothing', '-x', '--', '-',
]; // prettier-ignore

const VALUES = [
  '', ' ', '0', '-1', '1', '3', '14', '15', '1e9', '4294967296', '9007199254740993', 'NaN', 'before', 'after', 'step-3', 'step-99', 'as-posted',
  'as-posted@3', 'as-posted@99', 'step-3@as-posted', './before', './nowhere', '/', '/dev/null', '..', 'HEAD', 'HEAD~9999', 'text', 'json', 'html', 'adr',
  'eadr', 'ADR+lazy', 'no-ADR', 'x=1; FO x; SF; y=1', 'y=1 & x=0', 'dax write pmem0:/f @0 kvec 7', 'dax write pmem0:/f @0 iov 4,4 / fsync pmem0:/f',
  'n0:8*2 S A0', 'a.img@0x1000+0x1000', 'a.img:0:64', 'a.img:64:-1', '__proto__', '\u001b[2J', 'é\u202e', 'a/**', '[', '*'.repeat(300),
]; // prettier-ignore

/** The arguments of one command line, as JSON. */
export function commandLine(random: Random): string {
  const isLooking = random.chance(80);
  const words: string[] = random.chance(95) ? [random.pick(isLooking ? LOOKING : WORKING)] : [];
  for (let count = random.below(6); count > 0; count--)
    words.push(random.pick(random.chance(55) ? VALUES : OPTIONS));
  const safe = words.filter((word, index) => word !== '-' && !(words[index - 1] === '--file' && word === ''));
  return JSON.stringify(isLooking && words.length > 0 ? safe : ['--help', ...safe]);
}
