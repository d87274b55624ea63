/** Macros with a numeric label of their own, put between a branch and the label that it was meant for. */
import { blankComments } from '../calls.ts';
import type { Mutant } from '../mutant.ts';
import { macroised, SOURCES } from '../subject.ts';

export function capturedLabels(): readonly Mutant[] {
  return SOURCES.flatMap((file) => {
    const text = macroised.get(file)!;
    const lines = linesOf(blankComments(text));
    return lines.flatMap((line, index) => {
      const reference = /^[^#]*\b(\d+)([fb])\b/.exec(line.text);
      if (reference === null || line.text.includes('"') || line.text.trimEnd().endsWith('\\')) return [];
      const [, number, direction] = reference;
      if (!isLabelled(lines, index, number!, direction === 'f' ? 1 : -1)) return [];
      const at = direction === 'f' ? line.end : line.start;
      // One line behind a forward reference, or one line before a backward one: nothing else is nearer.
      const added = `#define WAIT_FOR_IT ${number}: nop 0\n\tWAIT_FOR_IT\n`;
      const what = `a macro with '${number}:' at ${text.slice(line.start, line.end).trim()}`;
      const mutant: Mutant = {
        fault: 'label capture',
        file,
        edits: [{ start: at, end: at, text: added }],
        rules: ['PV014'],
        start: line.start,
        end: line.end - 1,
        register: null,
        what,
      };
      return [mutant];
    });
  });
}

interface Line {
  readonly text: string;
  readonly start: number;
  /** Behind its newline. */
  readonly end: number;
}

function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline + 1;
    lines.push({ text: text.slice(start, end), start, end });
    start = end;
  }
  return lines;
}

/** A label of that number stands in the text where the reference looks for it. */
function isLabelled(lines: readonly Line[], index: number, number: string, step: 1 | -1): boolean {
  const label = new RegExp(`^\\s*(?:\\[?${number}:|.*;\\s*${number}:)`);
  for (let at = index + step; at >= 0 && at < lines.length; at += step) if (label.test(lines[at]!.text)) return true;
  return false;
}
