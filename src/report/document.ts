/**
 * Documents: the contents of reports, independent of how they are printed. Text between backticks is code. `text.ts` prints
 * documents for a terminal, `markdown.ts` for a review.
 */
export type DocumentBlock =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | Table
  | DocumentEntry;

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

export interface Table {
  readonly kind: 'table';
  readonly columns: readonly Column[];
  readonly groups: readonly RowGroup[];
}

/** Rows that belong together, with a line of their own above them (a file's name); empty for none. */
export interface RowGroup {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}

/** An entry about a place: the line, and text about it. */
export interface DocumentEntry {
  readonly kind: 'entry';
  readonly title: string;
  readonly lines: readonly EntryLine[];
}

export interface EntryLine {
  /** A word or two in front; lines of one entry are aligned behind it. */
  readonly label: string;
  readonly text: string;
}

export function heading(level: 1 | 2 | 3, text: string): DocumentBlock {
  return { kind: 'heading', level, text };
}

export function paragraph(text: string): DocumentBlock {
  return { kind: 'paragraph', text };
}

/** Column titles; a leading `>` aligns to the right. */
export function columns(...titles: readonly string[]): Column[] {
  return titles.map((title) =>
    title.startsWith('>') ? { title: title.slice(1), align: 'right' } : { title, align: 'left' },
  );
}

export function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}

/** `1,234` */
export function formatNumber(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `+12`, `-3`, `+0` */
export function difference(value: number): string {
  return value < 0 ? `-${formatNumber(-value)}` : `+${formatNumber(value)}`;
}

/** `1 site`, `2 sites` */
export function formatCount(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}
