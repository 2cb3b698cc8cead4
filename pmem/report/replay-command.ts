/** The command that runs a workload again. */

/** `conform replay` with the workload, as a shell reads it; trees are named unless they are the ends of the series. */
export function replayCommand(
  workload: string,
  { before = 'before', after = 'after' }: { readonly before?: string; readonly after?: string } = {},
): string {
  const trees = [
    ...(before === 'before' ? [] : ['--before', before]),
    ...(after === 'after' ? [] : ['--after', after]),
  ].map((word) => (/^[\w./@-]+$/.test(word) ? word : quoted(word)));
  return ['npx pmem-conform replay --trace', ...trees, quoted(workload.split('\n').join(' / '))].join(' ');
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
