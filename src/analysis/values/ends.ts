/** Where an activation ends, and who goes on there. Requires: the graph, the entry values. */

import { registerFor } from '../../machine/purposes.ts';
import { branch, isStacked, registerName, registerNamed, registerOf } from '../../machine/register-numbers.ts';
import { registerByName } from '../../machine/register-table.ts';
import { NOWHERE } from '../flow/flow.ts';
import type { Node } from '../flow/graph.ts';
import type { Solution } from '../liveness/program-points.ts';
import { computer, type EntryState, entryOf, isLoaded, mayBeOwn } from './entry-values.ts';

/**
 * How a routine ends. back: it returns to its caller, or tail-calls code that will. self: it returns behind a call of its
 * own, whose index is `call`. elsewhere: it branches to a value that is no return address.
 */
export type RoutineEnd = { readonly kind: 'back' | 'elsewhere' } | { readonly kind: 'self'; readonly call: number };

/** The end of a routine, whose return address came in `link`, at a node; null when control stays in the routine, or its destination is unknown. */
export function routineEnd(solution: Solution, node: Node, state: EntryState, link: number): RoutineEnd | null {
  const { kind, through } = node.block.terminator;
  if (kind === 'return') return returnEnd(solution, node, state);
  if (kind === 'indirect' && through !== null) {
    if (state.holds[branch(through)] === entryOf(link)) return { kind: 'back' };
    // Through another register, code goes to places that it has calls leave there: `br.call b6=1f`.
    const call = branch(through) === LINK ? returnsToSelf(solution, node, state) : -1;
    return call >= 0 ? { kind: 'self', call } : null;
  }
  const leaves = (kind === 'jump' || kind === 'either') && node.block.terminator.target === NOWHERE;
  return leaves && state.holds[LINK] === entryOf(LINK) ? { kind: 'back' } : null;
}

export const LINK = registerNamed(registerFor('return-link').name);

function returnEnd(solution: Solution, node: Node, state: EntryState): RoutineEnd | null {
  if (returnsToCaller(node, state)) return { kind: 'back' };
  const call = returnsToSelf(solution, node, state);
  if (call >= 0) return { kind: 'self', call };
  const value = state.holds[branch(node.block.terminator.through!)]!;
  const isApplication = value > 0 && registerByName(registerName(value - 1))?.class === 'ar';
  return isApplication ? { kind: 'elsewhere' } : null;
}

/** A return restores the frame from ar.pfs; a branch does not, and does not need b0 afterwards. */
export function isReadBehind({ exit: { reads }, block: { terminator } }: Node, register: number): boolean {
  if (terminator.kind === 'indirect' && (register === LINK || register === PREVIOUS_FRAME)) return false;
  if (reads === null || reads.includes(register)) return true;
  if (terminator.kind !== 'return' || reads.length === 0) return false;
  return register === PREVIOUS_FRAME || (register === LINK && terminator.through === 0);
}

export const PREVIOUS_FRAME = registerNamed(registerFor('previous-frame').name);

/**
 * Does the branch go through a register that still, or again, holds the return address? Where nothing has read that, what is
 * loaded is somebody else's: `longjmp` goes on in the frame whose registers it has loaded.
 */
function returnsToCaller({ block }: Node, state: EntryState): boolean {
  const through = block.terminator.through;
  if (through === null) return false;
  const value = state.holds[branch(through)]!;
  return mayBeOwn(state, LINK, value) && !(isLoaded(value) && state.saved[LINK] === 0);
}

/**
 * A routine without memory accesses that leaves a single preserved register changed exists to set that register, which C
 * cannot: no fault.
 */
export function isSetter({ program, conventions }: Solution, { block }: Node, register: number): boolean {
  const { routine } = program.instructions[block.last]!;
  if (routine < 0) return false;
  const { first, last } = program.routines[routine]!;
  const results = conventions.return.reads[1];
  return program.instructions.slice(first, last).every(({ effects }) => {
    if (!effects.known || effects.branch !== null || effects.writesMemory || effects.readsMemory) return false;
    const surely = effects.writes.filter((resource) => !effects.mayWrites.includes(resource));
    const written = surely.map((resource) => registerOf[1][resource]!);
    return written.every((each) => each === register || !results.includes(each) || isStacked(each));
  });
}

/** The call of this activation whose return address is still in the register; -1 when it is another. */
function returnsToSelf({ program }: Solution, { block }: Node, state: EntryState): number {
  const by = computer(state.holds[branch(block.terminator.through!)]!);
  return by >= 0 && program.instructions[by]!.effects.branch?.kind === 'call' ? by : -1;
}
