import type { Opener } from './open.ts';
export function createTypeScript7Opener(): Opener {
  throw new Error('not yet');
}
