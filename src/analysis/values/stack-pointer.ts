/**
 * The stack pointer moves down where a routine begins and up again where it ends, by constants. Where it is restored from a
 * copy, or set to a computed value, nothing is reported. Requires: the graph.
 */

import { isStep } from '../../machine/copies.ts';
import type { Effects } from '../../machine/effects.ts';
import { registerFor } from '../../machine/purposes.ts';
import { registerName, registerNamed, registerOf } from '../../machine/register-numbers.ts';
import { evaluateNumber } from '../../syntax/evaluate.ts';
import type { Node } from '../flow/graph.ts';
import type { Solution } from '../liveness/program-points.ts';
import type { ProgramInstruction } from '../program/program.ts';
import { edgesOf } from './entry-values.ts';
import type { Loss } from './loss.ts';

const STACK_POINTER = registerNamed(registerFor('stack-pointer').name);

/** How far it is from where it was, and the instruction that moved it last; null: not known. */
type Position = { readonly moved: bigint; readonly by: number } | null;

/** Returns of routines, entered at these nodes, with the stack pointer surely elsewhere than their caller had it. */
export function stackPointerLosses(solution: Solution, entries: readonly number[]): Loss[] {
  const positions = solve(solution, entries);
  return [...positions].flatMap(([id, position]) => {
    const node = solution.graph.nodes[id]!;
    const at = through(node, position);
    if (node.block.terminator.kind !== 'return' || at === null || at.moved === 0n) return [];
    const { reads } = node.exit;
    if (reads !== null && !reads.includes(STACK_POINTER)) return [];
    return [
      {
        register: registerName(STACK_POINTER),
        owner: 'caller',
        write: at.by,
        end: node.block.last,
        fork: -1,
        saved: true,
        changed: -1,
      },
    ];
  });
}

function solve(solution: Solution, entries: readonly number[]): ReadonlyMap<number, Position> {
  const positions = new Map<number, Position>(entries.map((entry) => [entry, { moved: 0n, by: -1 }]));
  const queue = [...entries];
  for (let at = 0; at < queue.length; at++) {
    const node = solution.graph.nodes[queue[at]!]!;
    const position = through(node, positions.get(node.id)!);
    for (const { to } of edgesOf(solution, node)) {
      const known = positions.get(to);
      if (known === null || (known !== undefined && position !== null && known.moved === position.moved)) continue;
      positions.set(to, known === undefined ? position : null);
      queue.push(to);
    }
  }
  return positions;
}

function through({ code, bank }: Node, before: Position): Position {
  let position = before;
  for (const instruction of code) {
    const { effects, index } = instruction;
    if (!effects.known) return null;
    if (!effects.writes.some((resource) => registerOf[bank][resource] === STACK_POINTER)) continue;
    const step = stepOf(instruction);
    position = position === null || step === null ? null : { moved: position.moved + step, by: index };
  }
  return position;
}

/** A store with a step is one by two inputs; what a load puts into its address is no step. */
function stepsAddress({ writesMemory, readsMemory, results }: Effects, inputs: number): boolean {
  return writesMemory && !readsMemory && results.length === 0 && inputs === 2;
}

/** The constant of `adds r12=-16,r12` or `st8 [r12]=r9,-16`; null: it is set in another way. */
function stepOf({ statement, effects }: ProgramInstruction): bigint | null {
  if (statement.kind !== 'instruction' || effects.predicate !== 0) return null;
  const ownStep = isStep(effects) && effects.reads.length === 1 && effects.reads[0] === effects.results[0];
  const { inputs } = statement;
  if (!ownStep && !stepsAddress(effects, inputs.length)) return null;
  const amount = ownStep ? inputs[0] : inputs[1];
  return amount === undefined ? null : (evaluateNumber(amount) ?? null);
}
