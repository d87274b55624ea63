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
  const consequence = 'and may read and write everything';
  if (statement.kind === 'macroCall') return `the macro ${statement.name} is not known, ${consequence}`;
  const { mnemonic } = statement;
  // A macro of a header that is not there is mostly in capitals.
  const known = /^[a-z]/.test(mnemonic) ? mnemonics() : [];
  return known.includes(mnemonic)
    ? `'${mnemonic}' has no form with these operands, ${consequence}: is one of them a register by another name?`
    : `the instruction '${mnemonic}' is not known, ${consequence}${suggestion(mnemonic, known)}`;
}

/** Does the assembler, which reads the first word of a statement as if it stood in small letters, know what we do not? */
export function knownInSmallLetters({ statement, effects }: ProgramInstruction): boolean {
  if (effects.known || statement.kind !== 'instruction') return false;
  const small = statement.mnemonic.toLowerCase();
  return small !== statement.mnemonic && (mnemonics().includes(small) || dataDirective(small) !== null);
}
