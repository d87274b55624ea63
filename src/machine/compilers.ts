/** grammar/compilers.tsv: the marks by which code from a compiler is recognised. */
import table from '../../grammar/compilers.tsv';
import { tableRows } from './tsv.ts';

interface Marks {
  /** By directive: texts of its first operand, those in front of a `*` and behind it. */
  readonly made: ReadonlyMap<string, readonly (readonly [string, string])[]>;
  readonly inline: string;
  readonly ends: string;
}

let marks: Marks | undefined;

function readMarks(): Marks {
  const made = new Map<string, (readonly [string, string])[]>();
  const lines = new Map<string, string>();
  for (const [mark, directive, text] of tableRows(table)) {
    if (mark !== 'made') {
      lines.set(mark!, text!);
      continue;
    }
    const [head, tail] = text!.split('*');
    const list = made.get(directive!) ?? [];
    made.set(directive!, [...list, [head!, tail ?? ''] as const]);
  }
  return { made, inline: lines.get('inline')!, ends: lines.get('ends')! };
}

/** Whether a directive of this name may show that a compiler wrote the file. */
export function mayTellOfCompiler(directive: string): boolean {
  marks ??= readMarks();
  return marks.made.has(directive);
}

/** Does a directive with this first operand, without quotes, tell that a compiler wrote the file? */
export function tellsOfCompiler(directive: string, operand: string): boolean {
  marks ??= readMarks();
  return (marks.made.get(directive) ?? []).some(
    ([head, tail]) => operand.length >= head.length + tail.length && operand.startsWith(head) && operand.endsWith(tail),
  );
}

/** The offsets of a text between which inline assembly stands, in order: each from its first line to behind its last. */
export function inlineAssembly(text: string): readonly (readonly [number, number])[] {
  marks ??= readMarks();
  const found: [number, number][] = [];
  for (let at = lineAt(text, marks.inline, 0); at >= 0; ) {
    const end = lineAt(text, marks.ends, at);
    found.push([at, end < 0 ? text.length : end]);
    at = end < 0 ? -1 : lineAt(text, marks.inline, end);
  }
  return found;
}

/** Where a line stands that is just this, at or behind an offset; -1: nowhere. */
function lineAt(text: string, line: string, from: number): number {
  for (let at = text.indexOf(line, from); at >= 0; at = text.indexOf(line, at + 1)) {
    const before = at === 0 || text[at - 1] === '\n';
    const behind = text.slice(at + line.length, at + line.length + 2);
    if (before && (behind === '' || behind[0] === '\n' || behind === '\r\n')) return at;
  }
  return -1;
}
