/**
 * Backward liveness over a graph. Requires: the graph (banks and exits resolved).
 *
 * A register's liveness at a point is one byte. Its low bits say where its value may yet be read by an instruction in sight:
 * 0 nowhere, ALWAYS, or a predicate's number: only where that predicate, with the value it has at this point, is true. So
 * `(p6) mov r8=...` kills an r8 that only `(p6)` instructions read, and two writes under complementary predicates kill
 * together. The high bit says that somebody out of sight may read it here (a nested-miss handler).
 */
import { resourceNamed } from '../machine/index.ts';
import type { NestedMiss } from './conventions.ts';
import { OUTSIDE } from './flow.ts';
import type { Node } from './modes.ts';
import type { ProgramInstruction } from './program.ts';
import { isPredicate, predicateNumber, REGISTER_COUNT, registerOf, registerRows } from './registers.ts';

/** Read whatever the predicates are. Predicate numbers lie below. */
export const ALWAYS = 64;
const VISIBLE = 0x7f;
/** A hidden reader may read it. */
export const HIDDEN = 0x80;

/** Rotating predicates are 16 to 63; a change of cfm renames them. */
const FIRST_ROTATING = 16;
const FRAME_MARKER = resourceNamed('cfm');

/** Nothing can be joined to this. */
const MOST = ALWAYS | HIDDEN;

export interface Liveness {
  /** By node: what is live in front of its first instruction. */
  readonly liveIn: readonly Uint8Array[];
}

/** Which nodes depend on which, and the order to take them in; good for every graph with some of these edges. */
export interface Schedule {
  readonly order: readonly number[];
  readonly users: readonly (readonly number[])[];
}

export function scheduleOf(nodes: readonly Node[]): Schedule {
  return { order: postorder(nodes), users: predecessors(nodes) };
}

export function solveLiveness(
  nodes: readonly Node[],
  nested: NestedMiss | null,
  { order, users }: Schedule = scheduleOf(nodes),
): Liveness {
  const liveIn = registerRows(nodes.length);
  const dirty = new Uint8Array(nodes.length).fill(1);
  const state = new Uint8Array(REGISTER_COUNT);
  for (let changed = true; changed; ) {
    changed = false;
    for (const id of order) {
      if (dirty[id] === 0) continue;
      dirty[id] = 0;
      const node = nodes[id]!;
      liveOut(node, liveIn, state);
      for (let position = node.code.length - 1; position >= 0; position--) over(node, position, state, nested);
      for (const recovery of node.recoveries) if (recovery >= 0) join(state, liveIn[recovery]!);
      if (!join(liveIn[id]!, state)) continue;
      for (const user of users[id]!) {
        if (dirty[user] === 0) {
          dirty[user] = 1;
          changed = true;
        }
      }
    }
  }
  return { liveIn };
}

/**
 * What is live at the node's end, seen from in front of its last instruction's own reads and writes: the join of where it
 * may go, each under the predicate that leads there.
 */
export function liveOut(node: Node, liveIn: readonly Uint8Array[], state: Uint8Array): void {
  const { exit } = node;
  state.fill(0);
  if (exit.reads === null) state.fill(ALWAYS);
  else for (const register of exit.reads) state[register] = ALWAYS;
  for (const target of exit.taken) join(state, liveIn[target]!);
  const next = exit.next === OUTSIDE ? null : exit.next >= 0 ? liveIn[exit.next]! : undefined;
  if (exit.returns && next !== undefined) joinReturn(state, next, exit.clobbers);
  if (exit.predicate === 0 || next === undefined) return;
  const { predicate, predicateComplement } = exit;
  for (let register = 0; register < REGISTER_COUNT; register++) {
    const taken = under(state[register]!, predicate, predicateComplement);
    const passed = next === null ? ALWAYS : unless(next[register]!, predicate, predicateComplement);
    state[register] = joinByte(taken, passed);
  }
}

/** Adds what is live behind a call to what the call reads, without what the call destroys. */
function joinReturn(state: Uint8Array, next: Uint8Array | null, clobbers: readonly number[]): void {
  if (next === null) {
    state.fill(ALWAYS);
    return;
  }
  if (clobbers.length === 0) {
    join(state, next);
    return;
  }
  const behind = next.slice();
  for (const register of clobbers) {
    behind[register] = 0;
    if (isPredicate(register)) widen(behind, predicateNumber(register));
  }
  join(state, behind);
}

/** Liveness on a path that is taken only where `predicate` is true. */
function under(byte: number, predicate: number, complement: number): number {
  if (predicate <= 0) return byte;
  const visible = byte & VISIBLE;
  if (visible === ALWAYS) return (byte & HIDDEN) | predicate;
  return complement !== 0 && visible === complement ? byte & HIDDEN : byte;
}

/** Liveness on a path that is taken only where `predicate` is false. */
function unless(byte: number, predicate: number, complement: number): number {
  if (predicate <= 0) return byte;
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

/** Joins `from` into `into`; true when that changed it. */
function join(into: Uint8Array, from: Uint8Array): boolean {
  let changed = false;
  for (let register = 0; register < REGISTER_COUNT; register++) {
    const b = from[register]!;
    if (b === 0) continue;
    const a = into[register]!;
    if (a === b || a === MOST) continue;
    const joined = joinByte(a, b);
    if (joined === a) continue;
    into[register] = joined;
    changed = true;
  }
  return changed;
}

/** Takes `state` backwards over one instruction of a node. */
export function over(node: Node, position: number, state: Uint8Array, nested: NestedMiss | null): void {
  const instruction = node.code[position]!;
  const { effects } = instruction;
  if (!effects.known) {
    state.fill(ALWAYS);
    return;
  }
  killWrites(instruction, registerOf[node.bank], node.complement[position]!, state);
  for (const resource of effects.reads) {
    const register = registerOf[node.bank][resource]!;
    if (register < 0) continue;
    state[register] = read(state[register]!, register, effects.predicate);
  }
  if (node.nests[position] === 1 && nested !== null) for (const register of nested.reads) state[register]! |= HIDDEN;
}

function killWrites(
  { effects }: ProgramInstruction,
  toRegister: Int16Array,
  complement: number,
  state: Uint8Array,
): void {
  const { predicate } = effects;
  for (const resource of effects.writes) {
    const register = toRegister[resource]!;
    if (register < 0) {
      if (resource === FRAME_MARKER) widenRotating(state);
      continue;
    }
    const unconditional = predicate !== 0 && effects.unconditionalWrites?.includes(resource);
    if (unconditional) state[register] = 0;
    else if (!effects.mayWrites.includes(resource)) state[register] = kill(state[register]!, predicate, complement);
    // `(p6) cmp.unc p8,p9=...`: p8 and p9 are only true behind it where p6 was true in front of it.
    if (isPredicate(register))
      widen(state, predicateNumber(register), unconditional && predicate > 0 ? predicate : ALWAYS);
  }
}

function kill(byte: number, predicate: number, complement: number): number {
  if (predicate === 0) return 0;
  if (predicate < 0) return byte;
  const visible = byte & VISIBLE;
  if (visible === predicate) return byte & HIDDEN;
  return visible === ALWAYS && complement !== 0 ? (byte & HIDDEN) | complement : byte;
}

function read(byte: number, register: number, predicate: number): number {
  // The predicate itself is read whatever it is.
  const condition =
    predicate <= 0 || (isPredicate(register) && predicateNumber(register) === predicate) ? ALWAYS : predicate;
  return joinByte(byte, condition);
}

/**
 * In front of a write of a predicate, "live where it is true" speaks of a value yet to come: anything may be, or what is
 * known to be true where that value is.
 */
function widen(state: Uint8Array, predicate: number, implied: number = ALWAYS): void {
  for (let register = 0; register < REGISTER_COUNT; register++) {
    if ((state[register]! & VISIBLE) === predicate) state[register] = (state[register]! & HIDDEN) | implied;
  }
}

/** Behind it, the rotating predicates are others than in front of it. */
function widenRotating(state: Uint8Array): void {
  for (let register = 0; register < REGISTER_COUNT; register++) {
    const visible = state[register]! & VISIBLE;
    if (visible >= FIRST_ROTATING) state[register] = (state[register]! & HIDDEN) | ALWAYS;
  }
}

/** By node: the nodes that control may come from. */
export function predecessors(nodes: readonly Node[]): number[][] {
  const users: number[][] = nodes.map(() => []);
  for (const node of nodes) for (const successor of successors(node)) users[successor]!.push(node.id);
  return users;
}

/** Every node that control may go to from this one. */
export function successors({ exit, recoveries }: Node): number[] {
  const list = [...exit.taken];
  if (exit.next >= 0) list.push(exit.next);
  for (const recovery of recoveries) if (recovery >= 0) list.push(recovery);
  return list;
}

/** Nodes with successors first: the order in which liveness settles fastest. */
function postorder(nodes: readonly Node[]): number[] {
  const order: number[] = [];
  const seen = new Uint8Array(nodes.length);
  for (const root of nodes) {
    if (seen[root.id] === 1) continue;
    seen[root.id] = 1;
    const stack: { list: number[]; at: number; id: number }[] = [{ list: successors(root), at: 0, id: root.id }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.list[top.at++];
      if (next === undefined) {
        order.push(top.id);
        stack.pop();
      } else if (seen[next] === 0) {
        seen[next] = 1;
        stack.push({ list: successors(nodes[next]!), at: 0, id: next });
      }
    }
  }
  return order;
}
