/**
 * The control flow graph that liveness is solved on, made of what the interpreter has found: a node for each block and each
 * register bank that it may run on, and for each how control leaves it. Branches through registers are resolved where the
 * address is known; where it is not, to what it may be. Requires: a fixpoint of the interpreter.
 */

import { type Conventions, matches } from '../../config/conventions.ts';
import { type Bank, branch } from '../../machine/register-numbers.ts';
import { mayFault } from '../program/memory.ts';
import type { Program, ProgramInstruction } from '../program/program.ts';
import {
  ANYTHING,
  blockAt,
  DERIVED,
  isExternal,
  LOADED,
  mayBeHere,
  returnsFrom,
  SOME_BLOCK,
} from './code-addresses.ts';
import type { FoundEdges } from './edges.ts';
import { breakExit, callExit, type ExitSite, exitSite, isDescribed, jumpExit, returnExit, rfiExit } from './exits.ts';
import { type BasicBlock, continues, type Flow, mayLeaveFile, NOWHERE } from './flow.ts';
import type { Exit, Graph, Node } from './graph.ts';
import { bankBehind } from './mode-table.ts';
import { ESCAPED, type Moves } from './moves.ts';
import { type Caller, type ReturnPoints, returnPoints } from './return-points.ts';
import { copyState, type FlowState, held } from './state.ts';
import { transferInstruction } from './transfer.ts';

/** What holds in front of each block, on each bank that it is reached on. */
export interface Fixpoint {
  readonly program: Program;
  readonly flow: Flow;
  readonly conventions: Conventions;
  readonly moves: Moves;
  readonly edges: FoundEdges;
  /** Nodes, as block * 2 + bank, in the order they were first reached; and by such a number what holds there. */
  readonly reached: readonly number[];
  readonly entries: readonly (FlowState | undefined)[];
}

export function buildGraph(fixpoint: Fixpoint): Graph {
  return new GraphBuilder(fixpoint).build();
}

/** Where a branch goes that may leave this file. */
type Leaving = Pick<Exit, 'taken' | 'unsure' | 'reads' | 'why'>;

/** What decides where a branch through a register of unknown content may go, besides the callers of its subroutine. */
interface UnknownPlaces {
  readonly bank: Bank;
  readonly through: number;
  /** It is a `br.ret`. */
  readonly returns: boolean;
  /** No convention says what is read there. */
  readonly guess: boolean;
  /** The register may hold what was loaded. */
  readonly fromTable: boolean;
}

const NO_CALLERS: readonly Caller[] = [];

class GraphBuilder {
  readonly #program: Program;
  readonly #flow: Flow;
  readonly #conventions: Conventions;
  readonly #moves: Moves;
  readonly #edges: FoundEdges;
  readonly #reached: Fixpoint['reached'];
  readonly #entries: Fixpoint['entries'];
  readonly #nodeOf: Int32Array;
  readonly #points: ReturnPoints;
  readonly #addressed = new Map<number, readonly number[]>();
  /** By callers, and by the other things that decide. */
  readonly #unknown = new Map<readonly Caller[], Map<string, Pick<Leaving, 'taken' | 'unsure'>>>();

  constructor({ program, flow, conventions, moves, edges, reached, entries }: Fixpoint) {
    this.#program = program;
    this.#flow = flow;
    this.#conventions = conventions;
    this.#moves = moves;
    this.#edges = edges;
    this.#reached = reached;
    this.#entries = entries;
    this.#nodeOf = new Int32Array(flow.blocks.length * 2).fill(-1);
    reached.forEach((key, id) => {
      this.#nodeOf[key] = id;
    });
    this.#points = returnPoints(flow, edges, this.#nodeOf);
  }

  build(): Graph {
    return { nodes: this.#reached.map((key, id) => this.#node(id, key)), nodeOf: this.#nodeOf };
  }

  /**
   * Nodes on `bank` whose address is put into a branch register: a branch through it, its value unknown, may go there.
   * `guess`: also to those whose address was put where it is not followed; and to every address of this file, if one was put
   * into the register, or where it is not followed, that cannot be told.
   */
  #addressedThrough(through: number, bank: Bank, guess: boolean): readonly number[] {
    const key = (through * 2 + bank) * 2 + Number(guess);
    let found = this.#addressed.get(key);
    if (found === undefined) {
      const { unknownThrough } = this.#moves;
      const isRestored = ((unknownThrough >> through) & 1) === 1;
      const places = (1 << through) | (guess && isRestored ? ESCAPED : 0);
      const any = guess && (this.#moves.anyThrough & places) !== 0;
      const put = (block: number): boolean => any || ((this.#moves.branchedThrough.get(block) ?? 0) & places) !== 0;
      found = this.#nodesOf(this.#edges.addressTaken.filter(put), bank);
      this.#addressed.set(key, found);
    }
    return found;
  }

  #nodesOf(blocks: Iterable<number>, bank: Bank): readonly number[] {
    return [...blocks].map((block) => this.#nodeOf[block * 2 + bank]!).filter((node) => node >= 0);
  }

  #node(id: number, key: number): Node {
    const block = this.#flow.blocks[key >> 1]!;
    const bank = (key & 1) as Bank;
    const state = copyState(this.#entries[key]!);
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
      if (at !== block.last) transferInstruction(state, instruction, bank, this.#moves, this.#conventions.nestedMiss);
    }
    const exit = withHeld(this.#exit(block, bank, state), this.#conventions.vectors.holds);
    const recoveries = (this.#flow.recoveries.get(block.id) ?? []).map(
      (recovery) => this.#nodeOf[recovery * 2 + bank]!,
    );
    return { id, block, bank, code, psrIc, pair, nests, exit, recoveries };
  }

  #exit(block: BasicBlock, bank: Bank, state: FlowState): Exit {
    const { terminator } = block;
    const node = (target: number): number =>
      target < 0 ? target : this.#nodeOf[target * 2 + bankBehind(this.#program, block.last, bank)]!;
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
        const external = breakExit(this.#siteOf(block, bank, state));
        return { ...exit, ...external, next: external.returns || terminator.predicate !== 0 ? exit.next : NOWHERE };
      }
      case 'jump':
      case 'either': {
        const predicate = terminator.kind === 'either' ? -1 : terminator.predicate;
        const taken = terminator.target === NOWHERE ? [] : [node(terminator.target)];
        if (!mayLeaveFile(terminator)) return { ...exit, predicate, taken };
        const leaving = this.#leavesFile(block, bank, state);
        const unsure = leaving.unsure || taken.length > 0;
        return { ...exit, predicate, ...leaving, taken: [...taken, ...leaving.taken], unsure };
      }
      case 'call':
        return { ...exit, ...this.#calling(block, bank, state, exit.next) };
      case 'rfi':
        return { ...exit, ...rfiExit(this.#conventions, this.#siteOf(block, bank, state)) };
      case 'indirect':
      case 'return':
        return { ...exit, ...this.#throughRegister(block, bank, state) };
    }
  }

  #calling(
    block: BasicBlock,
    bank: Bank,
    state: FlowState,
    next: number,
  ): Pick<Exit, 'taken' | 'unsure' | 'reads' | 'clobbers' | 'returns' | 'next' | 'why'> {
    const { through, predicate } = block.terminator;
    const value = through === null ? ANYTHING : held(state, branch(through));
    // What is live behind a call of this file flows in from the subroutine's exits.
    const within = { reads: [], clobbers: [], returns: false, next: predicate !== 0 ? next : NOWHERE, why: '' };
    const taken = [...this.#nodesOf(this.#edges.calls(block.id), bank)];
    if (!mayLeaveFile(block.terminator) || blockAt(value) >= 0 || value === SOME_BLOCK)
      return { ...within, taken, unsure: false };
    const external = callExit(this.#conventions, this.#siteOf(block, bank, state));
    const unsure = taken.length > 0;
    if (!external.returns) taken.push(...this.#ledTo(held(state, branch(0)), bank));
    return { ...external, taken, unsure, next: external.returns || predicate !== 0 ? next : NOWHERE };
  }

  /** A branch to code outside, which may come back to this file by its link register. */
  #leavesFile(block: BasicBlock, bank: Bank, state: FlowState): Leaving {
    const { symbol } = block.terminator;
    const convention = symbol === null ? undefined : this.#conventions.symbols.get(symbol);
    const back = convention?.returns != null ? held(state, branch(convention.link)) : ANYTHING;
    const taken = this.#ledTo(back, bank);
    return { taken, unsure: taken.length > 0, ...jumpExit(this.#conventions, this.#siteOf(block, bank, state)) };
  }

  /** The nodes that a value surely or perhaps leads to, as far as it is known to be an address of this file. */
  #ledTo(value: number, bank: Bank): readonly number[] {
    if (blockAt(value) >= 0) return this.#nodesOf([blockAt(value)], bank);
    const entry = returnsFrom(value);
    if (entry >= 0) return (this.#points.ofEntry.get(entry) ?? []).map(({ node }) => node);
    if (!mayBeHere(value)) return [];
    return [...new Set([...this.#nodesOf(this.#edges.addressTaken, bank), ...this.#points.all])];
  }

  #throughRegister(block: BasicBlock, bank: Bank, state: FlowState): Leaving {
    const through = block.terminator.through!;
    const value = held(state, branch(through));
    const isKnown = value > 0 || value === SOME_BLOCK;
    if (isKnown) return { taken: this.#ledTo(value, bank), unsure: value === SOME_BLOCK, reads: [], why: '' };
    const site = this.#siteOf(block, bank, state);
    const external = returnExit(this.#conventions, site);
    if (isExternal(value)) return { taken: [], unsure: false, ...external };
    const places: UnknownPlaces = {
      bank,
      through,
      returns: block.terminator.kind === 'return',
      guess: !isDescribed(this.#conventions, site),
      fromTable: value === LOADED || value === DERIVED,
    };
    return { ...this.#unknownPlaces(this.#points.ofExit.get(block.id) ?? NO_CALLERS, places), ...external };
  }

  /** Where a branch through a register of unknown content may go in this file. Subroutines of a ring have the same callers: one list. */
  #unknownPlaces(callers: readonly Caller[], places: UnknownPlaces): Pick<Leaving, 'taken' | 'unsure'> {
    const known = this.#unknown.get(callers) ?? new Map<string, Pick<Leaving, 'taken' | 'unsure'>>();
    this.#unknown.set(callers, known);
    const key = JSON.stringify(places);
    let found = known.get(key);
    if (found === undefined) {
      found = this.#placesBehind(callers, places);
      known.set(key, found);
    }
    return found;
  }

  #placesBehind(
    callers: readonly Caller[],
    { bank, through, returns, guess, fromTable }: UnknownPlaces,
  ): Pick<Leaving, 'taken' | 'unsure'> {
    const linked = callers.filter(({ link }) => link === through).map(({ node }) => node);
    const taken = new Set([...this.#addressedThrough(through, bank, false), ...linked]);
    // An address that was once put into the register need not be there any more where a routine returns.
    const sure = guess && returns ? new Set(linked).size : taken.size;
    if (guess) {
      for (const node of this.#addressedThrough(through, bank, true)) taken.add(node);
      for (const { node } of callers) taken.add(node);
      if (fromTable) for (const node of this.#nodesOf(this.#flow.inTables, bank)) taken.add(node);
    }
    return { taken: [...taken], unsure: taken.size > sure };
  }

  #siteOf(block: BasicBlock, bank: Bank, state: FlowState): ExitSite {
    return exitSite(this.#program, this.#conventions, block, bank, state);
  }
}

/** Registers of bank 0 that hold values for the handlers keep them while code outside runs. */
function withHeld(exit: Exit, holds: readonly number[]): Exit {
  if (holds.length === 0 || exit.reads === null || exit.reads.length === 0) return exit;
  return { ...exit, reads: [...new Set([...exit.reads, ...holds])] };
}
