/** Liveness in front of and behind single instructions: solved for nodes, worked out within a node when first asked for. */
import type { Conventions } from '../../config/conventions.ts';
import { type Bank, inBank, isBanked } from '../../machine/register-numbers.ts';
import type { Flow } from '../flow/flow.ts';
import type { Graph, Node } from '../flow/graph.ts';
import { bankSetBy } from '../flow/mode-table.ts';
import type { Program } from '../program/program.ts';
import { addVector, type ByteVectors, copyVector, keepWhere, newVectors, vectorOf } from './byte-vectors.ts';
import { type Liveness, liveOut, over } from './liveness.ts';
import { type Presumed, presumeOver } from './presumed.ts';
import { type TransferFunction, transferFunctionOf } from './transfer-functions.ts';
import type { UnwinderReads } from './unwinder.ts';

export interface Solution {
  readonly program: Program;
  readonly conventions: Conventions;
  readonly flow: Flow;
  readonly graph: Graph;
  readonly unwinder: UnwinderReads;
  /** The run by itself, solved when first asked for. */
  readonly alone: () => Solved;
  readonly lifted: Lifted;
  /** By instruction: its place in its block. */
  readonly positionOf: Int32Array;
}

/** A graph, solved. */
export interface Solved {
  readonly nodes: readonly Node[];
  readonly liveness: Liveness;
  readonly presumed: Presumed;
}

/** The run together with the other runs of its source, or by itself if there are none. */
export interface Lifted extends Solved {
  /** The node of each node of the run's own graph; null where that is the graph. */
  readonly idOf: Int32Array | null;
  /** By setting: what is live in the partial that a node can be met in, one for each value. */
  readonly partial: (node: Node) => readonly (readonly Liveness[])[];
  /** By node: the nodes that lead to it; worked out when first asked for. */
  readonly predecessors: () => readonly (readonly number[])[];
  /** By node, filled when first asked for. */
  readonly cache: (Known | undefined)[];
}

/** By instruction of a node: liveness bytes and unread values behind it. */
interface Known {
  readonly live: ByteVectors;
  readonly presumed: ByteVectors;
}

/** The points of an instruction in the lifted graph: one for each bank that it may run on. */
export interface ProgramPoint {
  readonly node: Node;
  readonly position: number;
}

export function pointsOf({ flow, graph, lifted, positionOf }: Solution, instruction: number): ProgramPoint[] {
  const block = flow.blockOf[instruction]!;
  const points: ProgramPoint[] = [];
  for (const bank of [0, 1]) {
    const id = graph.nodeOf[block * 2 + bank]!;
    if (id >= 0) points.push({ node: lifted.nodes[lifted.idOf?.[id] ?? id]!, position: positionOf[instruction]! });
  }
  return points;
}

/** The banks that r16-r31 mean around an instruction: another one behind it where the instruction switches banks. */
export function banksMeant({ node, position }: ProgramPoint): readonly Bank[] {
  const { statement } = node.code[position]!;
  const bankAfter = statement.kind === 'instruction' ? bankSetBy(statement.mnemonic) : null;
  return bankAfter === null ? [node.bank] : [node.bank, bankAfter];
}

/** The registers that a name (as bank 1 has it) means around an instruction. */
export function registersMeant(point: ProgramPoint, register: number): readonly number[] {
  if (!isBanked(register)) return [inBank(register, point.node.bank)];
  return banksMeant(point).map((bank) => inBank(register, bank));
}

/** Liveness bytes behind an instruction: what is read by anything that may run after it. */
export function liveAfter(solution: Solution, { node, position }: ProgramPoint): Uint8Array {
  return vectorOf(knownOf(solution, node).live, position);
}

/** Registers that hold an unread value behind an instruction. */
export function presumedAfter(solution: Solution, { node, position }: ProgramPoint): Uint8Array {
  return vectorOf(knownOf(solution, node).presumed, position);
}

function knownOf(solution: Solution, node: Node): Known {
  const { cache } = solution.lifted;
  let found = cache[node.id];
  if (found === undefined) {
    found = computeRows(solution, node);
    cache[node.id] = found;
  }
  return found;
}

/** A row to work in. */
const STATE = newVectors(1);

function computeRows({ conventions, lifted }: Solution, node: Node): Known {
  const transfer = transferFunctionOf(node, conventions.nestedMiss);
  const live = newVectors(node.code.length);
  addLiveRows(lifted.liveness, node, transfer, live);
  for (const partial of lifted.partial(node)) {
    const any = newVectors(node.code.length);
    for (const configuration of partial) addLiveRows(configuration, node, transfer, any);
    keepWhere(live, any);
  }
  return { live, presumed: presumedRows(lifted, node, transfer) };
}

/** Adds, by instruction of a node, what is live behind it. */
function addLiveRows(liveness: Liveness, node: Node, transfer: TransferFunction, rows: ByteVectors): void {
  liveOut(node, liveness, STATE);
  for (let position = node.code.length - 1; position >= 0; position--) {
    addVector(STATE, 0, rows, position);
    over(transfer, position, STATE);
  }
}

/** By instruction of a node: the registers that hold an unread value behind it. */
function presumedRows({ presumed }: Solved, node: Node, transfer: TransferFunction): ByteVectors {
  const rows = newVectors(node.code.length);
  copyVector(presumed.atEntry, node.id, STATE, 0);
  for (let position = 0; position < node.code.length; position++) {
    presumeOver(transfer, position, presumed.unread[node.id]!, STATE);
    copyVector(STATE, 0, rows, position);
  }
  return rows;
}
