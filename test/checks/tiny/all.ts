/** Every tiny project there is. */
import { FOURTH_LOOK } from './fourth-look.ts';
import { MONOREPOS } from './monorepos.ts';
import type { TinyProject } from './project.ts';
import { RESOLVING } from './resolving.ts';
import { ROADS } from './roads.ts';
import { STRANGERS } from './strangers.ts';
import { STRANGERS_SYMBOLS } from './strangers-symbols.ts';
import { SYMBOLS } from './symbols.ts';

export const TINY_PROJECTS: readonly TinyProject[] = [
  ...RESOLVING,
  ...MONOREPOS,
  ...STRANGERS,
  ...ROADS,
  ...SYMBOLS,
  ...STRANGERS_SYMBOLS,
  ...FOURTH_LOOK,
];
