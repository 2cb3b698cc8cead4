// Tiny projects, each with what is right written by hand; where a public report asked for it, it is named.
import { share } from '../support/thorough.ts';
import { FOURTH_LOOK } from './tiny/fourth-look.ts';
import { MONOREPOS } from './tiny/monorepos.ts';
import { holdProjects } from './tiny/project.ts';
import { RESOLVING } from './tiny/resolving.ts';
import { ROADS } from './tiny/roads.ts';
import { STRANGERS } from './tiny/strangers.ts';
import { STRANGERS_SYMBOLS } from './tiny/strangers-symbols.ts';
import { SYMBOLS } from './tiny/symbols.ts';

holdProjects(
  share(
    [...RESOLVING, ...MONOREPOS, ...STRANGERS, ...ROADS, ...SYMBOLS, ...STRANGERS_SYMBOLS, ...FOURTH_LOOK],
    2,
  ),
);
