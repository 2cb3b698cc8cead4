/** `--trace`: every place that reaches a symbol, and by which road, whether or not a rule forbids it. */
import { placeOf, type CheckContext } from './context.ts';
import { resolveTarget } from './oracle/targets.ts';
import { trackUses } from './oracle/tracker.ts';
import { messageOf } from './rules/no-reference.ts';

/** The places and roads as text; `undefined` when the project has no such symbol. */
export function traceSymbol(context: CheckContext, written: string): string | undefined {
  const watched = resolveTarget(context, written);
  if (watched.length === 0) return undefined;
  const uses = trackUses(context.compiler, context.words, context.graph, watched);
  return watched
    .map(({ target, symbol }) => {
      const declared = context.compiler.declarationsOf(symbol)[0]?.path;
      const home = declared === undefined ? '' : ` (declared in ${context.nameOf({ path: declared })})`;
      const lines = uses
        .filter((use) => use.target === target)
        .flatMap((use) => {
          const place = placeOf(context, use.unit, use.node);
          const roads = [...use.via, ...use.modules].map((stop) => stop.replaceAll(`${context.base}/`, ''));
          return [
            `  ${place.file}:${place.line}:${place.column}  ${messageOf(use)}`,
            ...roads.map((stop) => `      by way of ${stop}`),
          ];
        });
      return [`${target.label}${home}`, ...(lines.length === 0 ? ['  nothing reaches it'] : lines), ''].join(
        '\n',
      );
    })
    .join('\n');
}
