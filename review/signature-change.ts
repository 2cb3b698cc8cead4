/** Which members of a type changed, so that a long signature need not be read twice. Text in, text out. */

/** What to show of a changed signature. */
export interface SignatureChange {
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** Members that only one side has when the rest of both is the same; otherwise both signatures whole. */
export function signatureChange(before: string, after: string): SignatureChange {
  const old = membersIn(before);
  const now = membersIn(after);
  const whole = { removed: [before], added: [after] };
  if (old === undefined || now === undefined || old.head !== now.head) return whole;
  const removed = old.members.filter((member) => !now.members.includes(member));
  const added = now.members.filter((member) => !old.members.includes(member));
  return removed.length + added.length === 0 ? whole : { removed, added };
}

interface Members {
  readonly head: string;
  readonly members: readonly string[];
}

/** Head and members of `interface Name { a: b; c(): d; }`; `undefined` for what has no members. */
function membersIn(signature: string): Members | undefined {
  const match = /^((?:interface|class) [^{]*)\{(.*)\}$/.exec(signature);
  if (match === null) return undefined;
  const members: string[] = [];
  let depth = 0;
  let start = 0;
  const body = match[2] ?? '';
  for (const [index, sign] of [...body].entries()) {
    if ('({['.includes(sign)) depth += 1;
    if (')}]'.includes(sign)) depth -= 1;
    if (sign !== ';' || depth > 0) continue;
    members.push(body.slice(start, index + 1).trim());
    start = index + 1;
  }
  const rest = body.slice(start).trim();
  return { head: match[1] ?? '', members: rest === '' ? members : [...members, `${rest};`] };
}
