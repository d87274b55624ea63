/** What a routine needs, destroys and keeps. Requires: the solution. */

import { ALL_REGISTERS, registerName, registerOf } from '../../machine/register-numbers.ts';
import { EXTERNAL, NOWHERE } from '../flow/flow.ts';
import type { Node } from '../flow/graph.ts';
import { byteAt } from '../liveness/byte-vectors.ts';
import { type Liveness, solveLiveness } from '../liveness/liveness.ts';
import type { Solution } from '../liveness/program-points.ts';
import type { Routine } from '../program/program.ts';
import { copyOf, entryOf, solveEntryValues, stepOver } from './entry-values.ts';

export interface RoutineFacts {
  readonly routine: Routine;
  /** Registers whose value at its entry some instruction may read before writing them. */
  readonly needs: readonly string[];
  /** Registers that may not hold their entry value where it ends. */
  readonly clobbers: readonly string[];
  /** Registers that nothing in it writes, or that hold their entry value again wherever it ends. */
  readonly preserves: readonly string[];
}

/**
 * Names of r16-r31 stand for the bank that the routine is entered on. What is needed and what is destroyed take a solution
 * each, which is made when somebody asks.
 */
export function routineFacts(solution: Solution): RoutineFacts[] {
  const { program, graph } = solution;
  let inside: Liveness | undefined;
  const neededBy = (routine: Routine): ReadonlySet<string> => {
    inside ??= solveLiveness(withoutExternalReads(graph.nodes), null);
    const needed = new Set<string>();
    for (const node of entryNodes(solution, routine))
      for (const register of ALL_REGISTERS)
        if (byteAt(inside.liveIn, node.id, register) !== 0) needed.add(registerName(register));
    return needed;
  };
  const names = [...new Set(ALL_REGISTERS.map(registerName))];
  let clobbered: readonly ReadonlySet<string>[] | undefined;
  const clobberedBy = (routine: number): ReadonlySet<string> => {
    clobbered ??= clobberedByRoutine(solution);
    return clobbered[routine]!;
  };
  return program.routines.map((routine) => ({
    routine,
    get needs() {
      const needed = neededBy(routine);
      return names.filter((name) => needed.has(name));
    },
    get clobbers() {
      return names.filter((name) => clobberedBy(routine.index).has(name));
    },
    get preserves() {
      return names.filter((name) => !clobberedBy(routine.index).has(name));
    },
  }));
}

/** By routine: registers that its instructions, or code that it calls, write and do not give back. */
function clobberedByRoutine(solution: Solution): readonly ReadonlySet<string>[] {
  const { program, graph } = solution;
  const givenBack = givenBackByRoutine(solution);
  const clobbered = program.routines.map(() => new Set<string>());
  for (const { effects, routine } of program.instructions) {
    if (routine < 0) continue;
    for (const resource of effects.writes)
      if (registerOf[1][resource]! >= 0) clobbered[routine]!.add(registerName(registerOf[1][resource]!));
  }
  for (const node of graph.nodes) {
    const { routine } = program.instructions[node.block.last]!;
    if (routine < 0) continue;
    for (const register of node.exit.clobbers) clobbered[routine]!.add(registerName(register));
  }
  clobbered.forEach((names, routine) => {
    for (const name of givenBack(routine, names)) names.delete(name);
  });
  return clobbered;
}

function nodesByRoutine({ program, graph }: Solution): Map<number, Node[]> {
  const nodes = new Map<number, Node[]>();
  for (const node of graph.nodes) {
    const { routine } = program.instructions[node.block.last]!;
    const list = nodes.get(routine);
    if (list === undefined) nodes.set(routine, [node]);
    else list.push(node);
  }
  return nodes;
}

/**
 * By routine: those of `written` that hold their entry value again wherever control leaves the routine's own code. Entry
 * values are relative to the entry that control came by, so one solution serves all routines.
 */
function givenBackByRoutine(solution: Solution): (routine: number, written: ReadonlySet<string>) => readonly string[] {
  const { program } = solution;
  const entries = program.routines.flatMap((routine) => entryNodes(solution, routine).map(({ id }) => id));
  const states = solveEntryValues(solution, entries);
  const own = nodesByRoutine(solution);
  return (routine, written) => {
    const nodes = (own.get(routine) ?? []).filter(
      (node) => states[node.id] !== undefined && leaves(solution, node, routine),
    );
    if (nodes.length === 0) return [];
    const held = nodes.map((node) => {
      const state = copyOf(states[node.id]!);
      for (const instruction of node.code)
        if (instruction.index !== node.block.last) stepOver(solution, state, instruction, node.bank);
      return state.holds;
    });
    // r16 names two registers, one of each bank.
    const changed = new Set(
      ALL_REGISTERS.filter((register) => held.some((holds) => holds[register] !== entryOf(register))).map(registerName),
    );
    return [...written].filter((name) => !changed.has(name));
  };
}

const ENDS: ReadonlySet<string> = new Set(['return', 'indirect', 'rfi', 'unknown']);

/** May control go from the node to other code than the routine's own, a call aside? */
function leaves({ program, graph }: Solution, { block, exit }: Node, routine: number): boolean {
  const { kind, target } = block.terminator;
  if (ENDS.has(kind) || ((kind === 'jump' || kind === 'either') && target === NOWHERE)) return true;
  const isOther = (node: number): boolean =>
    node === EXTERNAL || (node >= 0 && program.instructions[graph.nodes[node]!.block.first]!.routine !== routine);
  return isOther(exit.next) || (kind !== 'call' && exit.taken.some(isOther));
}

/** The graph without reads by external code: the registers that are live then are read by instructions of the program. */
function withoutExternalReads(nodes: readonly Node[]): Node[] {
  return nodes.map(
    (node): Node => ({
      ...node,
      exit: { ...node.exit, reads: [], next: node.exit.next === EXTERNAL ? NOWHERE : node.exit.next },
    }),
  );
}

function entryNodes({ program, graph, flow }: Solution, routine: Routine): Node[] {
  const label = program.symbols.named.get(routine.name);
  const first =
    label !== undefined && label.instruction >= 0
      ? label.instruction
      : routine.last < routine.first
        ? -1
        : routine.first;
  if (first < 0) return [];
  const block = flow.blockOf[first]!;
  return [0, 1]
    .map((bank) => graph.nodeOf[block * 2 + bank]!)
    .filter((id) => id >= 0)
    .map((id) => graph.nodes[id]!);
}
