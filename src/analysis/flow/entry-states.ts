/** The states of the interpretation in front of each block, and its worklist: the blocks that must be visited again. */
import type { Bank } from '../../machine/register-numbers.ts';
import type { Flow } from './flow.ts';
import { copyState, type FlowState, join, joinedWithExternal } from './state.ts';

export class EntryStates {
  /** Nodes, as block * 2 + bank, in the order they were first reached. */
  readonly reached: number[] = [];
  /** By such a number what holds in front of the block; undefined where it is not reached on the bank. */
  readonly states: (FlowState | undefined)[];
  readonly #inData: Flow['inData'];
  readonly #pending: number[] = [];
  readonly #queued: Uint8Array;

  constructor({ blocks, inData }: Flow) {
    this.states = new Array(blocks.length * 2);
    this.#queued = new Uint8Array(blocks.length * 2);
    this.#inData = inData;
  }

  at(block: number, bank: Bank): FlowState | undefined {
    return this.states[block * 2 + bank];
  }

  /** Joins a state into what holds in front of a block; true when that was something new. */
  reach(block: number, bank: Bank, state: FlowState): boolean {
    if (block < 0) return false;
    const key = block * 2 + bank;
    const entry = this.states[key];
    // External code may branch to an address that is in data: with other predicates and other values.
    const incoming = this.#inData[block] === 1 ? joinedWithExternal(state) : state;
    if (entry === undefined) {
      this.states[key] = copyState(incoming);
      this.reached.push(key);
    } else if (!join(entry, incoming)) return false;
    this.queue(key);
    return true;
  }

  queue(key: number): void {
    if (this.#queued[key] === 1) return;
    this.#queued[key] = 1;
    this.#pending.push(key);
  }

  /** Takes the next node from the worklist; undefined when it is empty. */
  next(): number | undefined {
    const key = this.#pending.pop();
    if (key !== undefined) this.#queued[key] = 0;
    return key;
  }
}
