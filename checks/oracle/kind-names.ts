/** Names of the kinds of nodes of TypeScript 6. */
import { ts } from '@ts-morph/common';

/** Names by number; of several names for one number the first is the real one. */
export function kindNames(): readonly string[] {
  const names: string[] = [];
  for (const [name, value] of Object.entries(ts.SyntaxKind)) {
    if (typeof value === 'number' && names[value] === undefined) names[value] = name;
  }
  return names;
}
