/** Versions of a file in columns, for a terminal. */
import { diffWordsWithSpace } from 'diff';
import type { Edit } from '../syntax/edits.ts';
import type { SourceText } from '../syntax/source.ts';
import type { Paint } from './paint.ts';
import { editsOf, hunksOf, type Row, rowsOf, type Version } from './versions.ts';

export interface SideOptions<E extends Edit> {
  /** Columns of the terminal. */
  readonly width: number;
  readonly heading: (edits: readonly E[]) => string;
  readonly paint: Paint;
}

/** Lines of context around a change. */
const context = 3;
const tabWidth = 8;
/** Columns of a line number, and the narrowest column of text that is still of use. */
const numberWidth = 5;
const narrowest = 20;
/** Longer lines are not compared word by word. */
const longestCompared = 400;

/** The hunks of several versions next to each other; empty when all are equal. Wide lines go on in the next row. */
export function sideBySide<E extends Edit>(
  file: SourceText,
  versions: readonly Version<E>[],
  labels: readonly string[],
  options: SideOptions<E>,
): string {
  const hunks = hunksOf(rowsOf(file, versions), context);
  if (hunks.length === 0) return '';
  const separators = (versions.length - 1) * 3;
  const column = Math.max(numberWidth + 1 + narrowest, Math.floor((options.width - separators) / versions.length));
  const { paint } = options;
  const rule = (text: string) => paint.place(`${text} `.padEnd(versions.length * column + separators, '-'));
  const title = labels
    .map((label) => paint.title(cut(label, column).padEnd(column)))
    .join('   ')
    .trimEnd();
  const parts = [`${title}\n`];
  for (const hunk of hunks) {
    parts.push(`${rule(`-- ${options.heading(editsOf(hunk))}`)}\n`);
    for (const row of hunk) parts.push(rowText(row, column, paint));
  }
  return parts.join('');
}

/** A long label loses its start: the end of a path distinguishes it. */
function cut(label: string, length: number): string {
  return label.length <= length ? label : `..${label.slice(label.length - length + 2)}`;
}

function rowText(row: Row, column: number, paint: Paint): string {
  const length = column - numberWidth - 1;
  const texts = row.texts.map((text) => (text === null ? '' : expandTabs(text.trimEnd())));
  const cells = texts.map((text, index) => paintedPieces(text, texts, index, row, length, paint));
  const height = Math.max(...cells.map((pieces) => pieces.length));
  const lines: string[] = [];
  for (let line = 0; line < height; line++) {
    let text = '';
    for (const [index, pieces] of cells.entries()) {
      const number = row.numbers[index] ?? null;
      const label = line >= pieces.length || number === null ? '' : line === 0 ? String(number) : '..';
      const piece = pieces[line] ?? { text: '', width: 0 };
      if (index > 0) text += separator(row, index);
      text += `${label.padStart(numberWidth)} ${piece.text}${' '.repeat(length - piece.width)}`;
    }
    lines.push(`${text.trimEnd()}\n`);
  }
  return lines.join('');
}

/** How a column differs from the one before it. */
function separator({ texts }: Row, index: number): string {
  const [left, right] = [texts[index - 1] ?? null, texts[index] ?? null];
  if (left === right) return '   ';
  return left === null ? ' > ' : right === null ? ' < ' : ' | ';
}

interface Piece {
  readonly text: string;
  /** Columns that it takes on the terminal. */
  readonly width: number;
}

/** A text broken to the width of its column; what differs from the first column is painted. */
function paintedPieces(
  text: string,
  texts: readonly string[],
  index: number,
  row: Row,
  length: number,
  paint: Paint,
): Piece[] {
  if (!row.changed) return broken([{ text, different: false }], length, paint.same, paint);
  const colour = index === 0 ? paint.removed : paint.added;
  const other = index === 0 ? texts.findIndex((each, at) => at > 0 && each !== text) : 0;
  const compared = other === -1 || row.texts[other] === null ? null : texts[other]!;
  if (compared === null || compared === text)
    return broken([{ text, different: false }], length, text === texts[0] && index > 0 ? paint.same : colour, paint);
  return broken(words(compared, text), length, colour, paint);
}

interface Part {
  readonly text: string;
  readonly different: boolean;
}

/** The parts of a text, and which of them another text does not have. */
function words(other: string, text: string): Part[] {
  if (text.length > longestCompared || other.length > longestCompared) return [{ text, different: false }];
  return diffWordsWithSpace(other, text)
    .filter(({ removed }) => !removed)
    .map(({ value, added }) => ({ text: value, different: added }));
}

function broken(parts: readonly Part[], length: number, colour: (text: string) => string, paint: Paint): Piece[] {
  const text = parts.map((part) => part.text).join('');
  const show = (part: string, different: boolean) =>
    part === '' ? '' : colour(different && part.trim() !== '' ? paint.different(part) : part);
  return lineRanges(text, length).map(({ start, end }) => {
    let painted = '';
    let at = 0;
    for (const part of parts) {
      painted += show(part.text.slice(Math.max(0, start - at), Math.max(0, end - at)), part.different);
      at += part.text.length;
    }
    return { text: painted, width: columnsOfText(text.slice(start, end)) };
  });
}

/** Where a text is broken: at blanks where there are some in the last half of a line, else where the column ends. */
function lineRanges(text: string, length: number): { start: number; end: number }[] {
  const ranges: { start: number; end: number }[] = [];
  let start = 0;
  for (;;) {
    const full = endOfColumns(text, start, length);
    if (full === text.length) {
      ranges.push({ start, end: full });
      return ranges;
    }
    const blank = text.lastIndexOf(' ', full);
    const end = blank > start + length / 2 ? blank : full;
    ranges.push({ start, end: start + text.slice(start, end).trimEnd().length });
    start = end + /^ */.exec(text.slice(end))![0].length;
  }
}

/** The offset up to which a text fits into that many columns. */
function endOfColumns(text: string, start: number, length: number): number {
  let columns = 0;
  for (let at = start; at < text.length; at++) {
    columns += columnsOf(text.charCodeAt(at));
    if (columns > length) return at;
  }
  return text.length;
}

function columnsOfText(text: string): number {
  let columns = 0;
  for (let at = 0; at < text.length; at++) columns += columnsOf(text.charCodeAt(at));
  return columns;
}

/** Characters are bytes: those that continue a UTF-8 sequence take no column. */
function columnsOf(code: number): 0 | 1 {
  return (code & 0xc0) === 0x80 ? 0 : 1;
}

/** Tabs become blanks; other control characters, which would move the cursor, become `?`. */
export function expandTabs(text: string): string {
  let result = '';
  let column = 0;
  for (const character of text) {
    if (character === '\t') {
      const blanks = tabWidth - (column % tabWidth);
      result += ' '.repeat(blanks);
      column += blanks;
    } else {
      const code = character.charCodeAt(0);
      result += code < 0x20 || code === 0x7f ? '?' : character;
      column += columnsOf(code);
    }
  }
  return result;
}
