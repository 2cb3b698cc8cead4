// Tiny projects, each with what is right written by hand; where a public report asked for it, it is named.
import { holdProjects } from './tiny/project.ts';
import { RESOLVING } from './tiny/resolving.ts';
import { ROADS } from './tiny/roads.ts';
import { SYMBOLS } from './tiny/symbols.ts';

holdProjects([...RESOLVING, ...ROADS, ...SYMBOLS]);
