/**
 * What running a local subroutine may change, and where it ends. Requires: program, flow. The changes are summed over the
 * strongly connected components of the graph of calls and jumps, bottom up, so that routines which call each other in a
 * ring are read once.
 */
import type { Conventions } from '../../config/conventions.ts';
import { ALL_REGISTERS, REGISTER_COUNT, registerOf } from '../../machine/register-numbers.ts';
import type { Program } from '../program/program.ts';
import { ComponentSearch } from './components.ts';
import { type BasicBlock, continues, type Flow, mayLeaveFile, type Terminator } from './flow.ts';
import { bankSetBy, changesPsrIc, RESUME } from './mode-table.ts';

/** What a piece of code may change: the summary that its callers need. */
export interface Changes {
  /** By register, 1 where it may be written. */
  readonly writes: Uint8Array;
  changesBank: boolean;
  changesPsrIc: boolean;
  /** It writes cr.iip. */
  changesResume: boolean;
}

/** Where control goes on in this file through registers. */
export interface LocalEdges {
  /** The blocks that the call at the end of a block may enter. */
  calls(block: number): Iterable<number>;
  /** The blocks, return addresses aside, that the branch at the end of a block may go to through its register. */
  jumps(block: number): Iterable<number>;
}

export class Subroutines {
  readonly #flow: Flow;
  readonly #edges: LocalEdges;
  readonly #changes: ReachableChanges;
  readonly #modes: ReachableChanges;

  /** @param resumes does rfi go on in this file anywhere? Then psr comes from cr.ipsr. */
  constructor(flow: Flow, ofBlock: BlockChanges, edges: LocalEdges, resumes: boolean) {
    this.#flow = flow;
    this.#edges = edges;
    const changes = (id: number): Changes => {
      const own = ofBlock(id);
      const isResumed = resumes && flow.blocks[id]!.terminator.kind === 'rfi';
      return isResumed ? { ...own, changesBank: true, changesPsrIc: true } : own;
    };
    this.#changes = new ReachableChanges(flow.blocks.length, (id) => this.#reachedFrom(id, true), changes);
    this.#modes = new ReachableChanges(flow.blocks.length, (id) => this.#reachedFrom(id, false), changes);
  }

  /**
   * What a subroutine and the local subroutines that it calls may change. Code of other files that it calls keeps to the
   * software conventions, as far as predicates and psr.ic go, if it links through b0.
   */
  changes(entry: number): Changes {
    return this.#changes.of(entry);
  }

  /** The same, but for what it calls through registers: that keeps psr.ic and the bank. */
  modes(entry: number): Changes {
    return this.#modes.of(entry);
  }

  #reachedFrom(id: number, isWhole: boolean): number[] {
    const { kind, through } = this.#flow.blocks[id]!.terminator;
    const list = insideSuccessors(this.#flow, id, this.#edges);
    if (kind === 'call' && (isWhole || through === null)) list.push(...this.#edges.calls(id));
    return list;
  }
}

/** Whether a block ends the subroutines that it is part of: in a branch through a register. */
export function isExit({ terminator: { kind } }: BasicBlock): boolean {
  return kind === 'return' || kind === 'indirect';
}

/** What a block may change by itself. */
export type BlockChanges = (block: number) => Changes;

/** Worked out once, and only for blocks of subroutines that are called. */
export function blockChanges(program: Program, { blocks }: Flow, conventions: Conventions): BlockChanges {
  const known: (Changes | undefined)[] = new Array(blocks.length);
  return (block) => {
    known[block] ??= changesOf(program, blocks[block]!, conventions);
    return known[block];
  };
}

function changesOf(program: Program, block: BasicBlock, conventions: Conventions): Changes {
  const found: Changes = {
    writes: new Uint8Array(REGISTER_COUNT),
    changesBank: false,
    changesPsrIc: false,
    changesResume: false,
  };
  for (let at = block.first; ; at = program.next[at]!) {
    const instruction = program.instructions[at]!;
    markWritten(instruction.effects.writes, found.writes);
    if (instruction.statement.kind === 'instruction' && bankSetBy(instruction.statement.mnemonic) !== null)
      found.changesBank = true;
    if (changesPsrIc(instruction)) found.changesPsrIc = true;
    if (instruction.effects.writes.includes(RESUME)) found.changesResume = true;
    if (at === block.last) break;
  }
  for (const register of destroyedByExternal(block.terminator, conventions)) found.writes[register] = 1;
  if (isUnknown(block.terminator)) found.changesPsrIc = true;
  return found;
}

/** On either bank. */
function markWritten(resources: readonly number[], written: Uint8Array): void {
  for (let at = 0; at < resources.length; at++) {
    for (let bank = 0; bank < registerOf.length; bank++) {
      const register = registerOf[bank]![resources[at]!]!;
      if (register >= 0) written[register] = 1;
    }
  }
}

/** Code that may come back on the same bank having changed everything, psr.ic too. */
function isUnknown(transfer: Terminator): boolean {
  const { kind, link } = transfer;
  return kind === 'unknown' || (kind === 'call' && mayLeaveFile(transfer) && link !== 0);
}

/**
 * The registers that code outside, to which a block passes control, destroys before control comes back to the subroutine or
 * to its caller.
 */
function destroyedByExternal(transfer: Terminator, { call, symbols }: Conventions): readonly number[] {
  const { kind, symbol, handler } = transfer;
  if (kind === 'break')
    return handler === null ? ALL_REGISTERS : [...handler.clobbers.flat(), ...handler.returns.flat()];
  if (isUnknown(transfer)) return ALL_REGISTERS;
  if (!mayLeaveFile(transfer) || (kind !== 'call' && kind !== 'jump' && kind !== 'either')) return NONE;
  const convention = symbol === null ? undefined : symbols.get(symbol);
  return [...call.clobbers.flat(), ...(convention?.clobbers.flat() ?? [])];
}

const NONE: readonly number[] = [];

/** Blocks that a subroutine goes on to without leaving itself: calls come back. */
export function insideSuccessors(flow: Flow, id: number, edges: LocalEdges): number[] {
  const { terminator } = flow.blocks[id]!;
  const list = [...(flow.recoveries.get(id) ?? []), ...edges.jumps(id)];
  for (const address of flow.taken.get(id) ?? []) list.push(address.block);
  if (terminator.kind !== 'call' && terminator.target >= 0) list.push(terminator.target);
  if (continues(terminator) && terminator.next >= 0) list.push(terminator.next);
  return list;
}

/** Sums over everything that can be reached from a node, for all nodes of a strongly connected component at once. */
class ReachableChanges {
  readonly #search: ComponentSearch;
  /** By node: the sum of its component, once that is complete. */
  readonly #sums: (Changes | undefined)[];

  constructor(
    count: number,
    private readonly successors: (id: number) => readonly number[],
    private readonly own: (id: number) => Changes,
  ) {
    this.#search = new ComponentSearch(count, successors);
    this.#sums = new Array(count);
  }

  of(id: number): Changes {
    for (const members of this.#search.from(id)) {
      const sum = this.#sumOf(members);
      for (const member of members) this.#sums[member] = sum;
    }
    return this.#sums[id]!;
  }

  #sumOf(members: readonly number[]): Changes {
    const sum: Changes = {
      writes: new Uint8Array(REGISTER_COUNT),
      changesBank: false,
      changesPsrIc: false,
      changesResume: false,
    };
    for (const member of members) {
      add(sum, this.own(member));
      for (const next of this.successors(member)) {
        const below = this.#sums[next];
        if (below !== undefined) add(sum, below);
      }
    }
    return sum;
  }
}

function add(sum: Changes, other: Changes): void {
  for (let register = 0; register < REGISTER_COUNT; register++) sum.writes[register]! |= other.writes[register]!;
  sum.changesBank ||= other.changesBank;
  sum.changesPsrIc ||= other.changesPsrIc;
  sum.changesResume ||= other.changesResume;
}
