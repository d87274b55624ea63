/**
 * Changes to a source, judged by the assembler: marked places survive gcc -E as words of their own, so that one
 * preprocessed listing serves every change.
 */
import { type Assembled, assembled, listing, macroised, SOURCES, sourceOf, type Texts } from './subject.ts';

export interface Mark {
  readonly file: string;
  /** What stands there now; `start === end`: nothing. */
  readonly start: number;
  readonly end: number;
}

export interface Marked {
  /** What the assembler says of a source's native listing when some marks, by index, are replaced. */
  judge(source: string, replaced: ReadonlyMap<number, string>): Assembled;
}

const WORD = /\bPVMARK(\d+)X\b/g;

/** Marks must be in order within each file. */
export function marked(marks: readonly Mark[]): Marked {
  const texts: Texts = new Map([...macroised].map(([file, text]) => [file, withMarks(file, text, marks)]));
  const listings = new Map(SOURCES.map((source) => [source as string, listing(source, texts, true)]));
  const standing = marks.map(({ file, start, end }) => macroised.get(file)!.slice(start, end));
  return {
    judge(source, replaced) {
      const text = listings.get(sourceOf(source))!;
      return assembled(
        text.replace(WORD, (_, number: string) => replaced.get(Number(number)) ?? standing[Number(number)]!),
      );
    },
  };
}

function withMarks(file: string, text: string, marks: readonly Mark[]): string {
  const parts: string[] = [];
  let reached = 0;
  marks.forEach((mark, number) => {
    if (mark.file !== file) return;
    parts.push(text.slice(reached, mark.start), ` PVMARK${number}X `);
    reached = mark.end;
  });
  return parts.join('') + text.slice(reached);
}
