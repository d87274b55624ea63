/**
 * The graphs of several runs of one source made one, by nodes for the positions at which the runs part or meet: what is
 * read on some path through it may be read in some configuration, though no run had that configuration. Requires: the
 * runs' graphs, and their superposition.
 */
import type { Decision } from '../preprocess/index.ts';
import { type Block, NOWHERE, OUTSIDE } from './flow.ts';
import type { Exit, Graph, Node } from './modes.ts';
import type { Bank } from './registers.ts';
import type { Position, Superposition } from './superpose.ts';
import type { World } from './worlds.ts';

export interface RunGraph {
  readonly graph: Graph;
  /** Block of each instruction. */
  readonly blockOf: Int32Array;
}

export interface LiftedGraph {
  /** By run: what to add to the number of a node in its own graph. */
  readonly offsets: readonly number[];
  /** The nodes of all runs, and behind them those of the positions. Numbers are the same in all worlds. */
  nodes(world: World): Node[];
}

export function lift(runs: readonly RunGraph[], superposition: Superposition): LiftedGraph {
  const { positions, positionOf, stretchOf } = superposition;
  const offsets: number[] = [];
  let count = 0;
  for (const { graph } of runs) {
    offsets.push(count);
    count += graph.nodes.length;
  }
  const arrivals = new Arrivals(positions, count);
  const own = runs.flatMap(({ graph }, run) => {
    const into = (target: number, taken: readonly Decision[]): number => {
      if (target < 0) return target;
      const { code, bank } = graph.nodes[target]!;
      const position = positionOf[run]![code[0]!.index]!;
      return position >= 0 ? arrivals.at(position, bank, taken) : offsets[run]! + target;
    };
    return graph.nodes.map((node) => {
      const { decisions } = positions[stretchOf[run]![node.code[0]!.index]!]!;
      return { decisions, node: redirected(node, offsets[run]!, (target) => into(target, decisions)) };
    });
  });
  const entries = ({ position, bank }: Arrival): number[] =>
    runs.flatMap(({ graph, blockOf }, run) => {
      const { instructions, enters } = positions[position]!;
      const id = enters[run] === 1 ? graph.nodeOf[blockOf[instructions[run]!]! * 2 + bank]! : NOWHERE;
      return id >= 0 ? [offsets[run]! + id] : [];
    });
  const joints = arrivals.all().map((arrival) => ({ ...arrival, entries: entries(arrival) }));
  const nodes = (world: World): Node[] => [
    ...own.map(({ node, decisions }) => (isMet(decisions, world) ? node : cutOff(node))),
    ...joints.map((each) => joint(each, positions[each.position]!, world)),
  ];
  return { offsets, nodes };
}

/** Whether code that depends on decisions can be met in a world. */
export function isMet(decisions: readonly Decision[], world: World): boolean {
  return decisions.every((decision) => world.allows(decision, true));
}

/** A node that is never entered: what it computes goes nowhere. */
function cutOff(node: Node): Node {
  return { ...node, exit: { ...node.exit, taken: [], reads: [], next: NOWHERE }, recoveries: [] };
}

/** A position as it is come to: on a register bank, some of the decisions that lie ahead having been taken on the way. */
interface Arrival {
  readonly id: number;
  readonly position: number;
  readonly bank: Bank;
  /** Where control goes on if the stretch is passed by, for each decision that it may be for. */
  readonly passes: { readonly decision: Decision | null; readonly to: number }[];
}

/** The arrivals of a lifted graph, numbered as they are asked for. */
class Arrivals {
  readonly #positions: readonly Position[];
  /** Number of the first. */
  readonly #base: number;
  /** By position: the decisions of the choices from there on, up to code that all runs have. */
  readonly #ahead: (readonly Decision[])[] = [];
  readonly #known = new Map<string, Arrival>();
  readonly #numbers = new Map<Decision, number>();

  constructor(positions: readonly Position[], base: number) {
    this.#positions = positions;
    this.#base = base;
    // A position's successor has been numbered before it.
    for (const { isChoice, decisions, next } of positions)
      this.#ahead.push(isChoice ? [...new Set([...decisions, ...(next < 0 ? [] : this.#ahead[next]!)])] : []);
  }

  all(): Arrival[] {
    return [...this.#known.values()];
  }

  /** The number of the node for coming to a position from a place that these decisions led to. */
  at(position: number, bank: Bank, taken: readonly Decision[]): number {
    const still = this.#ahead[position]!.filter((decision) => taken.includes(decision));
    const key = [position * 2 + bank, ...still.map((decision) => this.#numberOf(decision))].join();
    const known = this.#known.get(key);
    if (known !== undefined) return known.id;
    const arrival: Arrival = { id: this.#base + this.#known.size, position, bank, passes: [] };
    this.#known.set(key, arrival);
    const { isChoice, decisions, next } = this.#positions[position]!;
    if (!isChoice) return arrival.id;
    const open = decisions.length === 0 ? [null] : decisions.filter((decision) => !still.includes(decision));
    for (const decision of open) {
      const behind = this.#behind(next, decision);
      arrival.passes.push({ decision, to: behind < 0 ? OUTSIDE : this.at(behind, bank, still) });
    }
    return arrival.id;
  }

  /** The next position that does not depend on a decision; a stretch passed by for it lets all the others pass too. */
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

/** A node whose edges lead to positions, where there are any, instead of to the run's own code. */
function redirected(node: Node, offset: number, into: (target: number) => number): Node {
  const { exit } = node;
  return {
    ...node,
    id: offset + node.id,
    exit: { ...exit, taken: exit.taken.map(into), next: into(exit.next) },
    recoveries: node.recoveries.map(into),
  };
}

/** The node of an arrival: it has no code, and leads to all that may follow in a world. */
function joint(
  { id, bank, passes, entries }: Arrival & { entries: readonly number[] },
  { decisions }: Position,
  world: World,
): Node {
  const behind = passes.flatMap(({ decision, to }) => (decision === null || world.allows(decision, false) ? [to] : []));
  const entered = isMet(decisions, world) ? entries : [];
  const exit: Exit = {
    predicate: 0,
    predicateComplement: 0,
    taken: [...entered, ...behind.filter((to) => to !== OUTSIDE)],
    reads: [],
    clobbers: [],
    returns: true,
    next: behind.includes(OUTSIDE) ? OUTSIDE : NOWHERE,
    why: '',
  };
  return {
    id,
    block: NO_BLOCK,
    bank,
    code: [],
    collection: EMPTY,
    complement: EMPTY,
    nests: EMPTY,
    exit,
    recoveries: [],
  };
}

const EMPTY = new Uint8Array(0);

const NO_BLOCK: Block = {
  id: NOWHERE,
  first: -1,
  last: -1,
  size: 0,
  transfer: { kind: 'none', predicate: 0, target: NOWHERE, symbol: null, through: null, link: null, next: NOWHERE },
};
