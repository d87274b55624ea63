/** Mnemonics behind which a name is an operand, and never a statement. */
import table from '../../grammar/one-operand.tsv';

/** The rows below the heading. */
const MNEMONICS: ReadonlySet<string> = new Set(
  table
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .slice(1),
);

export function takesOneOperand(name: string): boolean {
  return MNEMONICS.has(name);
}
