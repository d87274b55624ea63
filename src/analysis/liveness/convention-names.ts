/** The names of conventions, as messages propose them. */
import type { Terminator } from '../flow/flow.ts';
import type { Program, ProgramInstruction } from '../program/program.ts';

/** The convention that says what is read where control leaves by a branch. */
export function conventionAbout(
  { routines }: Program,
  { kind, symbol }: Terminator,
  by: ProgramInstruction,
): string | null {
  const named = routines[by.routine]?.name;
  const routine = named === undefined ? '' : ` routine = "${named}"`;
  switch (kind) {
    case 'break':
    case 'halt':
      return '[[break]]';
    case 'unknown':
      return null;
    case 'rfi':
      return named === undefined ? null : `[[exit]]${routine}, kind = "rfi"`;
    case 'call':
      return symbol === null ? '[call]' : `[[symbol]] name = "${symbol}"`;
    default:
      if (symbol !== null) return `[[symbol]] name = "${symbol}"`;
      return named === undefined ? null : `[[exit]]${routine}, kind = "${kind === 'return' ? 'return' : 'jump'}"`;
  }
}
