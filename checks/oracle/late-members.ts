/**
 * What TypeScript 7 no longer reads in scripts: members that are added to `module.exports` beside a whole value, to a
 * prototype, or to a constant after it is made. Whoever bans one of those has to be told.
 */
import path from 'node:path';
import type { SourceUnit } from './compiler.ts';

const IS_SCRIPT = /\.[cm]?jsx?$/;
const WHOLE = /\bmodule\.exports\s*=(?![=>])/;
const MEMBER = /(?<![.\w])(?:module\.)?exports\.[\w$]+\s*=(?![=>])/;
const PROTOTYPE =
  /\.prototype(?:\.[\w$]+)?\s*=(?![=>])|\b(?:assign|definePropert\w+)\(\s*[\w$.]+\.prototype\s*,/;
const CONSTANT = /^(?:const|let|var)\s+([\w$]+)\s*=/gm;
const ADDED = /^([\w$]+)\.[\w$]+\s*=(?![=>])/gm;

/** A sentence about the scripts below `folder` that do so, if any do. */
export function noteOnLateMembers(units: readonly SourceUnit[], folder: string): readonly string[] {
  const [first, ...others] = units.filter((unit) => IS_SCRIPT.test(unit.path) && addsMembers(unit.text));
  if (first === undefined) return [];
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return [
    `${path.relative(folder, first.path)}${more}: what is added to module.exports, a prototype or a constant later on is not seen by typescript-7; --oracle ts-morph sees it`,
  ];
}

function addsMembers(text: string): boolean {
  if (PROTOTYPE.test(text) || (WHOLE.test(text) && MEMBER.test(text))) return true;
  // Each text is read twice, however many assignments it has.
  const constants = new Set([...text.matchAll(CONSTANT)].map(([, name]) => name));
  return [...text.matchAll(ADDED)].some(([, name]) => constants.has(name));
}
