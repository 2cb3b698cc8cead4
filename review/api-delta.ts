/**
 * What a step changes in what its tree exports. A symbol that left one file and appeared in another with the same
 * name, signature and body has moved; one whose body changed on the way was removed and added, since a reviewer has
 * to read it again. Bodies do not count otherwise: an API is its signatures.
 */
import type { ApiDelta, ApiSymbol } from './model.ts';
import type { SurfaceExport, TreeSurface } from './surface.ts';

/** Compares what two trees export. */
export function apiDelta(before: TreeSurface, after: TreeSurface): ApiDelta {
  const old = new Map(before.exports.map((entry) => [entry.symbol, entry]));
  const now = new Map(after.exports.map((entry) => [entry.symbol, entry]));
  const gone = before.exports.filter(({ symbol }) => !now.has(symbol));
  const come = after.exports.filter(({ symbol }) => !old.has(symbol));
  const moved = pairs(gone, come);
  const sources = new Set(moved.map(({ from }) => from));
  const destinations = new Set(moved.map(({ to }) => to));
  return {
    added: come.filter(({ symbol }) => !destinations.has(symbol)).map(shown),
    removed: gone.filter(({ symbol }) => !sources.has(symbol)).map(shown),
    moved,
    changed: after.exports.flatMap(({ symbol, signature }) => {
      const previous = old.get(symbol)?.signature ?? signature;
      return previous === signature ? [] : [{ symbol, before: previous, after: signature }];
    }),
  };
}

function shown({ symbol, signature }: SurfaceExport): ApiSymbol {
  return { symbol, signature };
}

function pairs(
  gone: readonly SurfaceExport[],
  come: readonly SurfaceExport[],
): { from: string; to: string }[] {
  const free = [...come];
  return gone.flatMap(({ symbol, name, signature, body }) => {
    const index = free.findIndex(
      (entry) => entry.name === name && entry.signature === signature && entry.body === body,
    );
    const [match] = index < 0 ? [] : free.splice(index, 1);
    return match === undefined ? [] : [{ from: symbol, to: match.symbol }];
  });
}
