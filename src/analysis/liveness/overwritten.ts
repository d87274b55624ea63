/**
 * Dead stores to registers: values that are certainly overwritten, or left behind at the end of a handler, before anything
 * reads them. Either the work was in vain, or another register was meant. Requires: the solution.
 */

import type { Effects } from '../../machine/effects.ts';
import { FIRST_ROTATING } from '../../machine/purposes.ts';
import {
  isBank0,
  isGeneral,
  isPredicate,
  isStacked,
  predicateNumber,
  registerName,
  registerNamed,
  registerOf,
} from '../../machine/register-numbers.ts';
import { EXTERNAL, isBreak } from '../flow/flow.ts';
import type { Node } from '../flow/graph.ts';
import type { ProgramInstruction } from '../program/program.ts';
import { successors } from './liveness.ts';
import type { Solution } from './program-points.ts';

export interface OverwrittenValue {
  /** The instruction that computes it. */
  readonly instruction: number;
  readonly register: string;
  /** The instructions that overwrite it, or leave it behind (rfi), on every path that follows. */
  readonly overwrittenBy: readonly number[];
  /** All of them leave it behind: it was the last value of the register. */
  readonly leftBehind: boolean;
}

/**
 * General registers, and compares all of whose predicates are overwritten. A value that may leave the program, or that the nested-miss handler or the handler of a `break`
 * may read, is not surely overwritten. An instruction that runs on both banks must compute in vain on both.
 */
export function overwrittenValues(solution: Solution): OverwrittenValue[] {
  const found = new Map<string, { instruction: number; register: string; by: Set<number> } | null>();
  for (const node of solution.graph.nodes) {
    for (const { position, register } of solution.alone().presumed.unread[node.id]!) {
      if (!isGeneral(register)) continue; // predicates: below, both of a compare together
      const instruction = node.code[position]!.index;
      const key = `${instruction} ${registerName(register)}`;
      const by = overwriters(solution, node, position, register);
      const known = found.get(key);
      if (by === null || known === null) found.set(key, null);
      else if (known === undefined) found.set(key, { instruction, register: registerName(register), by: new Set(by) });
      else for (const writer of by) known.by.add(writer);
    }
  }
  comparesInVain(solution, (instruction, register, by) =>
    found.set(`${instruction} ${register}`, { instruction, register, by }),
  );
  const values = [...found.values()].filter((value) => value !== null);
  const { compiled } = solution.program;
  return (
    values
      // In a loop without an end nobody reads anything: it is left for whoever looks from outside.
      .filter(({ instruction, by }) => by.size > 1 || !by.has(instruction))
      .filter(({ instruction }) => compiled?.[instruction] !== 1) // compilers restore sp even if it is not read, and nobody edits that
      .filter(
        ({ instruction, register }) =>
          isPredicate(registerNamed(register)) || isUnreadOnAllBanks(solution, instruction, register),
      )
      .map(({ instruction, register, by }) => ({
        instruction,
        register,
        overwrittenBy: [...by].sort((a, b) => a - b),
        leftBehind: [...by].some((each) => solution.program.instructions[each]!.effects.branch?.kind === 'rfi'),
      }))
      .sort((a, b) => a.instruction - b.instruction)
  );
}

/** Compares whose predicates are all certainly overwritten before they are read; reported at the first predicate. */
function comparesInVain(
  solution: Solution,
  report: (instruction: number, register: string, by: Set<number>) => void,
): void {
  const needed = new Set<number>();
  const vain = new Map<number, { register: string; by: Set<number> }>();
  for (const node of solution.graph.nodes) {
    node.code.forEach(({ index, effects }, position) => {
      const predicates = comparePredicates(effects);
      if (predicates.length === 0 || needed.has(index)) return;
      const by = predicates.map((register) => overwriters(solution, node, position, register));
      if (by.some((each) => each === null)) needed.add(index);
      else {
        const writers = new Set([...(vain.get(index)?.by ?? []), ...by.flatMap((each) => each!)]);
        vain.set(index, { register: registerName(predicates[0]!), by: writers });
      }
    });
  }
  for (const [instruction, { register, by }] of vain) if (!needed.has(instruction)) report(instruction, register, by);
}

/** The predicates that an instruction writes for sure, when it writes nothing else: those of a compare, at most two. */
function comparePredicates({ known, writes, mayWrites }: Effects): number[] {
  if (!known || writes.length === 0 || writes.length > 2 || mayWrites.length > 0) return [];
  const registers = writes.map((resource) => registerOf[1][resource]!);
  // A loop's branch renames the rotating predicates.
  const stay = (register: number): boolean => isPredicate(register) && predicateNumber(register) < FIRST_ROTATING.pr;
  return registers.every((register) => register >= 0 && stay(register)) ? registers : [];
}

function isUnreadOnAllBanks(solution: Solution, instruction: number, register: string): boolean {
  const block = solution.flow.blockOf[instruction]!;
  return [0, 1].every((bank) => {
    const id = solution.graph.nodeOf[block * 2 + bank]!;
    if (id < 0) return true;
    const position = solution.positionOf[instruction]!;
    return solution
      .alone()
      .presumed.unread[id]!.some(
        (result) => result.position === position && registerName(result.register) === register,
      );
  });
}

/** What overwrites the register on each path from behind a position; null when some path does not surely do so. */
function overwriters(solution: Solution, from: Node, position: number, register: number): readonly number[] | null {
  const writers: number[] = [];
  const seen = new Set<number>();
  const pending: { node: Node; position: number }[] = [{ node: from, position: position + 1 }];
  for (let point = pending.pop(); point !== undefined; point = pending.pop()) {
    const { node } = point;
    const writer = firstWriter(solution, node, point.position, register);
    const isLeft = isThrownAway(node, register, from.code[position]!);
    if (writer === UNSURE || (writer === NONE && !isLeft && leaves(node, register))) return null;
    if (writer !== NONE || isLeft) {
      writers.push(writer === NONE ? node.block.last : writer);
      continue;
    }
    for (const successor of successors(node)) {
      if (seen.has(successor)) continue;
      seen.add(successor);
      pending.push({ node: solution.graph.nodes[successor]!, position: 0 });
    }
  }
  return writers.length > 0 ? writers : null;
}

const NONE = -1;
const UNSURE = -2;

/** The first instruction of a node, from a position on, that surely overwrites the register. */
function firstWriter({ conventions }: Solution, node: Node, from: number, register: number): number {
  const toRegister = registerOf[node.bank];
  const hidden = conventions.nestedMiss?.reads.includes(register) ?? false;
  for (let position = from; position < node.code.length; position++) {
    const instruction = node.code[position]!;
    const { index, effects } = instruction;
    if (!effects.known || (hidden && node.nests[position] === 1) || isBreak(instruction)) return UNSURE;
    if (effects.reads.some((resource) => toRegister[resource] === register)) return UNSURE;
    const writes = effects.writes.some(
      (resource) => toRegister[resource] === register && !effects.mayWrites.includes(resource),
    );
    if (writes && effects.predicate === 0) return index;
  }
  return NONE;
}

/**
 * `rfi` leaves r16-r31 of bank 0 behind: the next interruption starts with whatever is in them (SDM vol. 2, 3.3.1). Of what
 * a convention calls dead there only a load is in vain: a constant may be there so that nobody sees what was in the register.
 */
function isThrownAway({ block, exit }: Node, register: number, { effects }: ProgramInstruction): boolean {
  return (
    block.terminator.kind === 'rfi' &&
    exit.predicate === 0 &&
    (isBank0(register) || effects.readsMemory) &&
    !(exit.reads?.includes(register) ?? true)
  );
}

const CHANGES_FRAME: ReadonlySet<string> = new Set(['call', 'return']);

/**
 * May control leave the node for code of another file, or for another register frame, so that what becomes of the register
 * cannot be told?
 */
function leaves(node: Node, register: number): boolean {
  const { exit } = node;
  // Behind a call of a routine in sight its name means another register, and its value is an argument or waits.
  if (isStacked(register) && CHANGES_FRAME.has(node.block.terminator.kind)) return true;
  return exit.next === EXTERNAL || exit.reads === null || exit.reads.length > 0 || exit.clobbers.includes(register);
}
