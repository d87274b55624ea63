/**
 * Entries that the software conventions do not describe: the code reads scratch registers in which no caller by the
 * conventions passes anything. `fast_path: cmp.eq p6,p7=1,r17` is jumped to by a handler, with the handler's registers; it
 * may run on either bank, and what follows it may want them all back. Requires: the program's instructions in order.
 */
import type { Conventions } from './conventions.ts';
import type { Program } from './program.ts';
import { isBranch, isGeneral, registerOf } from './registers.ts';

/** Does the code from `first` to a call or a certain branch read what no call passes, before writing it? */
export function takesUnusual({ instructions, next }: Program, first: number, conventions: Conventions): boolean {
  const passed = new Set([...conventions.call.reads[1], ...conventions.return.reads[1]]);
  const scratch = conventions.call.clobbers[1].filter(
    (each) => (isGeneral(each) || isBranch(each)) && !passed.has(each),
  );
  const open = new Set(scratch);
  for (let at = first; at >= 0; at = next[at]!) {
    const { effects } = instructions[at]!;
    if (!effects.known) return false;
    if (effects.reads.some((resource) => open.has(registerOf[1][resource]!))) return true;
    for (const list of [effects.writes, effects.mayWrites])
      for (const resource of list) open.delete(registerOf[1][resource]!);
    if (effects.branch !== null && (effects.predicate === 0 || effects.branch.kind === 'call')) return false;
  }
  return false;
}
