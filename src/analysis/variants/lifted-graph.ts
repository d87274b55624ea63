/**
 * The control flow graph of all configurations at once, on which a lifted analysis runs (Bodden et al., "SPLLIFT", PLDI 2013;
 * Brabrand et al., "Intraprocedural dataflow analysis for software product lines", TAOSD 2013): the graphs of several runs
 * made one, by nodes for the places at which the runs part or meet. What is read on some path through it may be read in some
 * configuration, though no run had that configuration. Requires: the runs' graphs, and their alignment.
 */

import type { Bank } from '../../machine/register-numbers.ts';
import type { Decision } from '../../preprocess/presence-conditions.ts';
import { countUpTo } from '../../syntax/search.ts';
import { type BasicBlock, EXTERNAL, NOWHERE } from '../flow/flow.ts';
import type { Exit, Graph, Node } from '../flow/graph.ts';
import type { AlignedRuns, SegmentStart } from './alignment.ts';
import type { PartialConfiguration } from './partial-configurations.ts';
import { renumbering, shareNodes, withTargets } from './shared-nodes.ts';

export interface RunGraph {
  readonly graph: Graph;
  /** Block of each instruction. */
  readonly blockOf: Int32Array;
}

export interface LiftedGraph {
  /** By run: the node of each node of its own graph. */
  readonly idOf: readonly Int32Array[];
  /** By node that has code: the decisions that it depends on. */
  readonly decisions: readonly (readonly Decision[])[];
  /** The nodes of all runs, those that are the same in several only once, and behind them those of the positions. */
  nodes(configuration: PartialConfiguration): Node[];
}

export function lift(runs: readonly RunGraph[], aligned: AlignedRuns): LiftedGraph {
  const { positions, positionOf, segmentOf } = aligned;
  const arrivals = new Arrivals(positions);
  const decisionsAt = (run: number, from: number) => positions[segmentOf[run]![from]!]!.decisions;
  const merged = shareNodes(
    runs,
    aligned,
    (run, { code, bank }, from) => {
      const position = positionOf[run]![code[0]!.index]!;
      return position < 0 ? null : arrivals.at(position, bank, decisionsAt(run, from));
    },
    (run, from) => arrivals.keyOf(decisionsAt(run, from)),
  );
  const renumber = renumbering();
  const numberOf = (id: number): number => (id <= ARRIVALS ? merged.nodes.length + ARRIVALS - id : id);
  const own = merged.nodes.map((node) => ({
    decisions: positions[merged.segments[node.id]!]!.decisions,
    node: withTargets(node, node.id, numberOf, renumber),
  }));
  const joints = arrivals.all().map(({ position, bank, passes }) => ({
    decisions: positions[position]!.decisions,
    bank,
    entries: entriesOf(runs, positions[position]!, bank, merged.idOf),
    passes: passes.map(({ decision, to }) => ({ decision, to: numberOf(to) })),
  }));
  const nodes = (configuration: PartialConfiguration): Node[] => [
    ...own.map(({ node, decisions }) => (isMet(decisions, configuration) ? node : cutOff(node))),
    ...joints.map((each, index) => joint(merged.nodes.length + index, each, configuration)),
  ];
  return { idOf: merged.idOf, decisions: own.map((each) => each.decisions), nodes };
}

/** The nodes that the segment at a position begins with. */
function entriesOf(
  runs: readonly RunGraph[],
  { instructions, enters }: SegmentStart,
  bank: Bank,
  idOf: readonly Int32Array[],
): readonly number[] {
  const entries = new Set<number>();
  runs.forEach(({ graph, blockOf }, run) => {
    const id = enters[run] === 1 ? graph.nodeOf[blockOf[instructions[run]!]! * 2 + bank]! : NOWHERE;
    if (id >= 0) entries.add(idOf[run]![id]!);
  });
  return [...entries];
}

/** Whether code that depends on decisions can be met in a configuration. */
export function isMet(decisions: readonly Decision[], configuration: PartialConfiguration): boolean {
  return decisions.every((decision) => configuration.allows(decision, true));
}

/** A node that is never entered: what it computes goes nowhere. */
function cutOff(node: Node): Node {
  return { ...node, exit: { ...node.exit, taken: [], reads: [], next: NOWHERE }, recoveries: [] };
}

/** Until the nodes of the runs are counted, arrivals are numbered downwards from here. */
const ARRIVALS = -10;

/** A position as it is come to: on a register bank, some of the decisions that lie ahead having been taken on the way. */
interface Arrival {
  readonly id: number;
  readonly position: number;
  readonly bank: Bank;
  /** Where control goes on if the segment is passed by, for each decision that it may be for. */
  readonly passes: { readonly decision: Decision | null; readonly to: number }[];
}

/** The arrivals of a lifted graph, numbered as they are asked for. */
class Arrivals {
  readonly #positions: readonly SegmentStart[];
  /** By position: the last of the choices from there on, up to code that all runs have. */
  readonly #lastAhead: Int32Array;
  /** By decision: the choices that depend on it, in the order of their numbers. */
  readonly #dependents = new Map<Decision, number[]>();
  readonly #known = new Map<string, Arrival>();
  readonly #numbers = new Map<Decision, number>();

  constructor(positions: readonly SegmentStart[]) {
    this.#positions = positions;
    this.#lastAhead = new Int32Array(positions.length);
    // A position's successor has been numbered before it.
    positions.forEach(({ isChoice, decisions, next }, position) => {
      this.#lastAhead[position] =
        isChoice && next >= 0 && positions[next]!.isChoice ? this.#lastAhead[next]! : position;
      for (const decision of decisions) {
        const dependents = this.#dependents.get(decision);
        if (dependents === undefined) this.#dependents.set(decision, [position]);
        else dependents.push(position);
      }
    });
  }

  /** Whether a choice at a position or behind it, up to code that all runs have, depends on a decision. */
  #isAhead(position: number, decision: Decision): boolean {
    const { isChoice, decisions, next } = this.#positions[position]!;
    if (!isChoice || decisions.includes(decision)) return isChoice;
    const dependents = this.#dependents.get(decision) ?? [];
    const upTo = countUpTo(dependents, next, (each) => each);
    return upTo > 0 && dependents[upTo - 1]! >= this.#lastAhead[position]!;
  }

  all(): Arrival[] {
    return [...this.#known.values()];
  }

  /** A text that is the same for the same decisions, in whatever order. */
  keyOf(decisions: readonly Decision[]): string {
    return decisions
      .map((decision) => this.#numberOf(decision))
      .sort((a, b) => a - b)
      .join();
  }

  /** The number of the arrival at a position from a place that these decisions led to. */
  at(position: number, bank: Bank, taken: readonly Decision[]): number {
    const still = taken.filter((decision) => this.#isAhead(position, decision));
    const key = `${position * 2 + bank},${this.keyOf(still)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known.id;
    const arrival: Arrival = { id: ARRIVALS - this.#known.size, position, bank, passes: [] };
    this.#known.set(key, arrival);
    const { isChoice, decisions, next } = this.#positions[position]!;
    if (!isChoice) return arrival.id;
    const open = decisions.length === 0 ? [null] : decisions.filter((decision) => !still.includes(decision));
    for (const decision of open) {
      const behind = this.#behind(next, decision);
      arrival.passes.push({ decision, to: behind < 0 ? EXTERNAL : this.at(behind, bank, still) });
    }
    return arrival.id;
  }

  /** The next position that does not depend on a decision; a segment passed by for it lets all the others pass too. */
  #behind(position: number, decision: Decision | null): number {
    let behind = position;
    while (decision !== null && behind >= 0 && this.#positions[behind]!.decisions.includes(decision))
      behind = this.#positions[behind]!.next;
    return behind;
  }

  #numberOf(decision: Decision): number {
    const number = this.#numbers.get(decision) ?? this.#numbers.size;
    this.#numbers.set(decision, number);
    return number;
  }
}

/** The node of an arrival: it has no code, and leads to all that may follow in a configuration. */
function joint(
  id: number,
  {
    decisions,
    bank,
    entries,
    passes,
  }: Pick<Arrival, 'bank' | 'passes'> & {
    readonly decisions: readonly Decision[];
    readonly entries: readonly number[];
  },
  configuration: PartialConfiguration,
): Node {
  const behind = passes.flatMap(({ decision, to }) =>
    decision === null || configuration.allows(decision, false) ? [to] : [],
  );
  const entered = isMet(decisions, configuration) ? entries : [];
  const exit: Exit = {
    predicate: 0,
    predicatePair: 0,
    taken: [...entered, ...behind.filter((to) => to !== EXTERNAL)],
    unsure: false,
    reads: [],
    clobbers: [],
    returns: true,
    next: behind.includes(EXTERNAL) ? EXTERNAL : NOWHERE,
    why: '',
  };
  return {
    id,
    block: NO_BLOCK,
    bank,
    code: NO_CODE,
    psrIc: EMPTY,
    pair: EMPTY,
    nests: EMPTY,
    exit,
    recoveries: [],
  };
}

const EMPTY = new Uint8Array(0);
const NO_CODE: Node['code'] = [];

const NO_BLOCK: BasicBlock = {
  id: NOWHERE,
  first: -1,
  last: -1,
  size: 0,
  terminator: {
    kind: 'none',
    predicate: 0,
    target: NOWHERE,
    symbol: null,
    through: null,
    link: null,
    handler: null,
    next: NOWHERE,
  },
};
