/** Where the path that does not give a register back parts from one that does. Requires: the graph, the entry values. */
import type { Node } from '../flow/graph.ts';
import type { Solution } from '../liveness/program-points.ts';
import { copyOf, type EntryState, eachWrite, edgesOf, mayBeOwn, stepOver } from './entry-values.ts';

/** Nodes that the search for one fork may look at: ways of a handler are far shorter, and a ring of calls has no end of them. */
const MOST_STEPS = 20_000;

/**
 * The last branch on a way from the write to the end that leaves a way on which the register is given back; -1 when there
 * is none, or none is found near.
 */
export type ForkBetween = (write: number, end: Node, register: number) => number;

/** The last write of a register in a node, and whether it may give the entry value back. */
interface LastWrite {
  readonly index: number;
  readonly own: boolean;
}

export function forkFinder(solution: Solution, states: readonly (EntryState | undefined)[]): ForkBetween {
  let tables: Tables | undefined;
  return (write, end, register) => {
    tables ??= tablesOf(solution, states);
    return forkBetween(solution, states, tables, write, end, register);
  };
}

interface Tables {
  /** By node, by register. */
  readonly lastWrites: readonly ReadonlyMap<number, LastWrite>[];
  /** By register: some instructions that give it back, two where there are more than one. */
  readonly restoring: ReadonlyMap<number, readonly number[]>;
  /** By instruction: nodes that hold it. */
  readonly holders: ReadonlyMap<number, readonly number[]>;
}

function tablesOf(solution: Solution, states: readonly (EntryState | undefined)[]): Tables {
  const restoring = new Map<number, number[]>();
  const holders = new Map<number, number[]>();
  const lastWrites = solution.graph.nodes.map((node) => {
    const entry = states[node.id];
    if (entry === undefined) return new Map<number, LastWrite>();
    const last = lastWritesOf(solution, node, entry);
    for (const [register, { index, own }] of last) {
      const known = restoring.get(register) ?? [];
      if (own && known.length < 2 && !known.includes(index)) restoring.set(register, [...known, index]);
    }
    for (const { index } of node.code) holders.set(index, [...(holders.get(index) ?? []), node.id]);
    return last;
  });
  return { lastWrites, restoring, holders };
}

function lastWritesOf(solution: Solution, node: Node, entry: EntryState): Map<number, LastWrite> {
  const state = copyOf(entry);
  const last = new Map<number, LastWrite>();
  for (const instruction of node.code) {
    if (instruction.effects.known)
      eachWrite(solution, state, instruction, node.bank, (register, value) => {
        last.set(register, { index: instruction.index, own: mayBeOwn(state, register, value) });
      });
    stepOver(solution, state, instruction, node.bank);
  }
  return last;
}

function forkBetween(
  solution: Solution,
  states: readonly (EntryState | undefined)[],
  { lastWrites, restoring, holders }: Tables,
  write: number,
  end: Node,
  register: number,
): number {
  if ((restoring.get(register) ?? []).every((index) => index === write)) return -1;
  const { nodes } = solution.graph;
  const restores = (node: number): boolean => {
    const last = lastWrites[node]!.get(register);
    return last?.own === true && last.index !== write;
  };
  const before = new Map<number, number>();
  const queue = [...(holders.get(write) ?? [])];
  for (const id of queue) before.set(id, -1);
  for (let at = 0; at < queue.length && at < MOST_STEPS && !before.has(end.id); at++) {
    for (const { to } of edgesOf(solution, nodes[queue[at]!]!)) {
      if (before.has(to) || states[to] === undefined || (to !== end.id && restores(to))) continue;
      before.set(to, queue[at]!);
      queue.push(to);
    }
  }
  const left = { steps: MOST_STEPS };
  for (let at = before.get(end.id) ?? -1; at >= 0; at = before.get(at) ?? -1) {
    if (!isBranch(nodes[at]!)) continue;
    const ways = edgesOf(solution, nodes[at]!).filter(({ to }) => states[to] !== undefined);
    if (ways.some(({ to }) => reachesRestore(solution, to, restores, before, left))) return nodes[at]!.block.last;
  }
  return -1;
}

/** A fault also leaves the path, but is no place where a restore was forgotten. */
function isBranch({ code }: Node): boolean {
  return code.at(-1)!.effects.branch !== null;
}

/** Counts in `left.steps` what it looks at, and gives up at 0. */
function reachesRestore(
  solution: Solution,
  from: number,
  restores: (node: number) => boolean,
  failing: ReadonlyMap<number, number>,
  left: { steps: number },
): boolean {
  const { nodes } = solution.graph;
  const queue = [from];
  const seen = new Set(queue);
  for (let at = 0; at < queue.length && left.steps > 0; at++, left.steps--) {
    if (restores(queue[at]!)) return true;
    for (const { to } of edgesOf(solution, nodes[queue[at]!]!)) {
      if (seen.has(to) || failing.has(to)) continue;
      seen.add(to);
      queue.push(to);
    }
  }
  return false;
}
