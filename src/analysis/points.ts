/** Liveness in front of and behind single instructions: the node's own, walked out once a node and kept. */
import type { Conventions } from './conventions.ts';
import type { Flow } from './flow.ts';
import { type Liveness, liveOut, over } from './liveness.ts';
import { bankSetBy } from './mode-table.ts';
import type { Graph, Node } from './modes.ts';
import { type Presumed, presumeOver } from './presumed.ts';
import type { Program } from './program.ts';
import { inBank, isBanked, REGISTER_COUNT, registerRows } from './registers.ts';

export interface Solution {
  readonly program: Program;
  readonly conventions: Conventions;
  readonly flow: Flow;
  readonly graph: Graph;
  readonly liveness: Liveness;
  readonly presumed: Presumed;
  /** By instruction: its place in its block. */
  readonly positionOf: Int32Array;
  /** By node: the nodes that lead to it; worked out when first asked for. */
  readonly predecessors: () => readonly (readonly number[])[];
  /** By node, filled when first asked for. */
  readonly cache: (Rows | undefined)[];
}

/** By instruction of a node: liveness bytes and unread values behind it. */
interface Rows {
  readonly live: readonly Uint8Array[];
  readonly presumed: readonly Uint8Array[];
}

/** Where an instruction stands in the graph: once for each bank it may run on. */
export interface Point {
  readonly node: Node;
  readonly position: number;
}

export function pointsOf(solution: Solution, instruction: number): Point[] {
  const block = solution.flow.blockOf[instruction]!;
  const points: Point[] = [];
  for (const bank of [0, 1]) {
    const id = solution.graph.nodeOf[block * 2 + bank]!;
    if (id >= 0) points.push({ node: solution.graph.nodes[id]!, position: solution.positionOf[instruction]! });
  }
  return points;
}

/**
 * The registers that a name (as bank 1 has it) means around an instruction: one, or both of r16-r31 where the instruction
 * switches banks, because the same name means another register behind it.
 */
export function registersMeant({ program }: Solution, { node, position }: Point, register: number): readonly number[] {
  const current = inBank(register, node.bank);
  if (!isBanked(register)) return [current];
  const { statement } = program.instructions[node.instructions[position]!]!;
  const bankAfter = statement.kind === 'instruction' ? bankSetBy(statement.mnemonic) : null;
  return bankAfter === null ? [current] : [current, inBank(register, bankAfter)];
}

/** Liveness bytes behind an instruction: what is read by anything that may run after it. */
export function liveAfter(solution: Solution, { node, position }: Point): Uint8Array {
  return rows(solution, node).live[position]!;
}

/** Registers that hold an unread value behind an instruction. */
export function presumedAfter(solution: Solution, { node, position }: Point): Uint8Array {
  return rows(solution, node).presumed[position]!;
}

function rows(solution: Solution, node: Node): Rows {
  let found = solution.cache[node.id];
  if (found === undefined) {
    found = computeRows(solution, node);
    solution.cache[node.id] = found;
  }
  return found;
}

function computeRows({ program, conventions, liveness, presumed }: Solution, node: Node): Rows {
  const state = new Uint8Array(REGISTER_COUNT);
  const live = registerRows(node.instructions.length);
  liveOut(program, node, liveness.liveIn, state);
  for (let position = node.instructions.length - 1; position >= 0; position--) {
    live[position]!.set(state);
    over(program, node, position, state, conventions.nestedMiss);
  }
  state.set(presumed.atEntry[node.id]!);
  const unread = registerRows(node.instructions.length);
  for (let position = 0; position < node.instructions.length; position++) {
    presumeOver(program, node, position, presumed.unread[node.id]!, state);
    unread[position]!.set(state);
  }
  return { live, presumed: unread };
}
