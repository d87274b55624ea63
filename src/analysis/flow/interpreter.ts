/**
 * Abstract interpretation of the program, forward over its blocks up to a fixpoint (Cousot and Cousot, POPL 1977): which
 * register bank, psr.ic and known addresses hold where (state.ts). A block that can run on both banks is two nodes, so that
 * r16 always means one register in a node. Requires: program, flow.
 */

import { type Conventions, matches } from '../../config/conventions.ts';
import { type Bank, branch, predicate, registerOf } from '../../machine/register-numbers.ts';
import type { Program } from '../program/program.ts';
import { ANYTHING, blockAt, DERIVED, LOADED, mayBeHere, returnOf, returnsFrom, SOME_BLOCK } from './code-addresses.ts';
import { FoundEdges, NO_BLOCKS } from './edges.ts';
import { EntryStates } from './entry-states.ts';
import { breakExit, callExit, type ExitSite, type ExternalCall, exitSite, isDescribed } from './exits.ts';
import { type BasicBlock, type Flow, mayLeaveFile, NOWHERE, type Terminator } from './flow.ts';
import type { Graph } from './graph.ts';
import { buildGraph } from './graph-builder.ts';
import { bankBehind } from './mode-table.ts';
import { ESCAPED, findMoves, type Moves, noteEscaped } from './moves.ts';
import { noteChecked } from './nat.ts';
import { excludedBy } from './pairs.ts';
import {
  copyState,
  type FlowState,
  forgetRegisters,
  held,
  opaqueState,
  setHeld,
  setHeldBehind,
  translated,
  UNKNOWN_PSR_IC,
} from './state.ts';
import { blockChanges, Subroutines } from './subroutines.ts';
import { transferInstruction } from './transfer.ts';
import { UnmatchedReturns } from './unmatched-returns.ts';
import { takesUnusual, unusualRegisters } from './unusual.ts';

export class FlowInterpreter {
  readonly #program: Program;
  readonly #flow: Flow;
  readonly #conventions: Conventions;
  readonly #moves: Moves;
  readonly #entries: EntryStates;
  /** All blocks with a lower number have been reached. */
  #unreached = 0;
  readonly #edges: FoundEdges;
  readonly #unmatched = new UnmatchedReturns();
  readonly #newSubroutines: () => Subroutines;
  #subroutines: Subroutines;
  /** Whether some branch goes through a return address of an unknown call. */
  #returnsAnywhere = false;
  #resumesHere = false;
  /** Entries of subroutines whose return addresses were put into cr.iip; and by entry, where its calls come back. */
  readonly #resumed = new Set<number>();
  readonly #behind = new Map<number, Set<number>>();

  constructor(program: Program, flow: Flow, conventions: Conventions, externals: Map<string, number>) {
    this.#program = program;
    this.#flow = flow;
    this.#conventions = conventions;
    this.#moves = findMoves(program, flow, externals);
    this.#entries = new EntryStates(flow);
    this.#edges = new FoundEdges(flow, this.#moves);
    const ofBlock = blockChanges(program, flow, conventions);
    this.#newSubroutines = () => new Subroutines(flow, ofBlock, this.#edges, this.#moves.resumesHere);
    this.#subroutines = this.#newSubroutines();
  }

  /** Seeds the next block that has not been reached; false when all have been. */
  seedUnreached(): boolean {
    for (; this.#unreached < this.#flow.blocks.length; this.#unreached++) {
      const block = this.#flow.blocks[this.#unreached]!;
      if (this.#entries.at(block.id, 0) !== undefined || this.#entries.at(block.id, 1) !== undefined) continue;
      const section = this.#program.instructions[block.first]!.section;
      const vectors = matches(this.#conventions.vectors.sections, section);
      const { entries } = this.#conventions.physicalMode;
      const unknown = vectors || entries.some((name) => this.#program.symbols.named.has(name));
      if (vectors) this.#entries.reach(block.id, 0, opaqueState(UNKNOWN_PSR_IC, true));
      this.#entries.reach(block.id, 1, opaqueState(unknown ? UNKNOWN_PSR_IC : 1, vectors));
      return true;
    }
    return false;
  }

  /** What is known in front of an instruction that begins a block; undefined where it is not reached on the bank. */
  entryAt(instruction: number, bank: Bank): FlowState | undefined {
    return instruction < 0 ? undefined : this.#entries.at(this.#flow.blockOf[instruction]!, bank);
  }

  /**
   * Joins the states of another run into that of an instruction that begins a block; true when that changed it.
   *
   * @param counterpart gives the instruction of this run for one of the other run that begins a block; -1 if there is none
   */
  reachFrom(
    other: FlowInterpreter,
    instruction: number,
    bank: Bank,
    state: FlowState,
    counterpart: (instruction: number) => number,
  ): boolean {
    const blockFor = (block: number): number => {
      const same = counterpart(other.#flow.blocks[block]!.first);
      return same < 0 ? 0 : this.#flow.blockOf[same]! + 1;
    };
    return this.#entries.reach(this.#flow.blockOf[instruction]!, bank, translated(state, blockFor));
  }

  /** Begins at vectors and global labels, with what their conventions say. */
  seed(): void {
    const vectors = new Set(this.#flow.vectors);
    const unusual = unusualRegisters(this.#conventions);
    for (const block of vectors) this.#entries.reach(block, 0, opaqueState(0, false));
    for (const { block, symbol } of this.#flow.globals) {
      if (vectors.has(block)) continue;
      const convention = this.#conventions.symbols.get(symbol);
      const { first } = this.#flow.blocks[block]!;
      if (convention === undefined && takesUnusual(this.#program, first, unusual)) {
        for (const bank of [0, 1] as const) this.#entries.reach(block, bank, opaqueState(UNKNOWN_PSR_IC, true));
      } else {
        const bank = convention?.bank ?? 1;
        // Firmware may enter with psr.ic on or off.
        const elsewhere = this.#conventions.physicalMode.entries.includes(symbol);
        this.#entries.reach(block, bank, opaqueState(elsewhere ? UNKNOWN_PSR_IC : bank === 0 ? 0 : 1, false));
      }
    }
  }

  /** Works the list off: up to the fixpoint. */
  drain(): void {
    do {
      for (let key = this.#entries.next(); key !== undefined; key = this.#entries.next())
        this.#visit(key >> 1, (key & 1) as Bank, copyState(this.#entries.states[key]!));
    } while (this.#followAgain());
  }

  /** If branches have got new targets, the effects of subroutines are computed again, and all is visited again: true then. */
  #followAgain(): boolean {
    const resumes = this.#moves.resumesHere !== this.#resumesHere;
    this.#resumesHere = this.#moves.resumesHere;
    const reached = this.#unmatched.reach(this.#entries, this.#edges, this.#moves);
    if (!this.#edges.takeGrown() && !resumes) return reached;
    this.#subroutines = this.#newSubroutines();
    for (const key of this.#entries.reached) if (this.#edges.callSites.has(key >> 1)) this.#entries.queue(key);
    return true;
  }

  #visit(id: number, bank: Bank, state: FlowState): void {
    const block = this.#flow.blocks[id]!;
    for (const recovery of this.#flow.recoveries.get(id) ?? []) this.#entries.reach(recovery, bank, state);
    const taken = this.#flow.taken.get(id);
    for (let at = block.first; ; at = this.#program.next[at]!) {
      if (at === block.last && block.terminator.kind !== 'none') this.#leave(block, bank, state);
      else this.#step(state, at, bank);
      // An address is used in the mode in which it was taken: the label is reached on this bank.
      if (taken !== undefined)
        for (const address of taken)
          if (address.instruction === at) this.#entries.reach(address.block, bank, opaqueState(state.psrIc, true));
      if (at === block.last) break;
    }
    if (block.terminator.kind === 'none')
      this.#entries.reach(block.terminator.next, bankBehind(this.#program, block.last, bank), state);
  }

  #step(state: FlowState, at: number, bank: Bank): void {
    transferInstruction(state, this.#program.instructions[at]!, bank, this.#moves, this.#conventions.nestedMiss);
  }

  /** Takes `state` over the block's last instruction and on to where its branch leads. */
  #leave(block: BasicBlock, bank: Bank, state: FlowState): void {
    const { terminator } = block;
    const address = terminator.through === null ? ANYTHING : held(state, branch(terminator.through));
    const external =
      terminator.kind === 'call' && mayLeaveFile(terminator)
        ? callExit(this.#conventions, this.#siteOf(block, bank, state))
        : null;
    this.#step(state, block.last, bank);
    if (terminator.predicate !== 0 || terminator.kind === 'either' || terminator.kind === 'unknown')
      this.#entries.reach(terminator.next, bank, this.#passed(block, bank, state));
    switch (terminator.kind) {
      case 'jump':
      case 'either':
        this.#entries.reach(terminator.target, bank, state);
        break;
      case 'indirect':
      case 'return':
        this.#goThrough(block, bank, state, address);
        break;
      case 'rfi':
        this.#resume(state);
        break;
      case 'call':
        if (terminator.target !== NOWHERE) this.#callOf(block, terminator.target, true, bank, state);
        if (external !== null) {
          const isSure = blockAt(address) >= 0 || address === SOME_BLOCK;
          for (const entry of this.#edges.calledThrough(terminator, address))
            this.#callOf(block, entry, isSure, bank, state);
          for (const entry of this.#edges.globalsCalledThrough(terminator, address)) this.#addCall(block, entry);
          if (external.returns && !isSure) this.#comeBack(terminator, bank, state, external);
        }
        break;
      case 'break':
        this.#resumeBehind(terminator, bank, state, breakExit(this.#siteOf(block, bank, state)));
        break;
    }
  }

  /** The state where the block's last instruction did not branch: there the operand of a `chk.s` is no NaT. */
  #passed(block: BasicBlock, bank: Bank, state: FlowState): FlowState {
    const { effects } = this.#program.instructions[block.last]!;
    if (effects.nat === undefined) return state;
    const passed = copyState(state);
    noteChecked(passed.nats, effects, registerOf[bank]);
    return passed;
  }

  /** Takes `state` on to where a branch through a register leads in this file; return points are reached by their calls. */
  #goThrough(block: BasicBlock, bank: Bank, state: FlowState, value: number): void {
    if (blockAt(value) >= 0) {
      this.#edges.addJumps(block.id, [blockAt(value)]);
      this.#entries.reach(blockAt(value), bank, state);
      return;
    }
    const goesAnywhere = this.#mayGoAnywhere(block, bank, state, value);
    if (goesAnywhere) {
      // Labels whose address is taken have been reached where it was taken, without what registers hold here.
      if (value !== ANYTHING) noteEscaped(state, this.#moves);
      const inTables = value === ANYTHING ? NO_BLOCKS : this.#flow.inTables;
      if (value === ANYTHING) this.#edges.addUnknown(block.id);
      else this.#edges.addJumps(block.id, [...this.#edges.addressTaken, ...inTables]);
      for (const target of inTables) this.#reachByTable(target, bank, state);
    }
    if (goesAnywhere || (value === DERIVED && !isDescribed(this.#conventions, this.#siteOf(block, bank, state))))
      this.#unmatched.add(value === ANYTHING ? ESCAPED : ESCAPED | (1 << block.terminator.through!), bank, state);
    if (value === SOME_BLOCK && !this.#returnsAnywhere) {
      this.#returnsAnywhere = true;
      this.#edges.markGrown();
    }
  }

  /** Whether a branch through this value may go to any label whose address is taken or is in data, instead of returning. */
  #mayGoAnywhere(block: BasicBlock, bank: Bank, state: FlowState, value: number): boolean {
    const { kind, through } = block.terminator;
    const mayJump =
      value === SOME_BLOCK ||
      value === LOADED ||
      (value === DERIVED && kind === 'indirect') ||
      (value === ANYTHING && kind === 'indirect' && through !== 0);
    return mayJump && !isDescribed(this.#conventions, this.#siteOf(block, bank, state));
  }

  /** A global label is entered in the mode that its callers outside agree on, by whomever. */
  #reachByTable(target: number, bank: Bank, state: FlowState): void {
    if (!this.#edges.isGlobal(target)) this.#entries.reach(target, bank, { ...state, continuation: true });
  }

  /** `rfi` to code of this file: the bank comes from cr.ipsr. */
  #resume(state: FlowState): void {
    const { resumesAt } = state;
    if (!mayBeHere(resumesAt)) return;
    const entry = returnsFrom(resumesAt);
    if (entry >= 0) this.#resumed.add(entry);
    const returns = entry >= 0 ? [...(this.#behind.get(entry) ?? [])] : null;
    for (const block of returns ?? (blockAt(resumesAt) >= 0 ? [blockAt(resumesAt)] : this.#edges.addressTaken))
      this.#reachOnBoth(block, { ...state, psrIc: UNKNOWN_PSR_IC, continuation: true });
  }

  #reachOnBoth(block: number, state: FlowState): void {
    for (const bank of [0, 1] as const) this.#entries.reach(block, bank, state);
  }

  /**
   * A call of the subroutine of this file at `entry`.
   *
   * @param isSure it goes to this file, whichever subroutine it is; else, out of a table, it keeps psr.ic and the bank
   */
  #callOf(block: BasicBlock, entry: number, isSure: boolean, bank: Bank, state: FlowState): void {
    const { terminator } = block;
    this.#addCall(block, entry);
    const { writes, changesResume } = this.#subroutines.changes(entry);
    const subroutine = this.#subroutines.modes(entry);
    const changesMode = isSure && (subroutine.changesBank || subroutine.changesPsrIc);
    const back = opaqueState(changesMode && subroutine.changesPsrIc ? UNKNOWN_PSR_IC : state.psrIc, true);
    back.resumesAt = changesResume && this.#resumesHere ? DERIVED : state.resumesAt;
    for (let p = 1; p < 64 && !this.#returnsAnywhere; p++) {
      const pair = state.pairs[p]!;
      if (writes[predicate(p)] === 0 && writes[predicate(excludedBy(pair))] === 0) back.pairs[p] = pair;
    }
    setHeldBehind(back, state, writes, this.#moves.fromMemory);
    this.#entries.reach(terminator.next, bank, back);
    if (changesMode && subroutine.changesBank) this.#entries.reach(terminator.next, bank === 0 ? 1 : 0, back);
    // What a table holds is not entered in a mode that is not even known where it is called.
    if (!isSure && state.psrIc === UNKNOWN_PSR_IC) return;
    const inside = copyState(state);
    if (terminator.link !== null)
      setHeld(inside, branch(terminator.link), terminator.next >= 0 ? returnOf(entry) : ANYTHING);
    this.#entries.reach(entry, bank, inside);
  }

  #addCall({ id, terminator: { next } }: BasicBlock, entry: number): void {
    this.#edges.addCall(id, entry);
    if (next >= 0) this.#comesBackAt(entry, next);
  }

  #comesBackAt(entry: number, next: number): void {
    const known = this.#behind.get(entry);
    if (known === undefined) this.#behind.set(entry, new Set([next]));
    else known.add(next);
    if (this.#resumed.has(entry)) this.#reachOnBoth(next, opaqueState(UNKNOWN_PSR_IC, true));
  }

  /** Passes `state` on to the instruction behind a call of code outside. */
  #comeBack({ next, link }: Terminator, bank: Bank, state: FlowState, external: ExternalCall): void {
    // The callee needs it to come back by; what it does not destroy is still the address behind the call.
    if (link !== null) setHeld(state, branch(link), DERIVED);
    if (external.reads === null) {
      state.pairs.fill(0);
      state.nats.fill(1);
      state.holds.fill(ANYTHING);
      state.psrIc = UNKNOWN_PSR_IC;
    }
    forgetRegisters(state, external.clobbers);
    this.#entries.reach(next, bank, state);
  }

  /** Passes `state` on to the instruction behind a break: its handler comes back by rfi, which restores psr. */
  #resumeBehind({ next }: Terminator, bank: Bank, state: FlowState, external: ExternalCall): void {
    const { psrIc, resumesAt } = state;
    if (external.reads === null) Object.assign(state, opaqueState(psrIc, true), { resumesAt });
    forgetRegisters(state, external.clobbers);
    this.#entries.reach(next, bank, state);
  }

  /** The graph of what has been found. */
  graph(): Graph {
    return buildGraph({
      program: this.#program,
      flow: this.#flow,
      conventions: this.#conventions,
      moves: this.#moves,
      edges: this.#edges,
      reached: this.#entries.reached,
      entries: this.#entries.states,
    });
  }

  #siteOf(block: BasicBlock, bank: Bank, state: FlowState): ExitSite {
    return exitSite(this.#program, this.#conventions, block, bank, state);
  }
}
