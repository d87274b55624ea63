/**
 * TOML with source positions. smol-toml reads the values. toml-eslint-parser, which is several times slower, is used only when a
 * message needs the position of a key or an element.
 */
import { parse, TomlError } from 'smol-toml';
import { type AST, parseTOML } from 'toml-eslint-parser';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { SourceRange, SourceText } from '../syntax/source.ts';

/** The path to a value: keys and array indices from the top. */
export type TomlPath = readonly (string | number)[];

export interface TomlDocument {
  readonly file: SourceText;
  /** Empty when the text does not parse. An integer beyond 2^53 is a bigint. */
  readonly value: Readonly<Record<string, unknown>>;
  /** The place of a key or element; where it has none, of the innermost one around it. */
  readonly placeOf: (path: TomlPath) => SourceRange;
  readonly diagnostics: readonly Diagnostic[];
}

/** Longest line accepted, in characters: both parsers take very long over a longer one of dots or brackets. */
const LONGEST_LINE = 10_000;

/** Reads a TOML file; a syntax error is one diagnostic and an empty value. */
export function readToml(file: SourceText): TomlDocument {
  const long = file.lineStarts.findIndex(
    (start, line) => (file.lineStarts[line + 1] ?? file.text.length) - start > LONGEST_LINE,
  );
  if (long !== -1) return faulty(file, file.lineStarts[long]!, `the line is longer than ${LONGEST_LINE} characters`);
  // `file.text` has one character for each byte. TOML is UTF-8: values are decoded, while places stay offsets in bytes.
  const text = Buffer.from(file.text, 'latin1').toString('utf8');
  try {
    const value = parse(text, { integersAsBigInt: 'asNeeded' });
    let spans: Spans | undefined;
    const find = (path: TomlPath) => {
      spans ??= spansIn(text);
      return nearest(spans, path, file, text);
    };
    return { file, value, placeOf: (path) => lazyPlace(file, () => find(path)), diagnostics: [] };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const start = Math.min((file.lineStarts[error.line - 1] ?? 0) + error.column - 1, file.text.length);
    return faulty(file, start, error.message.split('\n')[0]!.replace(/^Invalid TOML document: /, ''));
  }
}

function faulty(file: SourceText, start: number, message: string): TomlDocument {
  const diagnostics = [{ severity: 'error', message, file, start, end: start }] as const;
  return { file, value: {}, placeOf: () => ({ file, start: 0, end: 0 }), diagnostics };
}

/** A place that is computed on first use: most entries never need theirs. */
function lazyPlace(file: SourceText, find: () => readonly [start: number, end: number]): SourceRange {
  return {
    file,
    get start() {
      return find()[0];
    },
    get end() {
      return find()[1];
    },
  };
}

/** Offsets in the decoded text, by `keyOf` of the path. */
type Spans = ReadonlyMap<string, readonly [start: number, end: number]>;

/** The range in bytes of a key or element, or of the innermost one around it. */
function nearest(spans: Spans, path: TomlPath, file: SourceText, text: string): readonly [start: number, end: number] {
  const bytes = (at: number) => (text.length === file.text.length ? at : Buffer.byteLength(text.slice(0, at)));
  for (let length = path.length; length > 0; length--) {
    const span = spans.get(keyOf(path.slice(0, length)));
    if (span !== undefined) return [bytes(span[0]), bytes(span[1])];
  }
  return [0, 0];
}

/** A path as one string, joined by NUL, which no TOML key contains. */
function keyOf(path: TomlPath): string {
  return path.join('\0');
}

/** The ranges of keys, headers and elements; empty when toml-eslint-parser refuses a text that smol-toml has accepted. */
function spansIn(text: string): Spans {
  const spans = new Map<string, readonly [number, number]>();
  const visitValue = (node: AST.TOMLContentNode, path: TomlPath): void => {
    if (node.type === 'TOMLInlineTable') for (const each of node.body) visitKey(each, path);
    if (node.type !== 'TOMLArray') return;
    for (const [index, element] of node.elements.entries()) {
      spans.set(keyOf([...path, index]), element.range);
      visitValue(element, [...path, index]);
    }
  };
  const visitKey = ({ key, value }: AST.TOMLKeyValue, table: TomlPath): void => {
    const path = [...table, ...key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value))];
    spans.set(keyOf(path), key.range);
    visitValue(value, path);
  };
  try {
    for (const node of parseTOML(text).body[0].body) {
      if (node.type === 'TOMLKeyValue') visitKey(node, []);
      else {
        const header = headerOf(node, text);
        const name = keyOf(node.resolvedKey.slice(0, -1));
        if (node.kind === 'array' && !spans.has(name)) spans.set(name, header);
        spans.set(keyOf(node.resolvedKey), header);
        for (const each of node.body) visitKey(each, node.resolvedKey);
      }
    }
  } catch {
    // The message that needs the position is reported all the same, at the start of the file.
  }
  return spans;
}

/** The range of the header `[name]` or `[[name]]`: the parser's node ends only at the end of the table. */
function headerOf({ kind, key, range }: AST.TOMLTable, text: string): readonly [number, number] {
  return [range[0], text.indexOf(']', key.range[1]) + (kind === 'array' ? 2 : 1)];
}
