import { lineIndexAt } from './search.ts';

/**
 * One source text. The whole tool works in latin-1: one character is one byte, so that any file, whatever its
 * encoding, prints back byte for byte and columns count bytes, as gcc's do.
 */
export class SourceText {
  #lineStarts: number[] | undefined;
  /** Which program reads it: cpp, or gas without cpp, for which `#` begins a comment. */
  readonly dialect: 'cpp' | 'gas';

  constructor(
    /** The path as the user gave it; never made absolute, so that outputs are the same on every machine. */
    readonly name: string,
    readonly text: string,
    dialect: SourceText['dialect'] | null = null,
    /** The text before its comments (and line markers) were blanked out; of the same length. */
    readonly withComments: string = text,
  ) {
    this.dialect = dialect ?? (name.endsWith('.s') ? 'gas' : 'cpp');
  }

  /** Offsets at which the lines start; computed once, on demand. */
  get lineStarts(): readonly number[] {
    if (this.#lineStarts === undefined) {
      const starts = [0];
      for (let at = this.text.indexOf('\n'); at !== -1; at = this.text.indexOf('\n', at + 1)) starts.push(at + 1);
      this.#lineStarts = starts;
    }
    return this.#lineStarts;
  }

  /** Line and column, both counted from 1, of a character offset. */
  position(offset: number): LineAndColumn {
    const starts = this.lineStarts;
    const line = lineIndexAt(starts, offset);
    return { line: line + 1, column: offset - starts[line]! + 1 };
  }

  /** The text of a line (counted from 1) without its line end. */
  line(number: number): string {
    const start = this.lineStarts[number - 1] ?? this.text.length;
    const end = this.lineStarts[number] ?? this.text.length;
    return this.text.slice(start, end).replace(/\r?\n$/, '');
  }
}

export interface LineAndColumn {
  readonly line: number;
  readonly column: number;
}

/** A span of a source text: characters `start` to (not with) `end`. */
export interface SourceRange {
  readonly file: SourceText;
  readonly start: number;
  readonly end: number;
}
