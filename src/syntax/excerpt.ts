/** A place of a source text as a person is shown it. */
import type { SourceText } from './source.ts';

/** Columns that a line is shown with at most: of a longer one the part around the place. */
const WIDEST = 120;
/** Columns in front of the place, where the line is cut there. */
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

/** Control characters in a source must not reach a terminal as commands. */
function printable(text: string): string {
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '?');
}
