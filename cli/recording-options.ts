/** Options of every command that reads recordings. */
import { type Command, Option } from 'commander';
import { parseMapping } from '#recordings/import/pmemcheck-files.ts';
import type { PmemcheckOptions } from '#recordings/import/read-pmemcheck.ts';

/** What was given. */
export interface RecordingOptions {
  readonly map?: readonly string[];
  readonly ack?: readonly string[];
  readonly exactFlushNt?: boolean;
  readonly initial?: readonly string[];
  readonly acks?: 'markers' | 'calls';
  readonly domain: 'adr' | 'eadr';
}

/** Gathers an option that may be given again. */
export const collect = (value: string, all: readonly string[] = []): string[] => [...all, value];

/** Adds the options that say how a log of pmemcheck is read; the descriptions begin with `prefix`. */
export function pmemcheckOptions(command: Command, prefix = ''): Command {
  return command
    .option(
      '--map <mapping>',
      `${prefix}what is persistent where a log registers no file: PATH@ADDRESS+SIZE (repeatable)`,
      collect,
    )
    .option('--ack <text>', `${prefix}a marker with this text acknowledges (repeatable)`, collect)
    .option(
      '--exact-flush-nt',
      `${prefix}a FLUSH of exactly the bytes of a STORE is movnti, in logs that we wrote`,
    );
}

/** Adds the options. */
export function recordingOptions(command: Command): Command {
  return pmemcheckOptions(command, 'logs of pmemcheck: ')
    .option('--initial <image>', 'what a file held when it was mapped, unless zeros (repeatable)', collect)
    .addOption(
      new Option('--acks <kind>', 'what acknowledges (default: markers where there are any)').choices([
        'markers',
        'calls',
      ]),
    )
    .addOption(new Option('--domain <name>', 'what survives').choices(['adr', 'eadr']).default('adr'));
}

/** How to read logs of pmemcheck. Throws `InputError` for a mapping that is none. */
export function readingOf({
  map,
  ack,
  exactFlushNt,
}: Pick<RecordingOptions, 'map' | 'ack' | 'exactFlushNt'>): PmemcheckOptions {
  return {
    maps: (map ?? []).map(parseMapping),
    acknowledging: ack ?? [],
    exactFlushIsNonTemporal: exactFlushNt === true,
  };
}
