/** What is said of instructions and macros that nobody knows. */
import { suggestion } from '../../config/suggestion.ts';
import { mnemonics } from '../../machine/mnemonics.ts';
import { dataDirective } from './data.ts';
import type { ProgramInstruction } from './program.ts';

/** The message about an unknown instruction or macro. */
export function notKnown(instruction: ProgramInstruction): string {
  const { statement } = instruction;
  if (knownInSmallLetters(instruction))
    return `the assembler reads '${statement.kind === 'instruction' ? statement.mnemonic : statement.name}' in small letters, as an instruction: write it so, or include what defines it`;
  const what =
    statement.kind === 'macroCall' ? `the macro ${statement.name}` : `the instruction '${statement.mnemonic}'`;
  // A macro of a header that is not there is mostly in capitals.
  const meant =
    statement.kind === 'macroCall' || !/^[a-z]/.test(statement.mnemonic)
      ? ''
      : suggestion(statement.mnemonic, mnemonics());
  return `${what} is not known, and may read and write everything${meant}`;
}

/** Does the assembler, which reads the first word of a statement as if it stood in small letters, know what we do not? */
export function knownInSmallLetters({ statement, effects }: ProgramInstruction): boolean {
  if (effects.known || statement.kind !== 'instruction') return false;
  const small = statement.mnemonic.toLowerCase();
  return small !== statement.mnemonic && (mnemonics().includes(small) || dataDirective(small) !== null);
}
