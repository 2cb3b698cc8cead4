/**
 * The mail that answers a step, as a mailing list expects it: attribution, quoted hunks, note, findings with witness and command,
 * and the trailer that says how the reviewer stands. Plain data in and text out, so that the command and the page write the same.
 */

/** One finding, as much of it as a mail should hold. */
export interface ReplyFinding {
  readonly message: string;
  /** An image or a workload, a line each. */
  readonly witness: readonly string[];
  readonly replay?: string | undefined;
}

/** What a reply is made of. */
export interface ReplyParts {
  /** The subject that is answered, with its `[PATCH …]`. */
  readonly subject: string;
  /** `On Fri, 9 Jun 2017, Dan Williams wrote:`; empty where nobody knows. */
  readonly attribution: string;
  /** The message-id of the patch; empty where nobody knows. */
  readonly messageId: string;
  /** Lines to quote, a list for each quotation. */
  readonly quotes: readonly (readonly string[])[];
  readonly note: string;
  readonly findings: readonly ReplyFinding[];
  /** `Reviewed-by`, `Acked-by`, `NAK`; empty for none yet. */
  readonly answer: string;
}

/** Columns of a line of prose in a mail. */
const COLUMNS = 72;

/** The whole mail. */
export function replyText(parts: ReplyParts): string {
  const { subject, attribution, messageId, quotes, note, findings, answer } = parts;
  const [first, ...others] = findings;
  return `${[
    `Subject: ${/^re:/i.test(subject) ? '' : 'Re: '}${oneLine(subject)}`,
    ...(messageId === '' ? [] : [`In-Reply-To: ${oneLine(messageId)}`]),
    '',
    ...(attribution === '' ? [] : [attribution]),
    ...quotes.flatMap((quote) => [...quote.map((line) => `> ${line}`.trimEnd()), '']),
    ...(note.trim() === '' ? [] : [note.trim(), '']),
    ...(first === undefined ? [] : findingLines(first)),
    ...(others.length === 0 ? [] : [`${others.length} more of this patch; the book has them all.`, '']),
    ...answerLines(answer),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

/** A header must not go on in what looks like another header. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

function findingLines({ message, witness, replay }: ReplyFinding): string[] {
  return [
    ...filled(message),
    '',
    ...witness.map((line) => `  ${line}`.trimEnd()),
    ...(witness.length === 0 ? [] : ['']),
    ...(replay === undefined ? [] : ['To see it again:', '', `  ${replay}`, '']),
  ];
}

function answerLines(answer: string): string[] {
  if (answer === '') return [];
  return [answer === 'NAK' ? 'NAK, until the above is answered.' : `${answer}: Your Name <you@example.org>`];
}

/** Words filled into lines. */
function filled(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > COLUMNS) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
