/** One scenario while its lines are being read: takes them one by one and says what is out of place. */
import { type Line, wordError } from '../../language/lines.ts';
import type { ExpectedRelation, Expectation, Scenario } from '../scenario.ts';
import type { FileLine, FileLineOf, Piece } from './lines.ts';
import { readPair, readRelations, readResults, readTrees, readValue } from './values.ts';

export class Draft {
  /** The line that names it. */
  readonly line: Line;
  readonly name: string;
  theme: string;
  readonly #headers = new Map<'source' | 'shows', string>();
  readonly #lines: { readonly line: Line; readonly text: string }[] = [];
  /** Operations so far; a boot line is none. */
  #operationCount = 0;
  // By what they are about, in the order of the file.
  readonly #expected = new Map<string, Expectation>();
  readonly #relations: ExpectedRelation[] = [];
  /** The word that spoke of the whole run: behind it no operation may stand. */
  #wholeRun: string | undefined;

  constructor(line: Line, name: string, theme: string) {
    this.line = line;
    this.name = name;
    this.theme = theme;
  }

  get hasOperations(): boolean {
    return this.#lines.length > 0;
  }

  /** Takes the next line, which is not `theme:` or `scenario:`. */
  take(fileLine: FileLine): void {
    switch (fileLine.kind) {
      case 'header':
        return this.#takeHeader(fileLine);
      case 'operation':
        return this.#takeOperation(fileLine);
      case 'result':
        return this.#takeResult(fileLine.line, fileLine.value);
      case 'expectation':
        return this.#takeExpectation(fileLine);
    }
  }

  /** Throws when it does nothing. */
  requireOperations(): void {
    if (this.#operationCount > 0) return;
    const { line, name } = this;
    throw wordError(
      line,
      line.words[1],
      `'${name}' has no operation`,
      'a boot line and operations, or operations',
    );
  }

  /** The scenario. Throws when it does nothing or expects nothing. */
  finish(): Scenario {
    this.requireOperations();
    if (this.#expected.size === 0 && this.#relations.length === 0) {
      const allowed = 'at least one of => RESULT, does:, reads:, lost:, cost:, log:, images:';
      throw wordError(this.line, this.line.words[1], `'${this.name}' expects nothing`, allowed);
    }
    return {
      name: this.name,
      theme: this.theme,
      source: this.#headers.get('source') ?? '',
      shows: this.#headers.get('shows') ?? '',
      workload: this.#lines.map(({ text }) => text).join('\n'),
      expected: [...this.#expected.values()],
      relations: this.#relations,
    };
  }

  /** The workload with each of its lines at its number in the file, so that complaints point there. */
  get workloadInPlace(): string {
    const lines: string[] = [];
    for (const { line, text } of this.#lines) lines[line.number - 1] = text;
    return Array.from(lines, (text) => text ?? '').join('\n');
  }

  #takeHeader({ line, header, value }: FileLineOf<'header'>): void {
    if (header === 'theme' || header === 'scenario') return;
    if (this.hasOperations)
      throw wordError(line, line.words[0], `'${header}:' behind operations`, 'headers, then operations');
    if (this.#headers.has(header))
      throw wordError(line, line.words[0], `a second '${header}:'`, 'one in a scenario');
    this.#headers.set(header, value.text);
  }

  #takeOperation({ line, text, result }: FileLineOf<'operation'>): void {
    if (this.#wholeRun !== undefined) {
      const allowed = `operations, then what is said of the whole run; scenario: NAME begins the next one`;
      throw wordError(line, line.words[0], `an operation behind '${this.#wholeRun}:'`, allowed);
    }
    this.#lines.push({ line, text });
    // What is said below `while OPERATION: OTHER` is about the operation, which comes second.
    if (!/^boot\b/.test(text)) this.#operationCount += /^while\b/.test(text) ? 2 : 1;
    if (result !== undefined) this.#takeResult(line, result);
  }

  #takeResult(line: Line, piece: Piece): void {
    const operation = this.#operationAbove(line, '=>');
    for (const result of readResults(line, piece)) this.#add(line, { about: 'result', operation, ...result });
  }

  #takeExpectation({ line, word, of, value }: FileLineOf<'expectation'>): void {
    if (word === 'images') {
      this.#wholeRun = word;
      this.#relate(line, { ...readPair(line, of), ...readRelations(line, value) });
      return;
    }
    const place = word === 'does' || word === 'reads' ? { operation: this.#operationAbove(line, word) } : {};
    if (place.operation === undefined) this.#wholeRun = word;
    const text = readValue(line, word, value);
    for (const tree of readTrees(line, of)) this.#add(line, { about: word, ...place, ...tree, value: text });
  }

  /** The place in the workload of the operation that a line speaks of. */
  #operationAbove(line: Line, word: string): number {
    const above = this.#lines.at(-1);
    if (above === undefined || this.#wholeRun !== undefined || /^(?:boot|crash)\b/.test(above.text)) {
      const problem = `'${word}' without an operation`;
      throw wordError(
        line,
        line.words[0],
        problem,
        'below the operation that it is about; not boot, not crash',
      );
    }
    return this.#operationCount - 1;
  }

  /** Instructions and lines of the log may take several lines; anything else is said once. */
  #add(line: Line, expectation: Expectation): void {
    const { about, operation, tree, value } = expectation;
    const key = `${about} ${operation} ${tree}`;
    const earlier = this.#expected.get(key);
    const between = about === 'does' ? ' ' : about === 'log' ? '\n' : undefined;
    if (earlier === undefined) {
      this.#expected.set(key, expectation);
    } else if (between !== undefined && earlier.value !== '' && value !== '') {
      this.#expected.set(key, { ...earlier, value: `${earlier.value}${between}${value}` });
    } else {
      const what = about === 'result' ? '=>' : `${about}:`;
      const whose = tree === undefined ? '' : ` of ${tree}`;
      throw wordError(line, line.words[0], `a second '${what}'${whose}`, 'one');
    }
  }

  #relate(line: Line, relation: ExpectedRelation): void {
    const { before, after } = relation;
    if (this.#relations.some((other) => other.before === before && other.after === after))
      throw wordError(line, line.words[0], `a second relation of ${before} -> ${after}`, 'one');
    this.#relations.push(relation);
  }
}
