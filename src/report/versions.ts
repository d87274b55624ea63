/**
 * Versions of one file side by side, from the lists of edits that make them: no comparison of texts is needed, the edits
 * know where they are. Linear in the length of the file.
 */
import { applyEdits, type Edit } from '../syntax/edits.ts';
import type { SourceText } from '../syntax/source.ts';

/** What one version changes in the file; the file itself is the version without edits. */
export type Version<E extends Edit = Edit> = readonly E[];

/** One line of all versions; `texts` are with their line ends, null where a version has no line there. */
export interface Row<E extends Edit = Edit> {
  readonly texts: readonly (string | null)[];
  /** Line numbers in the versions' own texts, counted from 1. */
  readonly numbers: readonly (number | null)[];
  /** Not all versions have the same here. */
  readonly changed: boolean;
  /** The edits, of all versions, that the line comes from; the same array for all lines of one change. */
  readonly edits: readonly E[];
}

interface Change<E> {
  readonly firstLine: number;
  lastLine: number;
  readonly edits: { readonly version: number; readonly edit: E }[];
}

/** All lines of all versions, in order. */
export function rowsOf<E extends Edit>(file: SourceText, versions: readonly Version<E>[]): Row<E>[] {
  const rows: Row<E>[] = [];
  const numbers = versions.map(() => 0);
  const add = (texts: readonly (string | null)[], edits: readonly E[]) => {
    for (const [version, text] of texts.entries()) if (text !== null) numbers[version]!++;
    rows.push({
      texts,
      numbers: texts.map((text, version) => (text === null ? null : numbers[version]!)),
      changed: texts.some((text) => text !== texts[0]),
      edits,
    });
  };
  const same = (first: number, last: number) => {
    for (let line = first; line <= last; line++)
      add(
        versions.map(() => lineText(file, line)),
        [],
      );
  };
  let next = 1;
  for (const change of changesOf(file, versions)) {
    same(next, change.firstLine - 1);
    addChange(file, versions.length, change, add);
    next = change.lastLine + 1;
  }
  same(next, lineCount(file));
  return rows;
}

/** Edits of all versions that touch the same lines, gathered. */
function changesOf<E extends Edit>(file: SourceText, versions: readonly Version<E>[]): Change<E>[] {
  const all = versions.flatMap((edits, version) => edits.map((edit) => ({ version, edit })));
  all.sort((a, b) => a.edit.start - b.edit.start || a.version - b.version);
  const changes: Change<E>[] = [];
  for (const one of all) {
    const firstLine = file.position(one.edit.start).line;
    const lastLine = file.position(one.edit.end).line;
    const open = changes.at(-1);
    if (open !== undefined && firstLine <= open.lastLine) {
      open.lastLine = Math.max(open.lastLine, lastLine);
      open.edits.push(one);
    } else changes.push({ firstLine, lastLine, edits: [one] });
  }
  return changes;
}

function addChange<E extends Edit>(
  file: SourceText,
  versions: number,
  { firstLine, lastLine, edits }: Change<E>,
  add: (texts: readonly (string | null)[], edits: readonly E[]) => void,
): void {
  const start = file.lineStarts[firstLine - 1]!;
  const text = file.text.slice(start, file.lineStarts[lastLine]);
  const sides = Array.from({ length: versions }, (_, version) => {
    const own = edits.filter((each) => each.version === version).map(({ edit }) => edit);
    return splitLines(
      applyEdits(
        text,
        own.map((edit) => ({ start: edit.start - start, end: edit.end - start, text: edit.text })),
      ),
    );
  });
  const own = edits.map(({ edit }) => edit);
  const shortest = Math.min(...sides.map((lines) => lines.length));
  const alike = (at: (lines: readonly string[]) => string | undefined) =>
    sides.every((lines) => at(lines) === at(sides[0]!));
  let tail = 0;
  while (tail < shortest && alike((lines) => lines.at(-1 - tail))) tail++;
  const longest = Math.max(...sides.map((lines) => lines.length));
  for (let row = 0; row < longest - tail; row++)
    add(
      sides.map((lines) => (row < lines.length - tail ? lines[row]! : null)),
      own,
    );
  for (let row = tail; row > 0; row--)
    add(
      sides.map((lines) => lines.at(-row)!),
      own,
    );
}

/** Runs of rows around changes: changed rows with up to `context` rows around them. */
export function hunksOf<E extends Edit>(rows: readonly Row<E>[], context: number): Row<E>[][] {
  const hunks: { first: number; last: number }[] = [];
  for (const [at, { changed }] of rows.entries()) {
    if (!changed) continue;
    const open = hunks.at(-1);
    if (open !== undefined && at - open.last <= 2 * context) open.last = at;
    else hunks.push({ first: at, last: at });
  }
  return hunks.map(({ first, last }) => rows.slice(Math.max(0, first - context), last + context + 1));
}

/** The edits behind the changed rows of a hunk, each once. */
export function editsOf<E extends Edit>(hunk: readonly Row<E>[]): E[] {
  return [...new Set(hunk.filter(({ changed }) => changed).flatMap(({ edits }) => edits))];
}

/** The lines of a file; text after the last line end is a line if it is not empty. */
function lineCount({ text, lineStarts }: SourceText): number {
  return text === '' || text.endsWith('\n') ? lineStarts.length - 1 : lineStarts.length;
}

function lineText(file: SourceText, line: number): string {
  return file.text.slice(file.lineStarts[line - 1], file.lineStarts[line]);
}

function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
