/**
 * Values that no instruction of the program reads. `movl r30=1f` in a TLB-miss handler is read by the nested-miss handler
 * if the next load faults: no instruction says so. So a main result that is computed and read on no path is presumed live
 * from there until it is overwritten, on each path. Requires: liveness.
 */
import type { NestedMiss } from '../../config/conventions.ts';
import type { Node } from '../flow/graph.ts';
import { excludedBy } from '../flow/pairs.ts';
import { addVector, type ByteVectors, copyVector, newVectors } from './byte-vectors.ts';
import { type Liveness, liveOut, over } from './liveness.ts';
import { ALWAYS, type TransferFunction, transferFunctionOf } from './transfer-functions.ts';

export interface Presumed {
  /** By node: 1 for each register that holds an unread value in front of its first instruction. */
  readonly atEntry: ByteVectors;
  /** By node: the unread results of its instructions, as position and register. */
  readonly unread: readonly (readonly UnreadResult[])[];
}

export interface UnreadResult {
  readonly position: number;
  readonly register: number;
}

const NONE: UnreadResult[] = [];

export function findPresumed(nodes: readonly Node[], liveness: Liveness, nested: NestedMiss | null): Presumed {
  const state = newVectors(1);
  const unread = nodes.map((node) => unreadResults(node, liveness, nested, state));
  const atEntry = newVectors(nodes.length);
  const pending = nodes.filter((node) => unread[node.id]!.length > 0);
  const queued = new Uint8Array(nodes.length);
  /** By shared list: what was passed to all of its nodes. */
  const passed = newVectors(liveness.lists.users.length);
  for (const node of pending) queued[node.id] = 1;
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    queued[node.id] = 0;
    copyVector(atEntry, node.id, state, 0);
    for (const recovery of node.recoveries) if (recovery >= 0) pass(recovery);
    const transfer = transferFunctionOf(node, nested);
    for (let position = 0; position < node.code.length; position++)
      presumeOver(transfer, position, unread[node.id]!, state);
    const shared = liveness.lists.rowOf.get(node.exit.taken);
    if (shared === undefined || addVector(state, 0, passed, shared)) for (const target of node.exit.taken) pass(target);
    if (node.exit.next >= 0) {
      if (node.exit.predicate === 0) for (const register of node.exit.clobbers) state.bytes[register] = 0;
      pass(node.exit.next);
    }
  }
  return { atEntry, unread };

  function pass(to: number): void {
    if (addVector(state, 0, atEntry, to) && queued[to] === 0) {
      queued[to] = 1;
      pending.push(nodes[to]!);
    }
  }
}

/** Takes the set of unread values, a row, forward over one instruction. */
export function presumeOver(
  { overwrites }: TransferFunction,
  position: number,
  unread: readonly UnreadResult[],
  { bytes }: ByteVectors,
): void {
  const { values, starts } = overwrites;
  for (let at = starts[position]!; at < starts[position + 1]!; at++) bytes[values[at]!] = 0;
  for (const result of unread) if (result.position === position) bytes[result.register] = 1;
}

function unreadResults(
  node: Node,
  liveness: Liveness,
  nested: NestedMiss | null,
  state: ByteVectors,
): readonly UnreadResult[] {
  let found = NONE;
  const transfer = transferFunctionOf(node, nested);
  const { values, starts } = transfer.results;
  liveOut(node, liveness, state);
  for (let position = node.code.length - 1; position >= 0; position--) {
    const opposite = excludedBy(node.pair[position]!);
    for (let at = starts[position]!; at < starts[position + 1]!; at++) {
      const register = values[at]!;
      const visible = state.bytes[register]! & 0x7f;
      // Live only where the predicate is false: this value is not the one that is read.
      if (visible !== 0 && (visible === ALWAYS || visible !== opposite)) continue;
      if (found === NONE) found = [];
      found.push({ position, register });
    }
    over(transfer, position, state);
  }
  return found;
}
