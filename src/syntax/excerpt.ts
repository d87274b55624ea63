/** Excerpts of source text in messages. */
import type { SourceText } from './source.ts';

/** Most columns of a line that are shown; of a longer line the part around the place is. */
const WIDEST = 120;
/** Columns shown before the place when the start of the line is cut off. */
const LEAD = 40;
const CUT = '...';

/** The line of a place and, below, a caret under its first character and tildes under the rest. */
export function excerpt({ file, start, end }: { file: SourceText; start: number; end: number }): string {
  const { line, column } = file.position(start);
  const source = file.line(line);
  const from = source.length <= WIDEST ? 0 : Math.max(0, Math.min(column - 1 - LEAD, source.length - WIDEST));
  const to = Math.min(source.length, from + WIDEST);
  const shown = `${from > 0 ? CUT : ''}${source.slice(from, to)}${to < source.length ? CUT : ''}`;
  const indent = `${from > 0 ? CUT : ''}${source.slice(from, column - 1)}`.replace(/[^\t]/g, ' ');
  const width = Math.max(1, Math.min(end - start, to - column + 1));
  return `${printable(shown)}\n${indent}^${'~'.repeat(width - 1)}`;
}

/** Replaces control characters, so that no source can send commands to a terminal. */
function printable(text: string): string {
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '?');
}
