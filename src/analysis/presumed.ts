/**
 * Values that nobody in sight reads. `movl r30=1f` in a TLB-miss handler is read by the nested-miss handler if the next
 * load faults: no instruction says so. So a main result that is computed and read on no path is presumed live from there
 * until it is overwritten, on each path. Requires: liveness.
 */
import type { Effects } from '../machine/index.ts';
import type { NestedMiss } from './conventions.ts';
import { ALWAYS, type Liveness, liveOut, over } from './liveness.ts';
import type { Node } from './modes.ts';
import { isBranch, isGeneral, isPredicate, REGISTER_COUNT, registerOf, registerRows } from './registers.ts';

export interface Presumed {
  /** By node: 1 for each register that holds an unread value in front of its first instruction. */
  readonly atEntry: readonly Uint8Array[];
  /** By node: the unread results of its instructions, as position and register. */
  readonly unread: readonly (readonly UnreadResult[])[];
}

export interface UnreadResult {
  readonly position: number;
  readonly register: number;
}

const NONE: UnreadResult[] = [];

export function findPresumed(nodes: readonly Node[], liveness: Liveness, nested: NestedMiss | null): Presumed {
  const state = new Uint8Array(REGISTER_COUNT);
  const unread = nodes.map((node) => unreadResults(node, liveness, nested, state));
  const atEntry = registerRows(nodes.length);
  const pending = nodes.filter((node) => unread[node.id]!.length > 0);
  const queued = new Uint8Array(nodes.length);
  for (const node of pending) queued[node.id] = 1;
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    queued[node.id] = 0;
    state.set(atEntry[node.id]!);
    for (const recovery of node.recoveries) if (recovery >= 0) pass(state, recovery);
    for (let position = 0; position < node.code.length; position++)
      presumeOver(node, position, unread[node.id]!, state);
    for (const target of node.exit.taken) pass(state, target);
    if (node.exit.next >= 0) {
      if (node.exit.predicate === 0) for (const register of node.exit.clobbers) state[register] = 0;
      pass(state, node.exit.next);
    }
  }
  return { atEntry, unread };

  function pass(from: Uint8Array, to: number): void {
    const into = atEntry[to]!;
    let changed = false;
    for (let register = 0; register < REGISTER_COUNT; register++) {
      if (from[register] === 1 && into[register] === 0) {
        into[register] = 1;
        changed = true;
      }
    }
    if (changed && queued[to] === 0) {
      queued[to] = 1;
      pending.push(nodes[to]!);
    }
  }
}

/** Takes the set of unread values forward over one instruction. */
export function presumeOver(node: Node, position: number, unread: readonly UnreadResult[], state: Uint8Array): void {
  const { effects } = node.code[position]!;
  for (const resource of surelyWritten(effects)) {
    const register = registerOf[node.bank][resource]!;
    if (register >= 0) state[register] = 0;
  }
  for (const result of unread) if (result.position === position) state[result.register] = 1;
}

/** Resources that the instruction writes whatever its predicate and operands are. */
export function surelyWritten({ writes, mayWrites, predicate, unconditionalWrites }: Effects): readonly number[] {
  if (predicate !== 0) return unconditionalWrites ?? [];
  return mayWrites.length === 0 ? writes : writes.filter((resource) => !mayWrites.includes(resource));
}

function unreadResults(
  node: Node,
  liveness: Liveness,
  nested: NestedMiss | null,
  state: Uint8Array,
): readonly UnreadResult[] {
  let found = NONE;
  liveOut(node, liveness.liveIn, state);
  for (let position = node.code.length - 1; position >= 0; position--) {
    const { effects } = node.code[position]!;
    for (const resource of effects.results) {
      const register = registerOf[node.bank][resource]!;
      if (register < 0 || !(isGeneral(register) || isBranch(register) || isPredicate(register))) continue;
      const visible = state[register]! & 0x7f;
      const complement = node.complement[position]!;
      // Live only where the predicate is false: this value is not the one that is read.
      if (visible !== 0 && (visible === ALWAYS || visible !== complement)) continue;
      if (found === NONE) found = [];
      found.push({ position, register });
    }
    over(node, position, state, nested);
  }
  return found;
}
