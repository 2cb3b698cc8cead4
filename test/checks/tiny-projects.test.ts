// Tiny projects, each with what is right written by hand; where a public report asked for it, it is named.
import { share } from '../support/thorough.ts';
import { TINY_PROJECTS } from './tiny/all.ts';
import { holdProjects } from './tiny/project.ts';

holdProjects(share(TINY_PROJECTS, 2));
