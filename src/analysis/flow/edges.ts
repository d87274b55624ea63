/**
 * Where control may go in this file by calls and by branches through registers, as far as the interpreter has found it so
 * far: the edges of the control flow graph that the text alone does not tell. Requires: flow.
 */
import { ANYTHING, blockAt, DERIVED, isExternal, LOADED, mayBeHere, SOME_BLOCK } from './code-addresses.ts';
import type { Flow, Terminator } from './flow.ts';
import { ESCAPED, type Moves } from './moves.ts';
import type { LocalEdges } from './subroutines.ts';

export const NO_BLOCKS: ReadonlySet<number> = new Set();

/** Edges are only ever added, so that the interpreter reaches a fixpoint. */
export class FoundEdges implements LocalEdges {
  /** Blocks whose address some instruction takes. */
  readonly addressTaken: readonly number[];
  readonly #flow: Flow;
  readonly #moves: Moves;
  readonly #globals: ReadonlySet<number>;
  /** By block that ends in a call: the entries of this file that it may be a call of. */
  readonly #calls = new Map<number, Set<number>>();
  /** By block that ends in a branch through a register: the blocks that it may go to, return addresses aside. */
  readonly #jumps = new Map<number, Set<number>>();
  /** Blocks that end in a branch through a register of unknown content: an address that has escaped, perhaps. */
  readonly #unknown = new Set<number>();
  #grown = false;

  constructor(flow: Flow, moves: Moves) {
    this.#flow = flow;
    this.#moves = moves;
    const taken = [...flow.taken.values()].flatMap((addresses) => addresses.map(({ block }) => block));
    this.addressTaken = [...new Set(taken)];
    this.#globals = new Set(flow.globals.map(({ block }) => block));
    for (const { id, terminator } of flow.blocks)
      if (terminator.kind === 'call' && terminator.target >= 0) this.#calls.set(id, new Set([terminator.target]));
  }

  get callSites(): ReadonlyMap<number, ReadonlySet<number>> {
    return this.#calls;
  }

  calls(block: number): ReadonlySet<number> {
    return this.#calls.get(block) ?? NO_BLOCKS;
  }

  jumps(block: number): readonly number[] {
    return [...(this.#jumps.get(block) ?? NO_BLOCKS), ...(this.#unknown.has(block) ? this.#escaped() : [])];
  }

  isGlobal(block: number): boolean {
    return this.#globals.has(block);
  }

  addCall(block: number, entry: number): void {
    this.#add(this.#calls, block, [entry]);
  }

  addJumps(block: number, targets: readonly number[]): void {
    this.#add(this.#jumps, block, targets);
  }

  /** The branch at the end of a block goes through a register of unknown content. */
  addUnknown(block: number): void {
    this.#unknown.add(block);
  }

  /** What was found must be followed again. */
  markGrown(): void {
    this.#grown = true;
  }

  /** Whether there is more than when it was asked for last. */
  takeGrown(): boolean {
    const grown = this.#grown;
    this.#grown = false;
    return grown;
  }

  /** The blocks that a call through a register which holds a value may enter. */
  calledThrough({ through, symbol }: Terminator, value: number): readonly number[] {
    if (through === null || symbol !== null) return [];
    if (blockAt(value) >= 0) return [blockAt(value)];
    if (value === SOME_BLOCK) return this.addressTaken;
    if (isExternal(value) || value === ANYTHING) return [];
    const inTables = [...this.#flow.inTables].filter((block) => !this.isGlobal(block));
    return mayBeHere(value) ? [...this.addressTaken, ...inTables] : inTables;
  }

  /** Global routines out of tables that it may enter: those are entered in the mode that their callers outside agree on. */
  globalsCalledThrough({ through, symbol }: Terminator, value: number): readonly number[] {
    if (through === null || symbol !== null || !(value === LOADED || value === DERIVED)) return [];
    return [...this.#flow.inTables].filter((block) => this.isGlobal(block));
  }

  #add(map: Map<number, Set<number>>, from: number, blocks: readonly number[]): void {
    let known = map.get(from);
    if (known === undefined) {
      known = new Set();
      map.set(from, known);
    }
    const before = known.size;
    for (const block of blocks) known.add(block);
    if (known.size !== before) this.#grown = true;
  }

  #escaped(): readonly number[] {
    const { anyThrough, branchedThrough } = this.#moves;
    if ((anyThrough & ESCAPED) !== 0) return this.addressTaken;
    return this.addressTaken.filter((block) => ((branchedThrough.get(block) ?? 0) & ESCAPED) !== 0);
  }
}
