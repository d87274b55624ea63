/** Parses the token lists of one source under several configurations: what they have in common is parsed once. */
import type { Diagnostic } from './diagnostic.ts';
import { KnownLines, lineEnd } from './known-lines.ts';
import { parseTokens } from './parse.ts';
import type { Token } from './token.ts';
import type { Statement } from './tree.ts';

export interface ParsedLines {
  readonly statements: readonly Statement[];
  /** What the statements' spans count in. It holds the tokens of all lists, each line once. */
  readonly tokens: readonly Token[];
  /** Of the lines that no list before has. */
  readonly errors: readonly Diagnostic[];
}

/**
 * The lists share one list of tokens, and the statements of lines that several have. Of the lines of Linux's ivt.S under its second
 * and third configuration 97 in 100 are met before.
 */
export class LineParser {
  readonly #tokens: Token[] = [];
  readonly #statements: Statement[] = [];
  readonly #lines = new KnownLines(this.#tokens);
  /** By line: how many statements begin before its end. */
  readonly #counts: number[] = [];

  /** @param tokens preprocessed, with the line ends */
  parse(tokens: readonly Token[]): ParsedLines {
    const statements: Statement[] = [];
    const errors: Diagnostic[] = [];
    const parseNew = (from: number, to: number) => {
      if (from < to) errors.push(...this.#parseNew(tokens, from, to, statements));
    };
    let unknown = 0;
    if (this.#tokens.length > 0) {
      this.#addLines();
      let expected = 0;
      for (let at = 0, end = 0; at < tokens.length; at = end) {
        end = lineEnd(tokens, at);
        const line = this.#lines.find(tokens, at, end, expected);
        if (line < 0) continue;
        parseNew(unknown, at);
        this.#takeLine(line, statements);
        unknown = end;
        expected = line + 1;
      }
    }
    parseNew(unknown, tokens.length);
    return { statements, tokens: this.#tokens, errors };
  }

  #parseNew(tokens: readonly Token[], from: number, to: number, into: Statement[]): readonly Diagnostic[] {
    const first = this.#tokens.length;
    for (let at = from; at < to; at++) this.#tokens.push(tokens[at]!);
    const { statements, errors } = parseTokens(this.#tokens, first);
    for (const statement of statements) {
      this.#statements.push(statement);
      into.push(statement);
    }
    return errors;
  }

  /** A source with a single configuration needs no lines: they are made when a second list comes. */
  #addLines(): void {
    let count = this.#counts.at(-1) ?? 0;
    while (this.#lines.end < this.#tokens.length) {
      let end = lineEnd(this.#tokens, this.#lines.end);
      for (; count < this.#statements.length && this.#statements[count]!.first < end; count++)
        end = Math.max(end, this.#statements[count]!.last + 1);
      this.#lines.add(end);
      this.#counts.push(count);
    }
  }

  #takeLine(line: number, into: Statement[]): void {
    const end = this.#counts[line]!;
    for (let at = line === 0 ? 0 : this.#counts[line - 1]!; at < end; at++) into.push(this.#statements[at]!);
  }
}
