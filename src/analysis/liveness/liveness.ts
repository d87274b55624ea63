/**
 * Backward liveness over a graph. Requires: the graph (banks and exits resolved).
 *
 * A register's liveness at a point is one byte. Its low bits say where its value may yet be read by an instruction in sight:
 * 0 nowhere, ALWAYS, or a predicate's number: only where that predicate, with the value it has at this point, is true. So
 * `(p6) mov r8=...` kills an r8 that only `(p6)` instructions read, and two writes under complementary predicates kill
 * together. The high bit says that somebody out of sight may read it here (a nested-miss handler).
 */
import type { NestedMiss } from '../../config/conventions.ts';
import { isPredicate, predicateNumber, REGISTER_COUNT } from '../../machine/register-numbers.ts';
import { EXTERNAL } from '../flow/flow.ts';
import type { Node } from '../flow/graph.ts';
import { complementIn, excludedBy } from '../flow/pairs.ts';
import { type ByteVectors, copyVector, joinVector, newVectors } from './byte-vectors.ts';
import { type SharedLists, sharedLists } from './shared-lists.ts';
import { ALWAYS, STEP, STEP_LENGTH, type TransferFunction, transferFunctionOf } from './transfer-functions.ts';

const VISIBLE = 0x7f;
/** A hidden reader may read it. */
export const HIDDEN = 0x80;

/** Rotating predicates are 16 to 63; a change of cfm renames them. */
const FIRST_ROTATING = 16;

export interface Liveness {
  /** By node: what is live in front of its first instruction. */
  readonly liveIn: ByteVectors;
  /** By shared list: what is live in front of any of its nodes. */
  readonly joined: ByteVectors;
  readonly lists: SharedLists;
}

/** Which nodes depend on which, and the order to take them in; good for every graph with some of these edges. */
export interface Schedule {
  readonly order: readonly number[];
  /** By node: those that lead to it, but by a shared list. */
  readonly users: readonly (readonly number[])[];
  readonly lists: SharedLists;
}

export function scheduleOf(nodes: readonly Node[], lists = sharedLists(nodes)): Schedule {
  return { order: postorder(nodes, lists), users: predecessors(nodes, lists), lists };
}

export function solveLiveness(
  nodes: readonly Node[],
  nested: NestedMiss | null,
  { order, users, lists }: Schedule = scheduleOf(nodes),
): Liveness {
  const liveIn = newVectors(nodes.length);
  const joined = newVectors(lists.users.length);
  const liveness = { liveIn, joined, lists };
  const dirty = new Uint8Array(nodes.length).fill(1);
  const state = newVectors(1);
  for (let changed = true; changed; ) {
    changed = false;
    for (let turn = 0; turn < order.length; turn++) {
      const id = order[turn]!;
      if (dirty[id] === 0) continue;
      dirty[id] = 0;
      const node = nodes[id]!;
      const transfer = transferFunctionOf(node, nested);
      liveOut(node, liveness, state);
      for (let position = node.code.length - 1; position >= 0; position--) over(transfer, position, state);
      const { recoveries } = node;
      for (let at = 0; at < recoveries.length; at++) if (recoveries[at]! >= 0) join(liveIn, recoveries[at]!, state, 0);
      if (!join(state, 0, liveIn, id)) continue;
      if (markDirty(dirty, users[id]!)) changed = true;
      for (const row of lists.within.get(id) ?? [])
        if (join(liveIn, id, joined, row) && markDirty(dirty, lists.users[row]!)) changed = true;
    }
  }
  return liveness;
}

/** False when they were dirty already. */
function markDirty(dirty: Uint8Array, nodes: readonly number[]): boolean {
  let changed = false;
  for (let at = 0; at < nodes.length; at++) {
    changed ||= dirty[nodes[at]!] === 0;
    dirty[nodes[at]!] = 1;
  }
  return changed;
}

/**
 * What is live at the node's end, seen from in front of its last instruction's own reads and writes: the join of where it
 * may go, each under the predicate that leads there.
 *
 * @param state gets it in its only row
 */
export function liveOut({ exit }: Node, { liveIn, joined, lists }: Liveness, state: ByteVectors): void {
  const { bytes, words } = state;
  const { reads, taken } = exit;
  words.fill(0);
  if (reads === null) bytes.fill(ALWAYS, 0, REGISTER_COUNT);
  else for (let at = 0; at < reads.length; at++) bytes[reads[at]!] = ALWAYS;
  const shared = lists.rowOf.size === 0 ? undefined : lists.rowOf.get(taken);
  if (shared !== undefined) join(joined, shared, state, 0);
  else for (let at = 0; at < taken.length; at++) join(liveIn, taken[at]!, state, 0);
  const isFollowed = exit.next === EXTERNAL || exit.next >= 0;
  if (!isFollowed) return;
  if (exit.returns) joinReturn(state, liveIn, exit.next, exit.clobbers);
  if (exit.predicate !== 0) joinNotTaken(state, liveIn, exit);
}

const NO_LISTS = sharedLists([]);

/** A row to work in. */
const SPARE = newVectors(1);

/** Adds what is live behind a call to what the call reads, without what the call destroys. */
function joinReturn(state: ByteVectors, liveIn: ByteVectors, next: number, clobbers: readonly number[]): void {
  if (next === EXTERNAL) {
    state.bytes.fill(ALWAYS, 0, REGISTER_COUNT);
    return;
  }
  if (clobbers.length === 0) {
    join(liveIn, next, state, 0);
    return;
  }
  const behind = SPARE;
  copyVector(liveIn, next, behind, 0);
  for (const register of clobbers) {
    behind.bytes[register] = 0;
    if (isPredicate(register)) widen(behind.bytes, predicateNumber(register), ALWAYS);
  }
  join(behind, 0, state, 0);
}

/** Adds what is live where the branch is not taken to what is live, so far in any case, where it is. */
function joinNotTaken(state: ByteVectors, liveIn: ByteVectors, { next, predicate, predicatePair }: Node['exit']): void {
  const passed = SPARE;
  if (next === EXTERNAL) passed.bytes.fill(ALWAYS, 0, REGISTER_COUNT);
  else copyVector(liveIn, next, passed, 0);
  const excluded = excludedBy(predicatePair);
  const complement = complementIn(predicatePair);
  for (let register = 0; predicate > 0 && register < REGISTER_COUNT; register++) {
    const taken = state.bytes[register]!;
    if (taken !== 0) state.bytes[register] = under(taken, predicate, excluded);
    const not = passed.bytes[register]!;
    if (not !== 0 && next !== EXTERNAL) passed.bytes[register] = unless(not, predicate, complement);
  }
  join(passed, 0, state, 0);
}

/** Liveness on a path that is taken only where `predicate` is true. */
function under(byte: number, predicate: number, excluded: number): number {
  const visible = byte & VISIBLE;
  if (visible === ALWAYS) return (byte & HIDDEN) | predicate;
  return excluded !== 0 && visible === excluded ? byte & HIDDEN : byte;
}

/** Liveness on a path that is taken only where `predicate` is false. */
function unless(byte: number, predicate: number, complement: number): number {
  const visible = byte & VISIBLE;
  if (visible === predicate) return byte & HIDDEN;
  return complement !== 0 && visible === ALWAYS ? (byte & HIDDEN) | complement : byte;
}

function joinByte(a: number, b: number): number {
  if (a === b) return a;
  const hidden = (a | b) & HIDDEN;
  const x = a & VISIBLE;
  const y = b & VISIBLE;
  return hidden | (x === 0 ? y : y === 0 || x === y ? x : ALWAYS);
}

/** Joins one row into another; true when that changed it. */
function join(from: ByteVectors, row: number, into: ByteVectors, at: number): boolean {
  return joinVector(from, row, into, at, joinByte);
}

/** Takes `state`, a row, backwards over one instruction of a node. */
export function over({ steps, starts }: TransferFunction, position: number, { bytes }: ByteVectors): void {
  const end = starts[position + 1]!;
  for (let at = starts[position]!; at < end; at += STEP_LENGTH) {
    const operand = steps[at + 1]!;
    switch (steps[at]) {
      case STEP.readAll:
        bytes.fill(ALWAYS, 0, REGISTER_COUNT);
        break;
      case STEP.kill:
        bytes[operand] = 0;
        break;
      case STEP.killUnder:
        bytes[operand] = killUnder(bytes[operand]!, steps[at + 2]!, steps[at + 3]!);
        break;
      case STEP.widen:
        widen(bytes, operand, steps[at + 2]!);
        break;
      case STEP.rotate:
        widenRotating(bytes);
        break;
      case STEP.read:
        bytes[operand] = joinByte(bytes[operand]!, steps[at + 2]!);
        break;
      case STEP.copy:
        bytes[operand] = joinByte(bytes[operand]!, bytes[steps[at + 2]!]!);
        break;
      case STEP.hide:
        bytes[operand]! |= HIDDEN;
        break;
    }
  }
}

function killUnder(byte: number, predicate: number, complement: number): number {
  const visible = byte & VISIBLE;
  if (visible === predicate) return byte & HIDDEN;
  return visible === ALWAYS && complement !== 0 ? (byte & HIDDEN) | complement : byte;
}

/**
 * In front of a write of a predicate, "live where it is true" speaks of a value yet to come: anything may be, or what is
 * known to be true where that value is.
 */
function widen(bytes: Uint8Array, predicate: number, implied: number): void {
  for (let register = 0; register < REGISTER_COUNT; register++) {
    const byte = bytes[register]!;
    if ((byte & VISIBLE) === predicate && byte !== 0) bytes[register] = (byte & HIDDEN) | implied;
  }
}

/** A change of cfm renames the rotating predicates: what is live under one of them may be live under any. */
function widenRotating(bytes: Uint8Array): void {
  for (let register = 0; register < REGISTER_COUNT; register++) {
    const byte = bytes[register]!;
    if ((byte & VISIBLE) >= FIRST_ROTATING) bytes[register] = (byte & HIDDEN) | ALWAYS;
  }
}

/** By node: the nodes that control may come from, but those that only a list leads there. */
export function predecessors(nodes: readonly Node[], without: SharedLists = NO_LISTS): number[][] {
  const users: number[][] = nodes.map(() => []);
  for (const node of nodes) {
    const from = without.rowOf.has(node.exit.taken) ? node.exit.taken.length : 0;
    for (let at = from; at < successorCount(node); at++) {
      const to = successorAt(node, at);
      if (to >= 0) users[to]!.push(node.id);
    }
  }
  return users;
}

function successorCount({ exit, recoveries }: Node): number {
  return exit.taken.length + 1 + recoveries.length;
}

/** Negative: none. */
function successorAt({ exit: { taken, next }, recoveries }: Node, at: number): number {
  if (at < taken.length) return taken[at]!;
  return at === taken.length ? next : recoveries[at - taken.length - 1]!;
}

/** Every node that control may go to from this one. */
export function successors({ exit, recoveries }: Node): number[] {
  const list = [...exit.taken];
  if (exit.next >= 0) list.push(exit.next);
  for (const recovery of recoveries) if (recovery >= 0) list.push(recovery);
  return list;
}

/** Nodes with successors first: the order in which liveness settles fastest. A shared list is gone through once. */
function postorder(nodes: readonly Node[], lists: SharedLists): number[] {
  const order: number[] = [];
  const seen = new Uint8Array(nodes.length);
  const reached = lists.users.map(() => 0);
  const nextOf = (step: { readonly node: Node; at: number }): number => {
    const { node } = step;
    const row = lists.rowOf.get(node.exit.taken);
    if (row !== undefined && step.at < node.exit.taken.length) step.at = Math.max(step.at, reached[row]!);
    if (step.at >= successorCount(node)) return DONE;
    const next = successorAt(node, step.at++);
    if (row !== undefined) reached[row] = Math.min(Math.max(reached[row]!, step.at), node.exit.taken.length);
    return next;
  };
  for (const root of nodes) {
    if (seen[root.id] === 1) continue;
    seen[root.id] = 1;
    const stack = [{ node: root, at: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = nextOf(top);
      if (next === DONE) {
        order.push(top.node.id);
        stack.pop();
      } else if (next >= 0 && seen[next] === 0) {
        seen[next] = 1;
        stack.push({ node: nodes[next]!, at: 0 });
      }
    }
  }
  return order;
}

const DONE = Number.NEGATIVE_INFINITY;
