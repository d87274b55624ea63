/**
 * Entries that the software conventions do not describe: the code reads scratch registers in which no caller by the
 * conventions passes anything. `fast_path: cmp.eq p6,p7=1,r17` is jumped to by a handler, with the handler's registers; it
 * may run on either bank, and what follows it may want them all back. Requires: the program's instructions in order.
 */
import type { Conventions } from '../../config/conventions.ts';
import type { Effects } from '../../machine/effects.ts';
import { isBranch, isGeneral, registerOf } from '../../machine/register-numbers.ts';
import type { Program } from '../program/program.ts';
import { bankSetBy } from './mode-table.ts';

/** The scratch registers in which no caller by the conventions passes anything, and no return gives anything back. */
export function unusualRegisters({ call, return: back }: Conventions): ReadonlySet<number> {
  const passed = new Set([...call.reads[1], ...back.reads[1]]);
  return new Set(call.clobbers[1].filter((each) => (isGeneral(each) || isBranch(each)) && !passed.has(each)));
}

/**
 * Does the code from `first` up to a call, or to a branch that is always taken, read one of these registers before writing
 * it?
 *
 * @param counts whether what an instruction with these effects reads is looked at
 */
export function takesUnusual(
  { instructions, next }: Program,
  first: number,
  unusual: ReadonlySet<number>,
  counts: (effects: Effects) => boolean = () => true,
): boolean {
  const written = new Set<number>();
  const registers = registerOf[1];
  for (let at = first; at >= 0; at = next[at]!) {
    const { effects, statement } = instructions[at]!;
    // Who leaves bank 1 was entered on it, and reads nothing of what it was called with behind that.
    if (statement.kind === 'instruction' && bankSetBy(statement.mnemonic) === 0) return false;
    const { known, reads, writes, mayWrites, branch, predicate } = effects;
    if (!known) return false;
    for (let each = 0; each < reads.length && counts(effects); each++) {
      const register = registers[reads[each]!]!;
      if (unusual.has(register) && !written.has(register)) return true;
    }
    for (let each = 0; each < writes.length; each++) written.add(registers[writes[each]!]!);
    for (let each = 0; each < mayWrites.length; each++) written.add(registers[mayWrites[each]!]!);
    if (branch !== null && (predicate === 0 || branch.kind === 'call')) return false;
  }
  return false;
}
