/**
 * The model beside the C it models: functions of a tree whose doc comment begins with the C name, and who calls whom among
 * them. Read from the text of the model; calls through operations are in neither list.
 */
import { declarationsIn } from './declared.ts';
import type { CTree } from './tree.ts';

/** A function of the model that names its C symbol. */
export interface ModelFunction {
  /** File of the model, relative to its tree, and the C file it stands for. */
  readonly file: string;
  readonly cFile: string;
  readonly line: number;
  readonly name: string;
  readonly symbol: string;
  /** Its own text, and that of functions of the file that it calls and that stand for no C function: parts of it. */
  readonly body: string;
}

/** `drivers/dax/super.ts` is `drivers/dax/super.c`, or the header of that name where there is no such file. */
export function cFileOf(file: string, isThere: (file: string) => boolean): string {
  if (file.endsWith('.h.ts')) return file.slice(0, -'.ts'.length);
  const stem = file.slice(0, -'.ts'.length);
  return isThere(`${stem}.c`) ? `${stem}.c` : `${stem}.h`;
}

/** The functions of one file of the model. `isThere` tells what files the C tree has. */
export function modelFunctions(
  file: string,
  text: string,
  isThere: (file: string) => boolean,
): readonly ModelFunction[] {
  const found: ModelFunction[] = [];
  const bodies = new Map<string, string>();
  for (const { 0: head, 1: name = '', index } of text.matchAll(/^(?:export )?(?:async )?function (\w+)/gm))
    bodies.set(name, bodyAfter(text, index + head.length));
  const pattern =
    /\/\*\*\s*(?:\*\s*)?(_*[a-z]\w*)(\(|:)(?:(?!\*\/)[\s\S])*\*\/\n(?:export )?(?:async )?function (\w+)/g;
  for (const match of text.matchAll(pattern)) {
    const [all, symbol = '', mark = '', name = ''] = match;
    // A comment that begins with a plain word and a colon names nothing.
    if (mark === ':' && !symbol.includes('_')) continue;
    const from = match.index + all.length;
    const line = text.slice(0, from).split('\n').length;
    found.push({
      file,
      cFile: cFileOf(file, isThere),
      line,
      name,
      symbol,
      body: bodyAfter(text, from),
    });
    bodies.delete(name);
  }
  return found.map((one) => ({ ...one, body: withParts(one.body, bodies) }));
}

function bodyAfter(text: string, from: number): string {
  const end = text.indexOf('\n}\n', from);
  return text.slice(from, end < 0 ? undefined : end);
}

/** Whether a text calls a function, not a method of that name. */
function isCalled(name: string, text: string): boolean {
  return new RegExp(`(?<![.\\w])${name}\\(`).test(text);
}

/** A function's text with that of the parts it calls, and of their parts. */
function withParts(body: string, parts: ReadonlyMap<string, string>): string {
  const left = new Map(parts);
  let whole = body;
  for (;;) {
    const called = [...left].filter(([name]) => isCalled(name, whole));
    if (called.length === 0) return whole;
    for (const [name, text] of called) {
      whole += text;
      left.delete(name);
    }
  }
}

/** Something in which the model and the C are not alike. */
export interface Difference {
  /** Names the difference in the list of known ones: `missing f`, `elsewhere f`, `call g f only in C`. */
  readonly key: string;
  readonly text: string;
}

export interface Likeness {
  readonly functions: number;
  /** Functions whose C symbol is declared in the file they stand for. */
  readonly inPlace: number;
  readonly callsInBoth: number;
  readonly differences: readonly Difference[];
}

/** A call that only one side has. */
function callOnlyIn(side: string, call: string): Difference {
  return { key: `call ${call} only in ${side}`, text: `${call.replace(' ', ' calls ')} only in ${side}` };
}

/** Compares. `tree` must hold the uses of all symbols. */
export async function likeness(functions: readonly ModelFunction[], tree: CTree): Promise<Likeness> {
  const declared = await declarationsIn(
    tree,
    [...new Set(functions.map(({ cFile }) => cFile))].filter((file) => tree.source.files.has(file)),
  );
  const differences: Difference[] = [];
  let inPlace = 0;
  for (const { symbol, file, line, cFile } of functions) {
    if (declared.get(cFile)?.some(({ name }) => name === symbol) === true) {
      inPlace += 1;
      continue;
    }
    const other = tree.uses.uses.find(
      ({ name, kind }) => name === symbol && /^(?:definition|macro-definition|declaration)$/.test(kind),
    );
    const where =
      other === undefined ? 'is nowhere in the C tree' : `is in ${other.file}:${other.line}, not in ${cFile}`;
    differences.push({
      key: `${other === undefined ? 'missing' : 'elsewhere'} ${symbol}`,
      text: `${file}:${line}  ${symbol} ${where}`,
    });
  }
  const model = modelCalls(functions);
  const real = realCalls(functions, tree);
  const given = valuesGiven(tree);
  const isOnlyModel = (call: string): boolean => !real.has(call);
  for (const call of [...model].filter(isOnlyModel)) {
    const { key, text } = callOnlyIn('the model', call);
    differences.push({
      key,
      text: given.has(call) ? `${text}; C gives the function on as a value there` : text,
    });
  }
  differences.push(...[...real].filter((call) => !model.has(call)).map((call) => callOnlyIn('C', call)));
  const unique = new Map(differences.map((difference) => [difference.key, difference]));
  return {
    functions: functions.length,
    inPlace,
    callsInBoth: [...model].filter((call) => real.has(call)).length,
    differences: [...unique.values()],
  };
}

/** Functions that C stores or passes on, as `function value`. */
function valuesGiven({ uses: { uses } }: CTree): ReadonlySet<string> {
  const isValue = /^(?:argument|slot|stored|value)$/;
  return new Set(
    uses.flatMap(({ kind, name, in: around }) =>
      around !== undefined && isValue.test(kind) ? [`${around} ${name}`] : [],
    ),
  );
}

/** Who calls whom, as `caller callee`, both by their C names. */
function modelCalls(functions: readonly ModelFunction[]): ReadonlySet<string> {
  return new Set(
    functions.flatMap(({ symbol, body, name }) =>
      functions
        .filter((other) => other.name !== name && other.symbol !== symbol && isCalled(other.name, body))
        .map((other) => `${symbol} ${other.symbol}`),
    ),
  );
}

/** Calls among the same functions in the files they stand for. */
function realCalls(functions: readonly ModelFunction[], { uses: { uses } }: CTree): ReadonlySet<string> {
  const files = new Set(functions.map(({ cFile }) => cFile));
  const symbols = new Set(functions.map(({ symbol }) => symbol));
  return new Set(
    uses.flatMap(({ kind, isGiven, file, name, in: around }) =>
      kind === 'call' &&
      isGiven &&
      around !== undefined &&
      around !== name &&
      files.has(file) &&
      symbols.has(around)
        ? [`${around} ${name}`]
        : [],
    ),
  );
}
