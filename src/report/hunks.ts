/** Unified diffs from lists of edits: no comparison of texts is needed, the edits know where they are. */
import { applyEdits, type Edit, type SourceText } from '../syntax/index.ts';

/** Lines of context around a change, as `diff -u` gives. */
const context = 3;

/** A run of changed lines with its edits, lines counted from 1. */
export interface Hunk<E extends Edit = Edit> {
  readonly firstLine: number;
  readonly lastLine: number;
  readonly edits: readonly E[];
}

/** Edits gathered by the lines they touch; two runs whose context would overlap become one hunk. */
export function hunksOf<E extends Edit>(file: SourceText, edits: readonly E[]): Hunk<E>[] {
  const hunks: { firstLine: number; lastLine: number; edits: E[] }[] = [];
  for (const edit of edits) {
    const firstLine = file.position(edit.start).line;
    const lastLine = file.position(edit.end).line;
    const open = hunks.at(-1);
    if (open !== undefined && firstLine <= open.lastLine + 2 * context + 1) {
      open.lastLine = Math.max(open.lastLine, lastLine);
      open.edits.push(edit);
    } else hunks.push({ firstLine, lastLine, edits: [edit] });
  }
  return hunks;
}

/** The unified diff of a file and what edits make of it; empty when there are none. `labels` name the two sides. */
export function unifiedDiff(file: SourceText, edits: readonly Edit[], labels: readonly [string, string] = [`a/${file.name}`, `b/${file.name}`]): string {
  if (edits.length === 0) return '';
  const parts = [`--- ${labels[0]}\n+++ ${labels[1]}\n`];
  let shift = 0;
  for (const hunk of hunksOf(file, edits)) {
    const { text, added } = hunkText(file, hunk, shift);
    parts.push(text);
    shift += added;
  }
  return parts.join('');
}

function hunkText(file: SourceText, hunk: Hunk, shift: number): { text: string; added: number } {
  const count = file.text.endsWith('\n') ? file.lineStarts.length - 1 : file.lineStarts.length;
  const first = Math.max(1, hunk.firstLine - context);
  const last = Math.min(count, hunk.lastLine + context);
  const before = lines(file, hunk.firstLine, hunk.lastLine);
  const start = file.lineStarts[hunk.firstLine - 1]!;
  const after = applyEdits(before.join(''), hunk.edits.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start })));
  const changed = changedLines(before, splitLines(after));
  const body = [...lines(file, first, hunk.firstLine - 1).map((line) => ` ${line}`), ...changed, ...lines(file, hunk.lastLine + 1, last).map((line) => ` ${line}`)];
  const added = splitLines(after).length - before.length;
  const length = last - first + 1;
  const head = `@@ -${first},${length} +${first + shift},${length + added} @@\n`;
  return { text: head + body.map(terminated).join(''), added };
}

/** Lines of a hunk that are equal on both sides at its ends and between single-line edits stay context. */
function changedLines(before: readonly string[], after: readonly string[]): string[] {
  if (before.length === after.length) return pairwise(before, after);
  return [...before.map((line) => `-${line}`), ...after.map((line) => `+${line}`)];
}

function pairwise(before: readonly string[], after: readonly string[]): string[] {
  const result: string[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const flush = () => {
    result.push(...removed, ...added);
    removed = [];
    added = [];
  };
  for (const [index, line] of before.entries()) {
    if (line === after[index]) {
      flush();
      result.push(` ${line}`);
    } else {
      removed.push(`-${line}`);
      added.push(`+${after[index]!}`);
    }
  }
  flush();
  return result;
}

function lines(file: SourceText, first: number, last: number): string[] {
  const result: string[] = [];
  for (let line = first; line <= last; line++) result.push(file.text.slice(file.lineStarts[line - 1], file.lineStarts[line] ?? file.text.length));
  return result;
}

function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function terminated(line: string): string {
  return line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`;
}
