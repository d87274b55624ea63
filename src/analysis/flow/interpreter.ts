/**
 * Forward pass over the flow: which register bank, psr.ic and known addresses hold where. A block that can run on both
 * banks becomes two nodes, so that r16 always means one register in a node. Requires: program, flow. Gives the graph: nodes,
 * and for each how control leaves it, with branches through registers resolved where the address is known.
 */
import type { Conventions } from '../../config/conventions.ts';
import { conventionName, matches } from '../../config/conventions.ts';
import {
  type Bank,
  branch,
  isGeneral,
  isPredicate,
  predicate,
  predicateNumber,
  registerOf,
} from '../../machine/register-numbers.ts';
import { mayFault } from '../program/memory.ts';
import type { Program, ProgramInstruction } from '../program/program.ts';
import {
  breakExit,
  callExit,
  type ExitSite,
  type ExternalCall,
  isDescribed,
  jumpExit,
  returnExit,
  rfiExit,
} from './exits.ts';
import { type BasicBlock, continues, type Flow, NOWHERE, type Terminator } from './flow.ts';
import type { Exit, Graph, Node } from './graph.ts';
import { bankSetBy } from './mode-table.ts';
import { noteChecked } from './nat.ts';
import { excludedBy, forgetPair } from './pairs.ts';
import {
  ANYTHING,
  blockAt,
  copyState,
  DERIVED,
  ESCAPED,
  findMoves,
  held,
  isExternal,
  LOADED,
  type Moves,
  mayBeHere,
  meet,
  noteEscaped,
  opaqueState,
  returnOf,
  returnsFrom,
  SOME_BLOCK,
  type State,
  setHeld,
  setHeldBehind,
  transferInstruction,
  translated,
  UNKNOWN_PSR_IC,
} from './state.ts';
import { Subroutines, type Ways } from './subroutines.ts';
import { takesUnusual, unusualRegisters } from './unusual.ts';

/** Where a subroutine returns to: the node behind a call that links through `link`. */
interface Caller {
  readonly link: number;
  readonly node: number;
}

type CallersBy = ReadonlyMap<number, ReadonlyMap<number, Caller>>;

/** The nodes that control comes back to from subroutines of this file. */
interface ReturnPoints {
  /** By entry of a subroutine: those of its calls. */
  readonly ofEntry: CallersBy;
  /** By block that may end subroutines: those of the calls of all of them. */
  readonly ofExit: CallersBy;
  readonly all: readonly number[];
}

const NO_BLOCKS: ReadonlySet<number> = new Set();

export class FlowInterpreter {
  readonly #program: Program;
  readonly #flow: Flow;
  readonly #conventions: Conventions;
  readonly #moves: Moves;
  readonly #entry: (State | undefined)[];
  /** Nodes (block * 2 + bank) in the order they were first reached. */
  readonly #reached: number[] = [];
  readonly #pending: number[] = [];
  /** Blocks before it have been reached. */
  #unreached = 0;
  readonly #queued: Uint8Array;
  readonly #addressed = new Map<number, readonly number[]>();
  #subroutines: Subroutines;
  /** By block that ends in a call: the entries of this file that it may be a call of. */
  readonly #calls = new Map<number, Set<number>>();
  /** By block that ends in a branch through a register: the blocks that it may go to, return addresses aside. */
  readonly #jumps = new Map<number, Set<number>>();
  readonly #ways: Ways = {
    calls: (block) => this.#calls.get(block) ?? NO_BLOCKS,
    jumps: (block) => [...(this.#jumps.get(block) ?? NO_BLOCKS), ...(this.#blind.has(block) ? this.#escaped() : [])],
  };
  /** Blocks that end in a branch through a register that holds nobody knows what: an address that has escaped, perhaps. */
  readonly #blind = new Set<number>();
  /** Have `#calls` or `#jumps` grown since subroutines were followed? */
  #grown = false;
  /** Does some branch go through a return address of which it is not known whose it is? */
  #returnsAnywhere = false;
  /** Entries of subroutines whose return addresses were put into cr.iip; and by entry, where its calls come back. */
  readonly #resumed = new Set<number>();
  readonly #behind = new Map<number, Set<number>>();
  readonly #takenBlocks: readonly number[];
  readonly #isGlobal: ReadonlySet<number>;

  constructor(program: Program, flow: Flow, conventions: Conventions, externals: Map<string, number>) {
    this.#program = program;
    this.#flow = flow;
    this.#conventions = conventions;
    this.#moves = findMoves(program, flow, externals);
    this.#entry = new Array(flow.blocks.length * 2);
    this.#queued = new Uint8Array(flow.blocks.length * 2);
    const taken = [...flow.taken.values()].flatMap((addresses) => addresses.map(({ block }) => block));
    this.#takenBlocks = [...new Set(taken)];
    for (const { id, terminator } of flow.blocks)
      if (terminator.kind === 'call' && terminator.target >= 0) this.#calls.set(id, new Set([terminator.target]));
    this.#subroutines = this.#newSubroutines();
    this.#isGlobal = new Set(flow.globals.map(({ block }) => block));
  }

  /** Starts at the next block that nothing has led to; false when there is none. */
  seedUnreached(): boolean {
    for (; this.#unreached < this.#flow.blocks.length; this.#unreached++) {
      const block = this.#flow.blocks[this.#unreached]!;
      if (this.#entry[block.id * 2] !== undefined || this.#entry[block.id * 2 + 1] !== undefined) continue;
      const section = this.#program.instructions[block.first]!.section;
      const vectors = matches(this.#conventions.vectors.sections, section);
      if (vectors) this.#reach(block.id, 0, opaqueState(UNKNOWN_PSR_IC, true));
      this.#reach(block.id, 1, opaqueState(vectors ? UNKNOWN_PSR_IC : 1, vectors));
      return true;
    }
    return false;
  }

  /** What is known in front of an instruction that begins a block; undefined where it is not reached on the bank. */
  entryAt(instruction: number, bank: Bank): State | undefined {
    return instruction < 0 ? undefined : this.#entry[this.#flow.blockOf[instruction]! * 2 + bank];
  }

  /**
   * Comes to an instruction that begins a block from another run; true when that was something new.
   *
   * @param counterpart the instruction of this run for one of the other's that begins a block; -1 where there is none
   */
  reachFrom(
    other: FlowInterpreter,
    instruction: number,
    bank: Bank,
    state: State,
    counterpart: (instruction: number) => number,
  ): boolean {
    const blockFor = (block: number): number => {
      const same = counterpart(other.#flow.blocks[block]!.first);
      return same < 0 ? 0 : this.#flow.blockOf[same]! + 1;
    };
    return this.#reach(this.#flow.blockOf[instruction]!, bank, translated(state, blockFor));
  }

  seed(): void {
    const vectors = new Set(this.#flow.vectors);
    const unusual = unusualRegisters(this.#conventions);
    for (const block of vectors) this.#reach(block, 0, opaqueState(0, false));
    for (const { block, symbol } of this.#flow.globals) {
      if (vectors.has(block)) continue;
      const convention = this.#conventions.symbols.get(symbol);
      const { first } = this.#flow.blocks[block]!;
      if (convention === undefined && takesUnusual(this.#program, first, unusual)) {
        for (const bank of [0, 1] as const) this.#reach(block, bank, opaqueState(UNKNOWN_PSR_IC, true));
      } else {
        const bank = convention?.bank ?? 1;
        this.#reach(block, bank, opaqueState(bank === 0 ? 0 : 1, false));
      }
    }
  }

  drain(): void {
    do {
      for (let key = this.#pending.pop(); key !== undefined; key = this.#pending.pop()) {
        this.#queued[key] = 0;
        this.#visit(key >> 1, (key & 1) as Bank, copyState(this.#entry[key]!));
      }
    } while (this.#followAgain());
  }

  /** Where branches lead to more places than was known, what subroutines change must be found anew: true then. */
  #followAgain(): boolean {
    if (!this.#grown) return false;
    this.#grown = false;
    this.#subroutines = this.#newSubroutines();
    for (const key of this.#reached) if (this.#calls.has(key >> 1)) this.#queue(key);
    return true;
  }

  #queue(key: number): void {
    if (this.#queued[key] === 1) return;
    this.#queued[key] = 1;
    this.#pending.push(key);
  }

  /** True when that was something new. */
  #reach(block: number, bank: Bank, state: State): boolean {
    if (block < 0) return false;
    const key = block * 2 + bank;
    const entry = this.#entry[key];
    // Code outside may come to an address that stands in data: with other predicates and other addresses.
    const incoming = this.#flow.inData[block] === 1 ? alsoFromOutside(state) : state;
    if (entry === undefined) {
      this.#entry[key] = copyState(incoming);
      this.#reached.push(key);
    } else if (!meet(entry, incoming)) return false;
    this.#queue(key);
    return true;
  }

  #visit(id: number, bank: Bank, state: State): void {
    const block = this.#flow.blocks[id]!;
    for (const recovery of this.#flow.recoveries.get(id) ?? []) this.#reach(recovery, bank, state);
    const taken = this.#flow.taken.get(id);
    for (let at = block.first; ; at = this.#program.next[at]!) {
      if (at === block.last && block.terminator.kind !== 'none') this.#leave(block, bank, state);
      else this.#step(state, at, bank);
      // An address is used in the mode in which it was taken: the label is reached on this bank.
      if (taken !== undefined)
        for (const address of taken)
          if (address.instruction === at) this.#reach(address.block, bank, opaqueState(state.psrIc, true));
      if (at === block.last) break;
    }
    if (block.terminator.kind === 'none') this.#reach(block.terminator.next, this.#bankAfter(block, bank), state);
  }

  #step(state: State, at: number, bank: Bank): void {
    transferInstruction(state, this.#program.instructions[at]!, bank, this.#moves, this.#conventions.nestedMiss);
  }

  #bankAfter(block: BasicBlock, bank: Bank): Bank {
    const { statement } = this.#program.instructions[block.last]!;
    return (statement.kind === 'instruction' ? bankSetBy(statement.mnemonic) : null) ?? bank;
  }

  /** Takes `state` over the block's last instruction and on to where its branch leads. */
  #leave(block: BasicBlock, bank: Bank, state: State): void {
    const { terminator } = block;
    const address = terminator.through === null ? ANYTHING : held(state, branch(terminator.through));
    const outside =
      terminator.kind === 'call' && terminator.target === NOWHERE
        ? callExit(this.#conventions, this.#departure(block, bank, state))
        : null;
    this.#step(state, block.last, bank);
    if (terminator.predicate !== 0 || terminator.kind === 'either' || terminator.kind === 'unknown')
      this.#reach(terminator.next, bank, this.#passed(block, bank, state));
    switch (terminator.kind) {
      case 'jump':
      case 'either':
        this.#reach(terminator.target, bank, state);
        break;
      case 'indirect':
      case 'return':
        this.#goThrough(block, bank, state, address);
        break;
      case 'rfi':
        this.#resume(state);
        break;
      case 'call':
        if (outside === null) this.#callOf(block, terminator.target, true, bank, state);
        else {
          const isSure = blockAt(address) >= 0 || address === SOME_BLOCK;
          for (const entry of this.#calledThrough(terminator, address)) this.#callOf(block, entry, isSure, bank, state);
          if (outside.returns && !isSure) this.#comeBack(terminator, bank, state, outside);
        }
        break;
      case 'break':
        this.#resumeBehind(terminator, bank, state, breakExit(this.#departure(block, bank, state)));
        break;
    }
  }

  /** What holds where the block's last instruction did not branch: what `chk.s` looked at is no NaT. */
  #passed(block: BasicBlock, bank: Bank, state: State): State {
    const { effects } = this.#program.instructions[block.last]!;
    if (effects.nat === undefined) return state;
    const passed = copyState(state);
    noteChecked(passed.nats, effects, registerOf[bank]);
    return passed;
  }

  /** Takes `state` on to where a branch through a register leads in this file; return points are reached by their calls. */
  #goThrough(block: BasicBlock, bank: Bank, state: State, value: number): void {
    if (blockAt(value) >= 0) {
      this.#note(this.#jumps, block.id, [blockAt(value)]);
      this.#reach(blockAt(value), bank, state);
      return;
    }
    if (this.#mayGoAnywhere(block, bank, state, value)) {
      // Labels whose address is taken have been reached where it was taken, without what registers hold here.
      if (value !== ANYTHING) noteEscaped(state, this.#moves);
      const inTables = value === ANYTHING ? NO_BLOCKS : this.#flow.inTables;
      if (value === ANYTHING) this.#blind.add(block.id);
      else this.#note(this.#jumps, block.id, [...this.#takenBlocks, ...inTables]);
      for (const target of inTables) this.#reachByTable(target, bank, state);
    }
    if (value === SOME_BLOCK && !this.#returnsAnywhere) {
      this.#returnsAnywhere = true;
      this.#grown = true;
    }
  }

  /** May a branch through this value be none of a return, and go to any label whose address is taken or stands in data? */
  #mayGoAnywhere(block: BasicBlock, bank: Bank, state: State, value: number): boolean {
    const { kind, through } = block.terminator;
    const mayJump =
      value === SOME_BLOCK ||
      value === LOADED ||
      (value === DERIVED && kind === 'indirect') ||
      (value === ANYTHING && kind === 'indirect' && through !== 0);
    return mayJump && !isDescribed(this.#conventions, this.#departure(block, bank, state));
  }

  /** A global label is entered in the mode that its callers outside agree on, by whomever. */
  #reachByTable(target: number, bank: Bank, state: State): void {
    if (!this.#isGlobal.has(target)) this.#reach(target, bank, { ...state, continuation: true });
  }

  #escaped(): readonly number[] {
    const { anyThrough, branchedThrough } = this.#moves;
    if ((anyThrough & ESCAPED) !== 0) return this.#takenBlocks;
    return this.#takenBlocks.filter((block) => ((branchedThrough.get(block) ?? 0) & ESCAPED) !== 0);
  }

  #note(map: Map<number, Set<number>>, from: number, blocks: readonly number[]): void {
    let known = map.get(from);
    if (known === undefined) {
      known = new Set();
      map.set(from, known);
    }
    const before = known.size;
    for (const block of blocks) known.add(block);
    if (known.size !== before) this.#grown = true;
  }

  /** The blocks that a call through a register which holds a value may enter. */
  #calledThrough({ through, symbol }: Terminator, value: number): readonly number[] {
    if (through === null || symbol !== null) return [];
    if (blockAt(value) >= 0) return [blockAt(value)];
    if (value === SOME_BLOCK) return this.#takenBlocks;
    if (isExternal(value) || value === ANYTHING) return [];
    // A global routine keeps to the conventions, as code outside does, where it is called through a register.
    const inTables = [...this.#flow.inTables].filter((block) => !this.#isGlobal.has(block));
    return mayBeHere(value) ? [...this.#takenBlocks, ...inTables] : inTables;
  }

  /** `rfi` to code of this file: the bank comes from cr.ipsr. */
  #resume({ resumesAt }: State): void {
    if (!mayBeHere(resumesAt)) return;
    const entry = returnsFrom(resumesAt);
    if (entry >= 0) this.#resumed.add(entry);
    const returns = entry >= 0 ? [...(this.#behind.get(entry) ?? [])] : null;
    for (const block of returns ?? (blockAt(resumesAt) >= 0 ? [blockAt(resumesAt)] : this.#takenBlocks))
      this.#reachOnBoth(block);
  }

  #reachOnBoth(block: number): void {
    this.#reach(block, 0, opaqueState(UNKNOWN_PSR_IC, true));
    this.#reach(block, 1, opaqueState(UNKNOWN_PSR_IC, true));
  }

  /**
   * A call of the subroutine of this file at `entry`.
   *
   * @param isSure it goes to this file, whichever subroutine it is; else, out of a table, it keeps psr.ic and the bank
   */
  #callOf(block: BasicBlock, entry: number, isSure: boolean, bank: Bank, state: State): void {
    const { terminator } = block;
    this.#note(this.#calls, block.id, [entry]);
    if (terminator.next >= 0) this.#comesBackAt(entry, terminator.next);
    const { writes } = this.#subroutines.changes(entry);
    const subroutine = this.#subroutines.modes(entry);
    const changesMode = isSure && (subroutine.changesBank || subroutine.changesPsrIc);
    const back = opaqueState(changesMode && subroutine.changesPsrIc ? UNKNOWN_PSR_IC : state.psrIc, true);
    for (let p = 1; p < 64 && !this.#returnsAnywhere; p++) {
      const pair = state.pairs[p]!;
      if (writes[predicate(p)] === 0 && writes[predicate(excludedBy(pair))] === 0) back.pairs[p] = pair;
    }
    setHeldBehind(back, state, writes, this.#moves.fromMemory);
    this.#reach(terminator.next, bank, back);
    if (changesMode && subroutine.changesBank) this.#reach(terminator.next, bank === 0 ? 1 : 0, back);
    // What a table holds is not entered in a mode that is not even known where it is called.
    if (!isSure && state.psrIc === UNKNOWN_PSR_IC) return;
    const inside = copyState(state);
    if (terminator.link !== null)
      setHeld(inside, branch(terminator.link), terminator.next >= 0 ? returnOf(entry) : ANYTHING);
    this.#reach(entry, bank, inside);
  }

  #comesBackAt(entry: number, next: number): void {
    const known = this.#behind.get(entry);
    if (known === undefined) this.#behind.set(entry, new Set([next]));
    else known.add(next);
    if (this.#resumed.has(entry)) this.#reachOnBoth(next);
  }

  /** Passes `state` on to the instruction behind a call of code outside. */
  #comeBack(transfer: Terminator, bank: Bank, state: State, outside: ExternalCall): void {
    if (outside.reads === null) {
      state.pairs.fill(0);
      state.nats.fill(1);
      state.holds.fill(ANYTHING);
      state.psrIc = UNKNOWN_PSR_IC;
    }
    forget(state, outside.clobbers);
    this.#reach(transfer.next, bank, state);
  }

  /** Passes `state` on to the instruction behind a break: its handler comes back by rfi, which restores psr. */
  #resumeBehind(transfer: Terminator, bank: Bank, state: State, outside: ExternalCall): void {
    const { psrIc } = state;
    if (outside.reads === null) Object.assign(state, opaqueState(psrIc, true));
    forget(state, outside.clobbers);
    this.#reach(transfer.next, bank, state);
  }

  #newSubroutines(): Subroutines {
    return new Subroutines(this.#program, this.#flow, this.#conventions, this.#ways);
  }

  graph(): Graph {
    const nodeOf = new Int32Array(this.#flow.blocks.length * 2).fill(-1);
    this.#reached.forEach((key, id) => {
      nodeOf[key] = id;
    });
    const points = this.#returnPoints(nodeOf);
    const nodes = this.#reached.map((key, id) => this.#node(id, key, nodeOf, points));
    return { nodes, nodeOf };
  }

  #returnPoints(nodeOf: Int32Array): ReturnPoints {
    const ofEntry = new Map<number, Map<number, Caller>>();
    const ofExit = new Map<number, Map<number, Caller>>();
    const all = new Set<number>();
    // Addresses have escaped since subroutines were followed.
    const exits = this.#newSubroutines().exits(this.#calls);
    for (const [id, entries] of this.#calls) {
      const { link, next } = this.#flow.blocks[id]!.terminator;
      if (link === null || next < 0) continue;
      const points = [nodeOf[next * 2]!, nodeOf[next * 2 + 1]!].filter((node) => node >= 0);
      for (const node of points) all.add(node);
      for (const entry of entries) {
        for (const node of points) addCaller(ofEntry, entry, { link, node });
        for (const exit of exits.of(entry)) for (const node of points) addCaller(ofExit, exit, { link, node });
      }
    }
    return { ofEntry, ofExit, all: [...all] };
  }

  /**
   * Nodes on `bank` whose address is put into a branch register: a branch through it, its value unknown, may go there.
   * `guess`: also to those whose address was put where it is not followed; and to every address of this file, if one was put
   * into the register, or where it is not followed, that cannot be told.
   */
  #addressedThrough(through: number, bank: Bank, nodeOf: Int32Array, guess: boolean): readonly number[] {
    const key = (through * 2 + bank) * 2 + Number(guess);
    let found = this.#addressed.get(key);
    if (found === undefined) {
      const { unknownThrough } = this.#moves;
      const isRestored = ((unknownThrough >> through) & 1) === 1;
      const places = (1 << through) | (guess && isRestored ? ESCAPED : 0);
      const any = guess && (this.#moves.anyThrough & places) !== 0;
      const put = (block: number): boolean => any || ((this.#moves.branchedThrough.get(block) ?? 0) & places) !== 0;
      found = this.#nodesOf(this.#takenBlocks.filter(put), bank, nodeOf);
      this.#addressed.set(key, found);
    }
    return found;
  }

  #nodesOf(blocks: Iterable<number>, bank: Bank, nodeOf: Int32Array): readonly number[] {
    return [...blocks].map((block) => nodeOf[block * 2 + bank]!).filter((node) => node >= 0);
  }

  #node(id: number, key: number, nodeOf: Int32Array, points: ReturnPoints): Node {
    const block = this.#flow.blocks[key >> 1]!;
    const bank = (key & 1) as Bank;
    const state = copyState(this.#entry[key]!);
    const code: ProgramInstruction[] = [];
    const psrIc = new Uint8Array(block.size);
    const pair = new Uint8Array(block.size);
    const nests = new Uint8Array(block.size);
    const nested = this.#conventions.nestedMiss;
    const inHandler = nested !== null && matches(nested.sections, this.#program.instructions[block.first]!.section);
    let at = block.first;
    for (let position = 0; position < block.size; position++, at = this.#program.next[at]!) {
      const instruction = this.#program.instructions[at]!;
      code.push(instruction);
      psrIc[position] = state.psrIc;
      pair[position] = state.pairs[Math.max(instruction.effects.predicate, 0)]!;
      nests[position] = inHandler && state.psrIc !== 1 && state.continuation && mayFault(instruction) ? 1 : 0;
      if (at !== block.last) this.#step(state, at, bank);
    }
    const exit = withHeld(this.#exit(block, bank, state, nodeOf, points), this.#conventions.vectors.holds);
    const recoveries = (this.#flow.recoveries.get(block.id) ?? []).map((recovery) => nodeOf[recovery * 2 + bank]!);
    return { id, block, bank, code, psrIc, pair, nests, exit, recoveries };
  }

  #exit(block: BasicBlock, bank: Bank, state: State, nodeOf: Int32Array, points: ReturnPoints): Exit {
    const { terminator } = block;
    const node = (target: number): number => (target < 0 ? target : nodeOf[target * 2 + this.#bankAfter(block, bank)]!);
    const exit: Exit = {
      predicate: terminator.predicate,
      predicatePair: state.pairs[Math.max(terminator.predicate, 0)]!,
      taken: [],
      unsure: false,
      reads: [],
      clobbers: [],
      returns: false,
      next: continues(terminator) ? node(terminator.next) : NOWHERE,
      why: '',
    };
    switch (terminator.kind) {
      case 'none':
        return { ...exit, predicate: 0, returns: true };
      case 'unknown':
        return { ...exit, predicate: -1, reads: null, why: 'an instruction that is not known' };
      case 'halt':
      case 'break': {
        const outside = breakExit(this.#departure(block, bank, state));
        return { ...exit, ...outside, next: outside.returns || terminator.predicate !== 0 ? exit.next : NOWHERE };
      }
      case 'jump':
      case 'either': {
        const predicate = terminator.kind === 'either' ? -1 : terminator.predicate;
        if (terminator.target !== NOWHERE) return { ...exit, predicate, taken: [node(terminator.target)] };
        return { ...exit, predicate, ...this.#leavesFile(block, bank, state, nodeOf, points) };
      }
      case 'call':
        return { ...exit, ...this.#calling(block, bank, state, nodeOf, points, exit.next) };
      case 'rfi':
        return { ...exit, ...rfiExit(this.#conventions, this.#departure(block, bank, state)) };
      case 'indirect':
      case 'return':
        return { ...exit, ...this.#throughRegister(block, bank, state, nodeOf, points) };
    }
  }

  #calling(
    block: BasicBlock,
    bank: Bank,
    state: State,
    nodeOf: Int32Array,
    points: ReturnPoints,
    next: number,
  ): Pick<Exit, 'taken' | 'unsure' | 'reads' | 'clobbers' | 'returns' | 'next' | 'why'> {
    const { target, through, predicate } = block.terminator;
    const value = through === null ? ANYTHING : held(state, branch(through));
    // What is live behind a call of this file flows in from the subroutine's exits.
    const within = { reads: [], clobbers: [], returns: false, next: predicate !== 0 ? next : NOWHERE, why: '' };
    const taken = [...this.#nodesOf(this.#calls.get(block.id) ?? NO_BLOCKS, bank, nodeOf)];
    if (target !== NOWHERE || blockAt(value) >= 0 || value === SOME_BLOCK) return { ...within, taken, unsure: false };
    const outside = callExit(this.#conventions, this.#departure(block, bank, state));
    const unsure = taken.length > 0;
    if (!outside.returns) taken.push(...this.#ledTo(held(state, branch(0)), bank, nodeOf, points));
    return { ...outside, taken, unsure, next: outside.returns || predicate !== 0 ? next : NOWHERE };
  }

  /** A branch to code outside, which may come back to this file by its link register. */
  #leavesFile(
    block: BasicBlock,
    bank: Bank,
    state: State,
    nodeOf: Int32Array,
    points: ReturnPoints,
  ): Pick<Exit, 'taken' | 'unsure' | 'reads' | 'why'> {
    const { symbol } = block.terminator;
    const convention = symbol === null ? undefined : this.#conventions.symbols.get(symbol);
    const back = convention?.returns != null ? held(state, branch(convention.link)) : ANYTHING;
    const taken = this.#ledTo(back, bank, nodeOf, points);
    return { taken, unsure: taken.length > 0, ...jumpExit(this.#conventions, this.#departure(block, bank, state)) };
  }

  /** The nodes that a value surely or perhaps leads to, as far as it is known to be an address of this file. */
  #ledTo(value: number, bank: Bank, nodeOf: Int32Array, points: ReturnPoints): readonly number[] {
    if (blockAt(value) >= 0) return this.#nodesOf([blockAt(value)], bank, nodeOf);
    const entry = returnsFrom(value);
    if (entry >= 0) return [...(points.ofEntry.get(entry)?.values() ?? [])].map(({ node }) => node);
    if (!mayBeHere(value)) return [];
    return [...new Set([...this.#nodesOf(this.#takenBlocks, bank, nodeOf), ...points.all])];
  }

  #throughRegister(
    block: BasicBlock,
    bank: Bank,
    state: State,
    nodeOf: Int32Array,
    points: ReturnPoints,
  ): Pick<Exit, 'taken' | 'unsure' | 'reads' | 'why'> {
    const through = block.terminator.through!;
    const value = held(state, branch(through));
    const isKnown = value > 0 || value === SOME_BLOCK;
    if (isKnown)
      return { taken: this.#ledTo(value, bank, nodeOf, points), unsure: value === SOME_BLOCK, reads: [], why: '' };
    const departure = this.#departure(block, bank, state);
    const outside = returnExit(this.#conventions, departure);
    if (isExternal(value)) return { taken: [], unsure: false, ...outside };
    const guess = !isDescribed(this.#conventions, departure);
    const callers = [...(points.ofExit.get(block.id)?.values() ?? [])];
    const linked = callers.filter(({ link }) => link === through).map(({ node }) => node);
    const addressed = this.#addressedThrough(through, bank, nodeOf, false);
    const taken = new Set([...addressed, ...linked]);
    // That somebody puts an address into the register is no sign that it is still there where a routine returns.
    const sure = guess && block.terminator.kind === 'return' ? new Set(linked).size : taken.size;
    if (guess) {
      for (const node of this.#addressedThrough(through, bank, nodeOf, true)) taken.add(node);
      for (const { node } of callers) taken.add(node);
      if (value === LOADED || value === DERIVED)
        for (const node of this.#nodesOf(this.#flow.inTables, bank, nodeOf)) taken.add(node);
    }
    return { taken: [...taken], unsure: taken.size > sure, ...outside };
  }

  #departure(block: BasicBlock, bank: Bank, state: State): ExitSite {
    const { routine } = this.#program.instructions[block.first]!;
    return {
      terminator: block.terminator,
      routine: routine < 0 ? '' : conventionName(this.#conventions, this.#program.routines[routine]!.name),
      bank,
      state,
    };
  }
}

/** What holds where control comes from a place with a state, or from code outside: addresses of this file may be there. */
function alsoFromOutside(state: State): State {
  const met = copyState(state);
  meet(met, opaqueState(state.psrIc, state.continuation));
  met.holds.forEach((value, slot) => {
    if (!mayBeHere(value)) met.holds[slot] = ANYTHING;
  });
  return met;
}

/** What lives in bank 0 for the handlers outlives whatever goes on outside. */
function withHeld(exit: Exit, holds: readonly number[]): Exit {
  if (holds.length === 0 || exit.reads === null || exit.reads.length === 0) return exit;
  return { ...exit, reads: [...new Set([...exit.reads, ...holds])] };
}

function addCaller(map: Map<number, Map<number, Caller>>, key: number, caller: Caller): void {
  let callers = map.get(key);
  if (callers === undefined) {
    callers = new Map();
    map.set(key, callers);
  }
  callers.set(caller.node * LINKS + caller.link, caller);
}

const LINKS = 8;

function forget(state: State, registers: readonly number[]): void {
  for (const register of registers) {
    setHeld(state, register, ANYTHING);
    if (isGeneral(register)) state.nats[register] = 1;
    if (!isPredicate(register)) continue;
    const number = predicateNumber(register);
    forgetPair(state.pairs, number);
  }
}
