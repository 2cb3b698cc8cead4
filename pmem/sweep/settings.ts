/** What a row of cases has besides offsets and sizes: one value for each of the other dimensions. */
import { type SweptOperation, WAYS, type Way } from './cases.ts';
import {
  ALL_READABLE,
  type Cache,
  CACHES,
  type Domain,
  DOMAINS,
  FAULTS,
  type Place,
  PLACES,
  type Readable,
  type Split,
  SPLITS,
  STARTS,
  WHOLE,
} from './edges.ts';
import { MACHINES, type SweptMachine } from './machines.ts';

export interface Settings {
  readonly machine: SweptMachine;
  readonly domain: Domain;
  readonly cache: Cache;
  readonly way: Way;
  readonly place: Place;
  readonly split: Split;
  readonly start: number | undefined;
  readonly readable: Readable;
}

export type DimensionName = keyof Settings;

const [PMEM] = MACHINES as readonly [SweptMachine, ...SweptMachine[]];

export const DEFAULTS: Settings = {
  machine: PMEM,
  domain: 'adr',
  cache: 'back',
  way: 'by itself',
  place: 'anywhere',
  split: WHOLE,
  start: undefined,
  readable: ALL_READABLE,
};

/** Every value of each dimension, the default first. */
export const VALUES: { readonly [Name in DimensionName]: readonly Settings[Name][] } = {
  machine: MACHINES,
  domain: DOMAINS,
  cache: CACHES,
  way: WAYS,
  place: PLACES,
  split: SPLITS,
  start: STARTS,
  readable: FAULTS,
};

/** The dimensions that change anything of an operation. */
export function dimensionsOf(operation: SweptOperation): readonly DimensionName[] {
  switch (operation) {
    case 'dax write iov':
      return ['machine', 'domain', 'cache', 'way', 'place', 'split', 'start', 'readable'];
    case 'dax write kvec':
    case 'dax write bvec':
      return ['machine', 'domain', 'cache', 'way', 'place', 'split', 'start'];
    case 'dax write pipe':
      return ['machine', 'domain'];
    case 'store':
      return ['machine', 'domain', 'cache', 'way', 'place'];
    case 'zero':
    case 'punch':
    case 'zero-in-place':
      return ['machine', 'domain', 'cache', 'place'];
    case 'raw write':
    case 'raw write atomic':
      return ['domain', 'place'];
    case 'bio write':
      return ['machine', 'domain', 'cache', 'way', 'split', 'start'];
    case 'zeroout':
    case 'page write':
      return ['machine', 'domain', 'cache'];
    case 'btt 512':
    case 'btt 4096':
      return ['domain', 'split', 'start'];
  }
}

/** A value in a few words. */
export function valueText(name: DimensionName, settings: Settings): string {
  const value = settings[name];
  if (typeof value === 'object') return value.name;
  return String(value ?? 'anywhere');
}

/** The settings that are not the default, as text; `plain` where all are. */
export function settingsText(settings: Settings): string {
  const names = Object.keys(VALUES) as DimensionName[];
  const texts = names
    .filter((name) => settings[name] !== DEFAULTS[name])
    .map((name) => `${name} ${valueText(name, settings)}`);
  return texts.join(', ') || 'plain';
}
