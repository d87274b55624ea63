/** Unified diffs of two versions of a file, as `patch` reads them. */
import type { Edit } from '../syntax/edits.ts';
import type { SourceText } from '../syntax/source.ts';
import { type Paint, plainPaint } from './paint.ts';
import { patchName } from './patch-names.ts';
import { editsOf, hunksOf, type Row, rowsOf, type Version } from './versions.ts';

/** Lines of context around a change, as `diff -u` gives. */
const context = 3;

export interface DiffOptions<E extends Edit> {
  /** What is said behind the line numbers of a hunk. */
  readonly heading?: (edits: readonly E[]) => string;
  readonly paint?: Paint;
}

/** The unified diff of a file and what edits make of it; empty when there are none. `labels` name the two sides. */
export function unifiedDiff<E extends Edit>(
  file: SourceText,
  edits: readonly E[],
  labels: readonly [string, string] = [patchName('a', file.name), patchName('b', file.name)],
  options: DiffOptions<E> = {},
): string {
  return versionsDiff(file, [[], edits], labels, options);
}

/** The unified diff of two versions of a file; empty when they are equal. */
export function versionsDiff<E extends Edit>(
  file: SourceText,
  versions: readonly [Version<E>, Version<E>],
  labels: readonly [string, string],
  { heading = () => '', paint = plainPaint }: DiffOptions<E> = {},
): string {
  const hunks = hunksOf(rowsOf(file, versions), context);
  if (hunks.length === 0) return '';
  const head = `${paint.title(`--- ${labels[0]}`)}\n${paint.title(`+++ ${labels[1]}`)}\n`;
  return head + hunks.map((hunk) => hunkText(hunk, heading(editsOf(hunk)), paint)).join('');
}

function hunkText(hunk: readonly Row[], heading: string, paint: Paint): string {
  const range = (side: 0 | 1) => {
    const numbers = hunk.map(({ numbers }) => numbers[side]!).filter((line) => line !== null);
    return `${numbers[0] ?? 0},${numbers.length}`;
  };
  const head = `${paint.place(`@@ -${range(0)} +${range(1)} @@`)}${heading === '' ? '' : ` ${heading}`}\n`;
  const lines: string[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const flush = () => {
    lines.push(...removed, ...added);
    removed = [];
    added = [];
  };
  for (const { texts, changed } of hunk) {
    const [left, right] = texts as [string | null, string | null];
    if (!changed) {
      flush();
      lines.push(marked(' ', left!, paint.same));
      continue;
    }
    if (left !== null) removed.push(marked('-', left, paint.removed));
    if (right !== null) added.push(marked('+', right, paint.added));
  }
  flush();
  return head + lines.join('');
}

function marked(mark: string, line: string, paint: (text: string) => string): string {
  const text = line.replace(/\r?\n$/, '');
  const end = line.slice(text.length);
  return `${paint(mark + text)}${end === '' ? '\n\\ No newline at end of file\n' : end}`;
}
