/** Mail headers of patches and cover letters: who wrote what, and when. */

/** What the headers of a patch say; empty where they say nothing. */
export interface MailHeaders {
  /** With its `[PATCH …]`. */
  readonly subject: string;
  /** `Name <address>`. */
  readonly author: string;
  /** As it is written there. */
  readonly date: string;
  readonly messageId: string;
}

/** The headers before the first empty line of `text`; a header may go on over several lines. */
export function mailHeaders(text: string): MailHeaders {
  const header = text.slice(0, text.indexOf('\n\n'));
  const valueOf = (name: string): string =>
    new RegExp(`^${name}: ?((?:.*)(?:\\n[ \\t].*)*)`, 'im').exec(header)?.[1]?.replaceAll(/\n[ \t]+/g, ' ') ??
    '';
  return {
    subject: valueOf('Subject'),
    author: valueOf('From'),
    date: valueOf('Date'),
    messageId: valueOf('Message-I[dD]'),
  };
}

/** A letter that explains a whole series. */
export interface CoverLetter extends MailHeaders {
  readonly body: string;
}

/**
 * A cover letter as `git format-patch --cover-letter` writes it, as an archive shows it (subject first, then `From:` and
 * `Date:`), or plain text whose first line is the subject.
 */
export function coverLetterOf(text: string): CoverLetter {
  const plain = text
    .replace(/^From [0-9a-f]{40} .*\n/, '')
    .replaceAll('\r\n', '\n')
    .trim();
  const headers = mailHeaders(`${plain}\n\n`);
  const end = /^(?:[\w-]+: .*(?:\n[ \t].*)*\n?)+/.exec(plain);
  if (end !== null && headers.subject !== '') return { ...headers, body: plain.slice(end[0].length).trim() };
  const [subject = '', ...rest] = plain.split('\n');
  const below = rest.join('\n').trim();
  const own = /^(?:(?:From|Date|Message-Id): .*\n)+/i.exec(`${below}\n`)?.[0] ?? '';
  return { ...mailHeaders(`${own}\n\n`), subject, body: below.slice(own.length).trim() };
}
