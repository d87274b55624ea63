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
  predicateNumber,
  registerOf,
} from '../../machine/register-numbers.ts';
import { mayFault } from '../program/memory.ts';
import type { Program, ProgramInstruction } from '../program/program.ts';
import { type Block, continues, type Flow, NOWHERE, type Transfer } from './flow.ts';
import type { Exit, Graph, Node } from './graph.ts';
import { bankSetBy } from './mode-table.ts';
import { noteChecked } from './nat.ts';
import {
  breakOutside,
  callOutside,
  type Departure,
  isDescribed,
  jumpOutside,
  type OutsideCall,
  readBehindRfi,
  returnOutside,
} from './outside.ts';
import { excludedBy, forgetPair } from './pairs.ts';
import {
  ANYTHING,
  copyState,
  findMoves,
  held,
  type Moves,
  mayBeHere,
  meet,
  opaqueState,
  SOME_BLOCK,
  type State,
  setHeld,
  step,
  translated,
  UNKNOWN_COLLECTION,
} from './state.ts';
import { Subroutines } from './subroutines.ts';
import { takesUnusual, unusualRegisters } from './unusual.ts';

/** Where a subroutine returns to: the node behind a call that links through `link`. */
interface Caller {
  readonly link: number;
  readonly bank: Bank;
  readonly node: number;
}

export class Walk {
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
  readonly #subroutines: Subroutines;

  constructor(program: Program, flow: Flow, conventions: Conventions, externals: Map<string, number>) {
    this.#program = program;
    this.#flow = flow;
    this.#conventions = conventions;
    this.#moves = findMoves(program, flow, externals);
    this.#subroutines = new Subroutines(program, flow, conventions.call.clobbers[1]);
    this.#entry = new Array(flow.blocks.length * 2);
    this.#queued = new Uint8Array(flow.blocks.length * 2);
  }

  /** Starts at the next block that nothing has led to; false when there is none. */
  seedUnreached(): boolean {
    for (; this.#unreached < this.#flow.blocks.length; this.#unreached++) {
      const block = this.#flow.blocks[this.#unreached]!;
      if (this.#entry[block.id * 2] !== undefined || this.#entry[block.id * 2 + 1] !== undefined) continue;
      const section = this.#program.instructions[block.first]!.section;
      const vectors = matches(this.#conventions.vectors.sections, section);
      if (vectors) this.#reach(block.id, 0, opaqueState(UNKNOWN_COLLECTION, true));
      this.#reach(block.id, 1, opaqueState(vectors ? UNKNOWN_COLLECTION : 1, vectors));
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
    other: Walk,
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
        for (const bank of [0, 1] as const) this.#reach(block, bank, opaqueState(UNKNOWN_COLLECTION, true));
      } else {
        const bank = convention?.bank ?? 1;
        this.#reach(block, bank, opaqueState(bank === 0 ? 0 : 1, false));
      }
    }
  }

  drain(): void {
    for (let key = this.#pending.pop(); key !== undefined; key = this.#pending.pop()) {
      this.#queued[key] = 0;
      this.#visit(key >> 1, (key & 1) as Bank, copyState(this.#entry[key]!));
    }
  }

  /** True when that was something new. */
  #reach(block: number, bank: Bank, state: State): boolean {
    if (block < 0) return false;
    const key = block * 2 + bank;
    const entry = this.#entry[key];
    // Code outside may come to an address that stands in data: with other predicates and other addresses.
    const incoming = this.#flow.inData[block] === 1 ? opaqueState(state.collection, state.continuation) : state;
    if (entry === undefined) {
      this.#entry[key] = copyState(incoming);
      this.#reached.push(key);
    } else if (!meet(entry, incoming)) return false;
    if (this.#queued[key] === 0) {
      this.#queued[key] = 1;
      this.#pending.push(key);
    }
    return true;
  }

  #visit(id: number, bank: Bank, state: State): void {
    const block = this.#flow.blocks[id]!;
    for (const recovery of this.#flow.recoveries.get(id) ?? []) this.#reach(recovery, bank, state);
    const taken = this.#flow.taken.get(id);
    for (let at = block.first; ; at = this.#program.next[at]!) {
      if (at === block.last && block.transfer.kind !== 'none') this.#leave(block, bank, state);
      else this.#step(state, at, bank);
      // An address is used in the mode in which it was taken: the label is reached on this bank.
      if (taken !== undefined)
        for (const address of taken)
          if (address.instruction === at) this.#reach(address.block, bank, opaqueState(state.collection, true));
      if (at === block.last) break;
    }
    if (block.transfer.kind === 'none') this.#reach(block.transfer.next, this.#bankAfter(block, bank), state);
  }

  #step(state: State, at: number, bank: Bank): void {
    step(state, this.#program.instructions[at]!, bank, this.#moves, this.#conventions.nestedMiss);
  }

  #bankAfter(block: Block, bank: Bank): Bank {
    const { statement } = this.#program.instructions[block.last]!;
    return (statement.kind === 'instruction' ? bankSetBy(statement.mnemonic) : null) ?? bank;
  }

  /** Takes `state` over the block's last instruction and on to where its branch leads. */
  #leave(block: Block, bank: Bank, state: State): void {
    const { transfer } = block;
    const address = transfer.through === null ? ANYTHING : held(state, branch(transfer.through));
    const outside =
      transfer.kind === 'call' && transfer.target === NOWHERE
        ? callOutside(this.#conventions, this.#departure(block, bank, state))
        : null;
    this.#step(state, block.last, bank);
    if (transfer.predicate !== 0 || transfer.kind === 'either' || transfer.kind === 'unknown')
      this.#reach(transfer.next, bank, this.#passed(block, bank, state));
    switch (transfer.kind) {
      case 'jump':
      case 'either':
        this.#reach(transfer.target, bank, state);
        break;
      case 'indirect':
      case 'return':
        if (address > 0) this.#reach(address - 1, bank, state);
        break;
      case 'rfi':
        this.#resume(state);
        break;
      case 'call':
        if (outside === null) this.#enterSubroutine(transfer, bank, state);
        else if (outside.returns) this.#comeBack(transfer, bank, state, outside);
        break;
      case 'break':
        this.#resumeBehind(transfer, bank, state, breakOutside(this.#departure(block, bank, state)));
        break;
    }
  }

  /** What holds where the block's last instruction did not branch: what `chk.s` looked at is no NaT. */
  #passed(block: Block, bank: Bank, state: State): State {
    const { effects } = this.#program.instructions[block.last]!;
    if (effects.nat === undefined) return state;
    const passed = copyState(state);
    noteChecked(passed.nats, effects, registerOf[bank]);
    return passed;
  }

  /** `rfi` to code of this file: the bank comes from cr.ipsr. */
  #resume({ resumesAt }: State): void {
    if (!mayBeHere(resumesAt)) return;
    const blocks =
      resumesAt > 0
        ? [resumesAt - 1]
        : [...this.#flow.taken.values()].flatMap((addresses) => addresses.map(({ block }) => block));
    for (const block of blocks) {
      this.#reach(block, 0, opaqueState(UNKNOWN_COLLECTION, true));
      this.#reach(block, 1, opaqueState(UNKNOWN_COLLECTION, true));
    }
  }

  #enterSubroutine(transfer: Transfer, bank: Bank, state: State): void {
    const subroutine = this.#subroutines.changes(transfer.target);
    const back = opaqueState(subroutine.changesCollection ? UNKNOWN_COLLECTION : state.collection, true);
    for (let p = 1; p < 64; p++) {
      const pair = state.pairs[p]!;
      if (subroutine.predicates[p] === 0 && subroutine.predicates[excludedBy(pair)] === 0) back.pairs[p] = pair;
    }
    this.#reach(transfer.next, bank, back);
    if (subroutine.changesBank) this.#reach(transfer.next, bank === 0 ? 1 : 0, back);
    if (transfer.link !== null)
      setHeld(state, branch(transfer.link), transfer.next >= 0 ? transfer.next + 1 : ANYTHING);
    this.#reach(transfer.target, bank, state);
  }

  /** Passes `state` on to the instruction behind a call of code outside. */
  #comeBack(transfer: Transfer, bank: Bank, state: State, outside: OutsideCall): void {
    if (outside.reads === null) {
      state.pairs.fill(0);
      state.nats.fill(1);
      state.holds.fill(ANYTHING);
      state.collection = UNKNOWN_COLLECTION;
    }
    forget(state, outside.clobbers);
    this.#reach(transfer.next, bank, state);
  }

  /** Passes `state` on to the instruction behind a break: its handler comes back by rfi, which restores psr. */
  #resumeBehind(transfer: Transfer, bank: Bank, state: State, outside: OutsideCall): void {
    const { collection } = state;
    if (outside.reads === null) Object.assign(state, opaqueState(collection, true));
    forget(state, outside.clobbers);
    this.#reach(transfer.next, bank, state);
  }

  graph(): Graph {
    const nodeOf = new Int32Array(this.#flow.blocks.length * 2).fill(-1);
    this.#reached.forEach((key, id) => {
      nodeOf[key] = id;
    });
    const callers = this.#returnPoints(nodeOf);
    const nodes = this.#reached.map((key, id) => this.#node(id, key, nodeOf, callers));
    return { nodes, nodeOf };
  }

  /** By block that may end a subroutine: the nodes that its callers continue at, with the link register and bank. */
  #returnPoints(nodeOf: Int32Array): Map<number, Caller[]> {
    const points = new Map<number, Caller[]>();
    const met = new Set<string>();
    for (const key of this.#reached) {
      const { transfer } = this.#flow.blocks[key >> 1]!;
      if (transfer.kind !== 'call' || transfer.target === NOWHERE || transfer.link === null || transfer.next < 0)
        continue;
      for (const exit of this.#subroutines.exits(transfer.target)) {
        for (const bank of [0, 1] as const) {
          const node = nodeOf[transfer.next * 2 + bank]!;
          // A call that is reached on both banks is met twice.
          const name = `${exit} ${transfer.link} ${node}`;
          if (node < 0 || met.has(name)) continue;
          met.add(name);
          const list = points.get(exit);
          const point = { link: transfer.link, bank, node };
          if (list === undefined) points.set(exit, [point]);
          else list.push(point);
        }
      }
    }
    return points;
  }

  /**
   * Nodes on `bank` whose address is put into a branch register: a branch through it, its value unknown, may go there.
   * `guess`: and to every address of this file, if one was put there that cannot be told.
   */
  #addressedThrough(through: number, bank: Bank, nodeOf: Int32Array, guess: boolean): readonly number[] {
    const key = (through * 2 + bank) * 2 + Number(guess);
    let found = this.#addressed.get(key);
    if (found === undefined) {
      const nodes = new Set<number>();
      const any = guess && ((this.#moves.anyThrough >> through) & 1) === 1;
      for (const addresses of this.#flow.taken.values()) {
        for (const { block } of addresses) {
          const mask = this.#moves.branchedThrough.get(block) ?? 0;
          const node = nodeOf[block * 2 + bank]!;
          if (node >= 0 && (any || ((mask >> through) & 1) === 1)) nodes.add(node);
        }
      }
      found = [...nodes];
      this.#addressed.set(key, found);
    }
    return found;
  }

  #node(id: number, key: number, nodeOf: Int32Array, callers: ReadonlyMap<number, Caller[]>): Node {
    const block = this.#flow.blocks[key >> 1]!;
    const bank = (key & 1) as Bank;
    const state = copyState(this.#entry[key]!);
    const code: ProgramInstruction[] = [];
    const collection = new Uint8Array(block.size);
    const pair = new Uint8Array(block.size);
    const nests = new Uint8Array(block.size);
    const nested = this.#conventions.nestedMiss;
    const inHandler = nested !== null && matches(nested.sections, this.#program.instructions[block.first]!.section);
    let at = block.first;
    for (let position = 0; position < block.size; position++, at = this.#program.next[at]!) {
      const instruction = this.#program.instructions[at]!;
      code.push(instruction);
      collection[position] = state.collection;
      pair[position] = state.pairs[Math.max(instruction.effects.predicate, 0)]!;
      nests[position] = inHandler && state.collection !== 1 && state.continuation && mayFault(instruction) ? 1 : 0;
      if (at !== block.last) this.#step(state, at, bank);
    }
    const exit = withHeld(
      this.#exit(block, bank, state, nodeOf, callers.get(block.id) ?? []),
      this.#conventions.vectors.holds,
    );
    const recoveries = (this.#flow.recoveries.get(block.id) ?? []).map((recovery) => nodeOf[recovery * 2 + bank]!);
    return { id, block, bank, code, collection, pair, nests, exit, recoveries };
  }

  #exit(block: Block, bank: Bank, state: State, nodeOf: Int32Array, callers: readonly Caller[]): Exit {
    const { transfer } = block;
    const node = (target: number): number => (target < 0 ? target : nodeOf[target * 2 + this.#bankAfter(block, bank)]!);
    const exit: Exit = {
      predicate: transfer.predicate,
      predicatePair: state.pairs[Math.max(transfer.predicate, 0)]!,
      taken: [],
      reads: [],
      clobbers: [],
      returns: false,
      next: continues(transfer) ? node(transfer.next) : NOWHERE,
      why: '',
    };
    switch (transfer.kind) {
      case 'none':
        return { ...exit, predicate: 0, returns: true };
      case 'unknown':
        return { ...exit, predicate: -1, reads: null, why: 'an instruction that is not known' };
      case 'halt':
      case 'break': {
        const outside = breakOutside(this.#departure(block, bank, state));
        return { ...exit, ...outside, next: outside.returns || transfer.predicate !== 0 ? exit.next : NOWHERE };
      }
      case 'jump':
      case 'either': {
        const predicate = transfer.kind === 'either' ? -1 : transfer.predicate;
        if (transfer.target !== NOWHERE) return { ...exit, predicate, taken: [node(transfer.target)] };
        return { ...exit, predicate, ...jumpOutside(this.#conventions, this.#departure(block, bank, state)) };
      }
      case 'call': {
        if (transfer.target === NOWHERE) {
          const outside = callOutside(this.#conventions, this.#departure(block, bank, state));
          return { ...exit, ...outside, next: outside.returns || transfer.predicate !== 0 ? exit.next : NOWHERE };
        }
        // What is live behind the call flows in from the subroutine's exits.
        return { ...exit, taken: [node(transfer.target)], next: transfer.predicate !== 0 ? exit.next : NOWHERE };
      }
      case 'rfi':
        return { ...exit, ...readBehindRfi(this.#conventions, this.#departure(block, bank, state)) };
      case 'indirect':
      case 'return':
        return { ...exit, ...this.#throughRegister(block, bank, state, nodeOf, callers) };
    }
  }

  #throughRegister(
    block: Block,
    bank: Bank,
    state: State,
    nodeOf: Int32Array,
    callers: readonly Caller[],
  ): Pick<Exit, 'taken' | 'reads' | 'why'> {
    const through = block.transfer.through!;
    const address = held(state, branch(through));
    if (address > 0) return { taken: [nodeOf[(address - 1) * 2 + bank]!], reads: [], why: '' };
    const points = callers.filter((caller) => caller.link === through).map((caller) => caller.node);
    const departure = this.#departure(block, bank, state);
    const guess = address === SOME_BLOCK || !isDescribed(this.#conventions, departure);
    const taken = [...this.#addressedThrough(through, bank, nodeOf, guess), ...points];
    if (address === SOME_BLOCK) return { taken, reads: [], why: '' };
    return { taken, ...returnOutside(this.#conventions, departure) };
  }

  #departure(block: Block, bank: Bank, state: State): Departure {
    const { routine } = this.#program.instructions[block.first]!;
    return {
      transfer: block.transfer,
      routine: routine < 0 ? '' : conventionName(this.#conventions, this.#program.routines[routine]!.name),
      bank,
      state,
    };
  }
}

/** What lives in bank 0 for the handlers outlives whatever goes on outside. */
function withHeld(exit: Exit, holds: readonly number[]): Exit {
  if (holds.length === 0 || exit.reads === null || exit.reads.length === 0) return exit;
  return { ...exit, reads: [...new Set([...exit.reads, ...holds])] };
}

function forget(state: State, registers: readonly number[]): void {
  for (const register of registers) {
    setHeld(state, register, ANYTHING);
    if (isGeneral(register)) state.nats[register] = 1;
    if (!isPredicate(register)) continue;
    const number = predicateNumber(register);
    forgetPair(state.pairs, number);
  }
}
