/** Conventions as messages propose them: spelled as in a file of conventions, with the key that would say what is not read. */
import { evaluateNumber } from '../../syntax/evaluate.ts';
import type { Terminator } from '../flow/flow.ts';
import type { Program, ProgramInstruction } from '../program/program.ts';

/** The convention that says what is read where control leaves by a branch. */
export function conventionAbout(
  { routines }: Program,
  { kind, symbol }: Terminator,
  by: ProgramInstruction,
): string | null {
  const ofSymbol = `[[symbol]] name = "${symbol}", reads = [...]`;
  switch (kind) {
    case 'break':
    case 'halt':
      return `[[break]] immediate = ${immediateOf(by)}, reads = [...]`;
    case 'unknown':
      return null;
    case 'rfi':
      return exitOf(routines[by.routine]?.name, 'rfi', 'dead');
    case 'call':
      return symbol === null ? '[call] reads = [...]' : ofSymbol;
    default:
      if (symbol !== null) return ofSymbol;
      return exitOf(routines[by.routine]?.name, kind === 'return' ? 'return' : 'jump', 'reads');
  }
}

function immediateOf({ statement }: ProgramInstruction): string {
  const [immediate] = statement.kind === 'instruction' ? statement.inputs : [];
  const value = immediate === undefined ? undefined : evaluateNumber(immediate);
  return value === undefined ? 'N' : `0x${value.toString(16)}`;
}

/** Behind an rfi is what was interrupted: everything but what is listed is read there (`rfiExit`). */
function exitOf(routine: string | undefined, kind: string, key: 'reads' | 'dead'): string {
  const entry = (name: string) => `[[exit]] routine = "${name}", kind = "${kind}", ${key} = [...]`;
  return routine === undefined ? `with a .proc NAME around the code, ${entry('NAME')}` : entry(routine);
}
