/** What a routine needs, destroys and keeps, and the vectors of an interruption table. Requires: the solution. */

import { ALL_REGISTERS, registerName, registerOf } from '../../machine/register-numbers.ts';
import { vectorAt } from '../../machine/vector-table.ts';
import { NOWHERE, OUTSIDE } from '../flow/flow.ts';
import type { Node } from '../flow/graph.ts';
import type { Routine } from '../program/program.ts';
import { solveLiveness } from './liveness.ts';
import type { Solution } from './points.ts';
import { byteAt } from './rows.ts';

export interface RoutineFacts {
  readonly routine: Routine;
  /** Registers whose value at its entry some instruction may read before writing them. */
  readonly needs: readonly string[];
  /** Registers that its instructions, or the code they call outside, may write. */
  readonly clobbers: readonly string[];
  /** Registers that nothing in it writes. */
  readonly preserves: readonly string[];
}

/** Names of r16-r31 stand for the bank that the routine is entered on. */
export function routineFacts(solution: Solution): RoutineFacts[] {
  const { program, graph } = solution;
  const inside = solveLiveness(withoutOutside(graph.nodes), null);
  return program.routines.map((routine) => {
    const nodes = entryNodes(solution, routine);
    const needed = new Set<string>();
    for (const node of nodes)
      for (const register of ALL_REGISTERS)
        if (byteAt(inside.liveIn, node.id, register) !== 0) needed.add(registerName(register));
    const clobbered = new Set<string>();
    for (let at = routine.first; at <= routine.last; at++) {
      const { effects, routine: owner } = program.instructions[at]!;
      if (owner !== routine.index) continue;
      for (const resource of effects.writes)
        if (registerOf[1][resource]! >= 0) clobbered.add(registerName(registerOf[1][resource]!));
    }
    for (const node of graph.nodes) {
      if (program.instructions[node.block.last]!.routine !== routine.index) continue;
      for (const register of node.exit.clobbers) clobbered.add(registerName(register));
    }
    const names = [...new Set(ALL_REGISTERS.map(registerName))];
    return {
      routine,
      needs: names.filter((name) => needed.has(name)),
      clobbers: names.filter((name) => clobbered.has(name)),
      preserves: names.filter((name) => !clobbered.has(name)),
    };
  });
}

/** The graph as if nothing outside the program read anything: what is live then, instructions in sight read. */
function withoutOutside(nodes: readonly Node[]): Node[] {
  return nodes.map(
    (node): Node => ({
      ...node,
      exit: { ...node.exit, reads: [], next: node.exit.next === OUTSIDE ? NOWHERE : node.exit.next },
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

/** One slot of an interruption vector table. */
export interface VectorSlot {
  /** Bytes from the start of the table; null when the code does not say it as `table+constant`. */
  readonly offset: number | null;
  /** The last label in front of its first instruction; null when it has none. */
  readonly label: string | null;
  /** Bundles that fit. */
  readonly bundles: number;
  readonly first: number;
}

export function vectorSlots({ program, flow }: Solution): VectorSlot[] {
  const offsets = new Map<number, number | null>();
  for (const origin of program.origins) if (origin.instruction >= 0) offsets.set(origin.instruction, origin.offset);
  const names = new Map<number, string>();
  for (const label of program.symbols.labels) if (label.kind === 'label') names.set(label.instruction, label.name);
  return flow.vectors.map((block) => {
    const { first } = flow.blocks[block]!;
    const offset = offsets.has(first) ? offsets.get(first)! : 0;
    return {
      offset,
      label: names.get(first) ?? null,
      bundles: vectorAt(offset ?? 0).bundles,
      first,
    };
  });
}
