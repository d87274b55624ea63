/** Code that is copied and run elsewhere: `[[relocated]]` in convention files. */
import type { Program } from '../analysis/program/program.ts';
import type { RelocatedRange } from '../config/conventions.ts';

/**
 * Tells instructions, by their index, that stand in one of the ranges. A range whose end is not in the program goes on to
 * the end of the section; one whose beginning is not is none.
 */
export function relocatedCode(
  { instructions, symbols }: Program,
  ranges: readonly RelocatedRange[],
): (instruction: number) => boolean {
  const found = ranges.flatMap(({ from, to }) => {
    const start = symbols.named.get(from);
    const end = symbols.named.get(to);
    if (start === undefined) return [];
    const last = end?.section === start.section ? end.statement : Number.POSITIVE_INFINITY;
    return [{ section: start.section, first: start.statement, last }];
  });
  return (index) => {
    const { section, statementIndex } = instructions[index]!;
    return found.some((each) => each.section === section && statementIndex > each.first && statementIndex < each.last);
  };
}
