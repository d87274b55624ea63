/**
 * Interruption handlers that hand the interrupted code's registers to C: a call destroys what the software conventions let it
 * destroy, so by then everything of that must have been read, or nothing can have saved it. Requires: the entry values.
 */
import { isOfClass } from '../../machine/classes.ts';
import { PREDICATES_AS_ONE } from '../../machine/copies.ts';
import { isPredicate } from '../../machine/register-numbers.ts';
import type { Node } from '../flow/graph.ts';
import type { Solution } from '../liveness/program-points.ts';
import { resolveTarget } from '../program/symbols.ts';
import { LINK } from './ends.ts';
import { computer, type EntryState, entryOf } from './entry-values.ts';

/** Is a node the end of a handler: a call of C that goes on at an address of another file, which is to restore everything? */
export function isHandedOver(solution: Solution, { block, bank, exit }: Node, { holds }: EntryState): boolean {
  const { kind, target, link } = block.terminator;
  if (kind !== 'call' || target >= 0 || bank !== 1 || exit.reads === null || link === 0) return false;
  const by = computer(holds[LINK]!);
  return by >= 0 && isAddressElsewhere(solution, by);
}

/** `movl r14=symbol` */
function isAddressElsewhere({ program }: Solution, index: number): boolean {
  const { statement, statementIndex, effects } = program.instructions[index]!;
  if (statement.kind !== 'instruction' || !isOfClass(effects.form, 'moves')) return false;
  const [input] = statement.inputs;
  const named = input === undefined ? null : resolveTarget(program.symbols, input, statementIndex);
  return named !== null && named.label === null;
}

/** Registers that a call of C at the end of a node destroys while they hold entry values that nothing has read. */
export function unsavedAt(solution: Solution, { block, exit }: Node, { holds, saved }: EntryState): readonly number[] {
  const { kind, target, symbol } = block.terminator;
  if (kind !== 'call' || target >= 0 || (symbol !== null && solution.conventions.symbols.has(symbol))) return [];
  return exit.clobbers.filter((register) => holds[register] === entryOf(register) && saved[register] === 0);
}

/** Is the entry value of a register in no register and surely not in memory, so that nobody can give it back? */
export function isNowhere({ holds, stored }: EntryState, register: number): boolean {
  const values = isPredicate(register) ? [register, PREDICATES_AS_ONE] : [register];
  return values.every((value) => stored[value] === 0 && !holds.includes(entryOf(value)));
}
