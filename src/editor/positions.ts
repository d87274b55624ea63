/**
 * Converts between positions of the language server protocol (lines from 0, columns in UTF-16 code units) and the tool's offsets in
 * bytes.
 */

import type { Position, Range } from 'vscode-languageserver-types';
import { lineIndexAt } from '../syntax/search.ts';
import type { SourceText } from '../syntax/source.ts';

/** Bytes decoded as UTF-8, as an editor does; invalid bytes become U+FFFD. */
export function decoded(bytes: string): string {
  return /[\x80-\xff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}

/** A text encoded as UTF-8: the bytes that an editor saves, one in each character. */
export function encoded(text: string): string {
  return /[^\x00-\x7f]/.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

/** Offsets of line starts. Unlike the tool, editors also end a line at a carriage return without a line feed. */
function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) starts.push(index + end.length);
  return starts;
}

const known = new WeakMap<SourceText, readonly number[]>();

function startsOf(file: SourceText): readonly number[] {
  const starts = known.get(file) ?? lineStarts(file.text);
  known.set(file, starts);
  return starts;
}

export function positionOf(file: SourceText, offset: number): Position {
  const starts = startsOf(file);
  const line = lineIndexAt(starts, Math.min(offset, file.text.length));
  return { line, character: decoded(file.text.slice(starts[line]!, offset)).length };
}

export function rangeOf({ file, start, end }: { file: SourceText; start: number; end: number }): Range {
  return { start: positionOf(file, start), end: positionOf(file, end) };
}

/** The offset of a position. A position after the end of its line, or of the text, means that end, as the protocol demands. */
export function offsetOf(file: SourceText, { line, character }: Position): number {
  const { text } = file;
  const starts = startsOf(file);
  if (line >= starts.length) return text.length;
  const start = starts[line]!;
  const whole = text.slice(start, starts[line + 1] ?? text.length).replace(/[\r\n]+$/, '');
  const shown = decoded(whole);
  return start + Math.min(encoded(shown.slice(0, Math.max(0, character))).length, whole.length);
}
