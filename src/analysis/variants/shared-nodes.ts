/**
 * Nodes that are the same in several runs of one source, kept once in the lifted graph: most code does not depend on the
 * configuration. Requires: the runs' graphs, and their alignment.
 */
import type { Effects } from '../../machine/effects.ts';
import type { Graph, Node } from '../flow/graph.ts';
import { LONG } from '../liveness/shared-lists.ts';
import type { AlignedRuns } from './alignment.ts';

export interface ProductNodes {
  /** Numbered as they stand; edges lead to these numbers, or to what `entrance` gave. */
  readonly nodes: readonly Node[];
  /** By node: the position of the segment that it is part of. */
  readonly segments: readonly number[];
  /** By run: the number of each node of its graph. */
  readonly idOf: readonly Int32Array[];
}

/** Numbers of nodes put in place of others: `to` is asked once for a list that several nodes have. */
type Renumber = (list: readonly number[], to: (target: number) => number) => readonly number[];

/**
 * @param entrance where an edge to a node of a run leads instead of to the node itself, by the run and the first instruction
 * of the node that it comes from; null where to the node
 * @param wayFrom by a run and an instruction: what `entrance` makes of that instruction; of two that are the same, so are all entrances
 */
export function shareNodes(
  runs: readonly { readonly graph: Graph }[],
  { placeOf, segmentOf }: AlignedRuns,
  entrance: (run: number, target: Node, from: number) => number | null,
  wayFrom: (run: number, from: number) => string,
): ProductNodes {
  const nodes: Node[] = [];
  const segments: number[] = [];
  const idOf = runs.map(({ graph }) => new Int32Array(graph.nodes.length).fill(-1));
  const byPlace = new Map<number, Node[]>();
  const canonical = new Map<string, readonly number[]>();
  const reserve = (): number => {
    nodes.push(RESERVED);
    return nodes.length - 1;
  };
  runs.forEach(({ graph }, run) => {
    const ids = idOf[run]!;
    const renumbered = new Map<string, Renumber>();
    // The last first: most edges inside a segment lead to what follows.
    const order = [...graph.nodes].sort((a, b) => b.code[0]!.index - a.code[0]!.index);
    for (const node of order) {
      const { index } = node.code[0]!;
      const to = (target: number): number => {
        if (target < 0) return target;
        const arrival = entrance(run, graph.nodes[target]!, index);
        if (arrival !== null) return arrival;
        // A node that is reached before it was compared represents itself.
        if (ids[target] === -1) ids[target] = reserve();
        return ids[target]!;
      };
      const place = placeOf[run]![index]! * 2 + node.bank;
      const alike = byPlace.get(place) ?? [];
      const way = wayFrom(run, index);
      const renumber = renumbered.get(way) ?? renumbering(canonical);
      renumbered.set(way, renumber);
      const own = withTargets(node, node.id, to, renumber);
      let id = ids[node.id]!;
      if (id === -1) id = alike.find((other) => isSame(other, own))?.id ?? reserve();
      ids[node.id] = id;
      if (nodes[id] !== RESERVED) continue;
      nodes[id] = { ...own, id };
      segments[id] = segmentOf[run]![index]!;
      alike.push(nodes[id]!);
      byPlace.set(place, alike);
    }
  });
  return { nodes, segments, idOf };
}

const RESERVED = {} as Node;

/**
 * Renumbers lists, each once: nodes that had a list in common have one in common again, and lists that come out equal are the same.
 */
export function renumbering(canonical = new Map<string, readonly number[]>()): Renumber {
  const known = new Map<readonly number[], readonly number[]>();
  return (list, to) => {
    if (list.length < LONG) return list.map(to);
    const before = known.get(list);
    if (before !== undefined) return before;
    const made = list.map(to);
    const key = made.join();
    const same = canonical.get(key) ?? made;
    canonical.set(key, same);
    known.set(list, same);
    return same;
  };
}

/** A node with its edges led elsewhere. */
export function withTargets(node: Node, id: number, to: (target: number) => number, renumber: Renumber): Node {
  const { exit } = node;
  return {
    ...node,
    id,
    exit: { ...exit, taken: renumber(exit.taken, to), next: to(exit.next) },
    recoveries: node.recoveries.map(to),
  };
}

/** Whether nodes that begin at one place do the same: macros may give one spelling several meanings. */
function isSame(a: Node, b: Node): boolean {
  return (
    areEqual(a.pair, b.pair) &&
    areEqual(a.nests, b.nests) &&
    areEqual(a.recoveries, b.recoveries) &&
    isSameExit(a.exit, b.exit) &&
    a.code.every(({ effects }, position) => isSameEffect(effects, b.code[position]!.effects))
  );
}

function isSameExit(a: Node['exit'], b: Node['exit']): boolean {
  return (
    a.predicate === b.predicate &&
    a.predicatePair === b.predicatePair &&
    a.returns === b.returns &&
    a.next === b.next &&
    areEqual(a.taken, b.taken) &&
    areEqual(a.clobbers, b.clobbers) &&
    (a.reads === null || b.reads === null ? a.reads === b.reads : areEqual(a.reads, b.reads))
  );
}

function isSameEffect(a: Effects, b: Effects): boolean {
  return (
    a.known === b.known &&
    a.form === b.form &&
    a.predicate === b.predicate &&
    areEqual(a.reads, b.reads) &&
    areEqual(a.writes, b.writes)
  );
}

function areEqual(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
