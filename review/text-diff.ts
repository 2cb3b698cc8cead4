/** The diff of a step as coloured text. Moved lines have a `~` before their sign and are dim. */
import type { Paint } from '#base/paint.ts';
import type { DiffFile, DiffLine } from './model.ts';

/** Lines of a diff, file by file. */
export function diffLines(files: readonly DiffFile[], paint: Paint): string[] {
  const hasMoves = files.some(({ hunks }) => hunks.some(({ lines }) => lines.some(({ moved }) => moved)));
  return [
    ...(hasMoves ? [paint('dim', '~ before the sign: the line is only moved within the patch')] : []),
    ...files.flatMap((file) => fileLines(file, paint)),
  ];
}

function fileLines({ file, status, hunks }: DiffFile, paint: Paint): string[] {
  const note = status === 'changed' ? '' : ` (${status})`;
  return [
    paint('bold', `  ${file}${note}`),
    ...hunks.flatMap(({ header, lines }) => [
      paint('yellow', `  ${header}`),
      ...lines.map((line) => lineText(line, paint)),
    ]),
  ];
}

function lineText({ kind, text, moved }: DiffLine, paint: Paint): string {
  const line = `${moved ? '~' : ' '} ${kind}${text}`.trimEnd();
  if (kind === ' ') return line;
  return paint(moved ? 'dim' : kind === '+' ? 'green' : 'red', line);
}
