/** Names for content: what has the same parts has the same name. */
import { createHash } from 'node:crypto';

/** The first 32 hexadecimal digits of the SHA-256 of `parts`, each with its end marked. */
export function hashOfParts(parts: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 32);
}
