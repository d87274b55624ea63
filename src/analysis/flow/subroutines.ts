/**
 * What running a local subroutine may change, and where it ends. Requires: program, flow. What is changed is one summary over
 * the strongly connected components of the calls and jumps, bottom up, so that a ring of calls costs its length once.
 */
import { isPredicate, predicateNumber, registerOf } from '../../machine/register-numbers.ts';
import type { Program } from '../program/program.ts';
import { type Block, continues, type Flow, NOWHERE } from './flow.ts';
import { bankSetBy, changesCollection } from './mode-table.ts';

/** What running code may change, as far as those who call it must know. */
export interface Changes {
  /** By predicate register, 1 where it may be written. */
  readonly predicates: Uint8Array;
  changesBank: boolean;
  changesCollection: boolean;
}

export class Subroutines {
  readonly #program: Program;
  readonly #flow: Flow;
  /** Registers that a call of other code destroys by the software conventions. */
  readonly #scratch: readonly number[];
  readonly #changes: Components;
  readonly #exits = new Map<number, readonly number[]>();

  constructor(program: Program, flow: Flow, scratch: readonly number[]) {
    this.#program = program;
    this.#flow = flow;
    this.#scratch = scratch;
    this.#changes = new Components(
      flow.blocks.length,
      (id) => this.#reachedFrom(id),
      (id) => this.#changesOf(flow.blocks[id]!),
    );
  }

  /**
   * What a subroutine and the local subroutines that it calls may change. Code of other files that it calls keeps to the
   * software conventions, as far as predicates and psr.ic go, if it links through b0.
   */
  changes(entry: number): Changes {
    return this.#changes.of(entry);
  }

  /** Blocks of a subroutine that end in a branch through a register, which may be its return. */
  exits(entry: number): readonly number[] {
    let exits = this.#exits.get(entry);
    if (exits === undefined) {
      // A set is walked in the order in which it grows.
      const own = new Set([entry]);
      for (const id of own) for (const next of insideSuccessors(this.#flow, id)) own.add(next);
      exits = [...own].filter((id) => ['return', 'indirect'].includes(this.#flow.blocks[id]!.transfer.kind));
      this.#exits.set(entry, exits);
    }
    return exits;
  }

  #reachedFrom(id: number): number[] {
    const { kind, target } = this.#flow.blocks[id]!.transfer;
    const list = insideSuccessors(this.#flow, id);
    if (kind === 'call' && target >= 0) list.push(target);
    return list;
  }

  #changesOf(block: Block): Changes {
    const found: Changes = { predicates: new Uint8Array(64), changesBank: false, changesCollection: false };
    const note = (register: number): void => {
      if (isPredicate(register)) found.predicates[predicateNumber(register)] = 1;
    };
    for (let at = block.first; ; at = this.#program.next[at]!) {
      const instruction = this.#program.instructions[at]!;
      for (const resource of instruction.effects.writes) note(registerOf[1][resource]!);
      if (instruction.statement.kind === 'instruction' && bankSetBy(instruction.statement.mnemonic) !== null)
        found.changesBank = true;
      if (changesCollection(instruction)) found.changesCollection = true;
      if (at === block.last) break;
    }
    const { transfer } = block;
    if (transfer.kind === 'call' && transfer.target === NOWHERE && transfer.link === 0)
      for (const register of this.#scratch) note(register);
    else if (transfer.kind === 'break' && transfer.handler !== null) {
      for (const register of [...transfer.handler.clobbers[1], ...transfer.handler.returns[1]]) note(register);
    } else if (transfer.kind === 'break') found.predicates.fill(1);
    else if (transfer.kind === 'unknown' || (transfer.kind === 'call' && transfer.target === NOWHERE)) {
      found.predicates.fill(1);
      found.changesCollection = true;
    }
    return found;
  }
}

/** Blocks that a subroutine goes on to without leaving itself: calls come back. */
function insideSuccessors(flow: Flow, id: number): number[] {
  const { transfer } = flow.blocks[id]!;
  const list = [...(flow.recoveries.get(id) ?? [])];
  for (const address of flow.taken.get(id) ?? []) list.push(address.block);
  if (transfer.kind !== 'call' && transfer.target >= 0) list.push(transfer.target);
  if (continues(transfer) && transfer.next >= 0) list.push(transfer.next);
  return list;
}

/** A node that the search has entered and not left. */
interface Entered {
  readonly id: number;
  readonly successors: readonly number[];
  /** Of its successors, how many have been looked at. */
  looked: number;
}

/**
 * Sums over everything that can be reached from a node, for all nodes of a strongly connected component at once: Tarjan's
 * algorithm (Depth-first search and linear graph algorithms, 1972), without recursion, from each node that is asked for.
 */
class Components {
  readonly #successors: (id: number) => readonly number[];
  readonly #own: (id: number) => Changes;
  /** By node: the sum of its component, once that is complete. */
  readonly #sums: (Changes | undefined)[];
  /** By node: when it was entered, from 1 on; 0: never. */
  readonly #order: Int32Array;
  /** By node: the earliest node known to be in its component, by order. */
  readonly #lowest: Int32Array;
  /** Nodes whose components are not complete. */
  readonly #open: number[] = [];
  #entered = 0;

  constructor(count: number, successors: (id: number) => readonly number[], own: (id: number) => Changes) {
    this.#successors = successors;
    this.#own = own;
    this.#sums = new Array(count);
    this.#order = new Int32Array(count);
    this.#lowest = new Int32Array(count);
  }

  of(id: number): Changes {
    if (this.#sums[id] === undefined) this.#search(id);
    return this.#sums[id]!;
  }

  #search(start: number): void {
    const path = [this.#enter(start)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      if (top.looked === top.successors.length) {
        path.pop();
        this.#leave(top.id);
        const before = path.at(-1);
        if (before !== undefined) this.#lower(before.id, this.#lowest[top.id]!);
        continue;
      }
      const next = top.successors[top.looked++]!;
      if (this.#order[next] === 0) path.push(this.#enter(next));
      else if (this.#sums[next] === undefined) this.#lower(top.id, this.#order[next]!);
    }
  }

  #enter(id: number): Entered {
    this.#order[id] = this.#lowest[id] = ++this.#entered;
    this.#open.push(id);
    return { id, successors: this.#successors(id), looked: 0 };
  }

  #lower(id: number, order: number): void {
    if (order < this.#lowest[id]!) this.#lowest[id] = order;
  }

  /** Completes the component that a node is the first of, if it is. */
  #leave(id: number): void {
    if (this.#lowest[id] !== this.#order[id]) return;
    const members = this.#open.splice(this.#open.lastIndexOf(id));
    const sum: Changes = { predicates: new Uint8Array(64), changesBank: false, changesCollection: false };
    for (const member of members) {
      add(sum, this.#own(member));
      for (const next of this.#successors(member)) {
        const below = this.#sums[next];
        if (below !== undefined) add(sum, below);
      }
    }
    for (const member of members) this.#sums[member] = sum;
  }
}

function add(sum: Changes, other: Changes): void {
  for (let p = 0; p < 64; p++) sum.predicates[p]! |= other.predicates[p]!;
  sum.changesBank ||= other.changesBank;
  sum.changesCollection ||= other.changesCollection;
}
