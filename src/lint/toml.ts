/**
 * TOML with places: `smol-toml` reads the values, and a scan of the same text finds where each key and array element
 * stands, so that every complaint about a configuration has a line and a column.
 */
import { parse, TomlError } from 'smol-toml';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { SourceText } from '../syntax/source.ts';
import type { Place } from './finding.ts';

/** The way to a value: keys and array indices from the top. */
export type TomlPath = readonly (string | number)[];

export interface TomlDocument {
  readonly file: SourceText;
  /** Empty when the text does not parse. */
  readonly value: Readonly<Record<string, unknown>>;
  /** The place of a key or element, or of the nearest one around it. */
  readonly placeOf: (path: TomlPath) => Place;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a TOML file; a syntax error is one diagnostic and an empty value. */
export function readToml(file: SourceText): TomlDocument {
  const top: Place = { file, start: 0, end: 0 };
  // The text is bytes; TOML is UTF-8. Values must be real text, while places count bytes in `file`.
  const text = Buffer.from(file.text, 'latin1').toString('utf8');
  try {
    const value = parse(text);
    const spans = new Scanner(file.text).scan();
    return { file, value, placeOf: (path) => nearest(spans, asSpelled(path), file), diagnostics: [] };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const start = Math.min((file.lineStarts[error.line - 1] ?? 0) + error.column - 1, file.text.length);
    const message = error.message.split('\n')[0]!.replace(/^Invalid TOML document: /, '');
    return {
      file,
      value: {},
      placeOf: () => top,
      diagnostics: [{ severity: 'error', message, file, start, end: start }],
    };
  }
}

type Spans = ReadonlyMap<string, readonly [start: number, end: number]>;

function nearest(spans: Spans, path: TomlPath, file: SourceText): Place {
  for (let length = path.length; length > 0; length--) {
    const span = spans.get(keyOf(path.slice(0, length)));
    if (span !== undefined) return { file, start: span[0], end: span[1] };
  }
  return { file, start: 0, end: 0 };
}

/** Map keys must be one string; NUL cannot stand in a TOML key. */
function keyOf(path: TomlPath): string {
  return path.join('\0');
}

/** A path over values as one over spelled keys, which are the file's bytes. */
function asSpelled(path: TomlPath): TomlPath {
  return path.map((part) => (typeof part === 'string' ? Buffer.from(part, 'utf8').toString('latin1') : part));
}

/** Finds the spans of keys, headers and elements in a text that is known to be valid TOML. */
class Scanner {
  readonly #text: string;
  readonly #spans = new Map<string, readonly [number, number]>();
  /** How many `[[name]]` headers of each name there have been. */
  readonly #counts = new Map<string, number>();
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): Spans {
    let table: TomlPath = [];
    for (;;) {
      this.#skipBlank();
      if (this.#at >= this.#text.length) return this.#spans;
      if (this.#text[this.#at] === '[') table = this.#header();
      else this.#keyValue(table);
    }
  }

  #header(): TomlPath {
    const start = this.#at;
    const isArray = this.#text.startsWith('[[', start);
    this.#at += isArray ? 2 : 1;
    const path = this.#resolve(this.#key());
    this.#at = this.#text.indexOf(']', this.#at) + (isArray ? 2 : 1);
    const span = [start, this.#at] as const;
    if (!isArray) {
      this.#spans.set(keyOf(path), span);
      return path;
    }
    const key = keyOf(path);
    const count = this.#counts.get(key) ?? 0;
    this.#counts.set(key, count + 1);
    if (count === 0) this.#spans.set(key, span);
    this.#spans.set(keyOf([...path, count]), span);
    return [...path, count];
  }

  /** Inside `[a.b]`, a name that is an array of tables stands for its last element. */
  #resolve(keys: readonly string[]): TomlPath {
    let path: TomlPath = [];
    keys.forEach((key, index) => {
      path = [...path, key];
      const count = this.#counts.get(keyOf(path));
      if (count !== undefined && index < keys.length - 1) path = [...path, count - 1];
    });
    return path;
  }

  #keyValue(table: TomlPath): void {
    const start = this.#at;
    const path = [...table, ...this.#key()];
    this.#spans.set(keyOf(path), [start, this.#at]);
    this.#skipBlank();
    this.#at++; // `=`
    this.#value(path);
  }

  /** A dotted key; leaves the position after its last part. */
  #key(): string[] {
    const parts: string[] = [];
    for (;;) {
      this.#skipSpace();
      parts.push(this.#keyPart());
      const end = this.#at;
      this.#skipSpace();
      if (this.#text[this.#at] !== '.') {
        this.#at = end;
        return parts;
      }
      this.#at++;
    }
  }

  #keyPart(): string {
    const start = this.#at;
    const quote = this.#text[start];
    if (quote === '"' || quote === "'") {
      this.#string();
      return this.#text.slice(start + 1, this.#at - 1);
    }
    while (/[A-Za-z0-9_-]/.test(this.#text[this.#at] ?? '')) this.#at++;
    // Not TOML after all: move on, so that the scan ends.
    if (this.#at === start) this.#at++;
    return this.#text.slice(start, this.#at);
  }

  #value(path: TomlPath): void {
    this.#skipBlank();
    const first = this.#text[this.#at];
    if (first === '"' || first === "'") this.#string();
    else if (first === '[') this.#list(']', (index) => this.#element([...path, index]));
    else if (first === '{') this.#list('}', () => this.#keyValue(path));
    else while (this.#at < this.#text.length && !/[,\]}\n#]/.test(this.#text[this.#at]!)) this.#at++;
  }

  #element(path: TomlPath): void {
    const start = this.#at;
    this.#value(path);
    this.#spans.set(keyOf(path), [start, this.#at]);
  }

  #list(close: string, item: (index: number) => void): void {
    this.#at++;
    for (let index = 0; this.#at < this.#text.length; index++) {
      this.#skipBlank();
      if (this.#text[this.#at] === close) break;
      item(index);
      this.#skipBlank();
      if (this.#text[this.#at] === ',') this.#at++;
    }
    this.#at++;
  }

  #string(): void {
    const quote = this.#text[this.#at]!;
    const long = this.#text.startsWith(quote.repeat(3), this.#at);
    const close = long ? quote.repeat(3) : quote;
    this.#at += close.length;
    while (this.#at < this.#text.length && !this.#text.startsWith(close, this.#at)) {
      this.#at += quote === '"' && this.#text[this.#at] === '\\' ? 2 : 1;
    }
    this.#at += close.length;
    // """a"""" : up to two more quotes belong to the string.
    while (long && this.#text[this.#at] === quote) this.#at++;
  }

  #skipSpace(): void {
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at++;
  }

  /** Blanks, line ends and comments. */
  #skipBlank(): void {
    for (;;) {
      const character = this.#text[this.#at];
      if (character === '#') {
        const end = this.#text.indexOf('\n', this.#at);
        this.#at = end === -1 ? this.#text.length : end;
      } else if (character === ' ' || character === '\t' || character === '\n' || character === '\r') this.#at++;
      else return;
    }
  }
}
