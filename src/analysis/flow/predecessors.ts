/** Where control comes from. Requires: the graph. */
import type { Graph, Node } from './graph.ts';

/**
 * The predecessors of each node. Where many nodes lead to the same list of others, as the returns of a ring of routines do to all of its
 * callers, they are kept once: one by one they would be as many as the product of the two.
 */
export class Predecessors {
  /** By node: groups of predecessors. A group is one object for all nodes that it leads to. */
  readonly #groups: (readonly Node[])[][];

  constructor({ nodes }: Graph) {
    const single: Node[][] = nodes.map(() => []);
    const ofList = new Map<readonly number[], Node[]>();
    for (const node of nodes) {
      const { taken, next } = node.exit;
      if (taken.length === 1) single[taken[0]!]?.push(node);
      else {
        const users = ofList.get(taken);
        if (users === undefined) ofList.set(taken, [node]);
        else users.push(node);
      }
      for (const to of [next, ...node.recoveries]) if (to >= 0) single[to]!.push(node);
    }
    this.#groups = single.map((group) => (group.length === 0 ? [] : [group]));
    for (const [list, users] of ofList) for (const to of list) this.#groups[to]?.push(users);
  }

  /** All predecessors of a node, in groups; see above. */
  groups(node: Node): readonly (readonly Node[])[] {
    return this.#groups[node.id]!;
  }

  *of(node: Node): Iterable<Node> {
    for (const group of this.groups(node)) yield* group;
  }
}

const known = new WeakMap<Graph, Predecessors>();

/** The predecessors in a graph, worked out once. */
export function predecessorsOf(graph: Graph): Predecessors {
  const found = known.get(graph) ?? new Predecessors(graph);
  known.set(graph, found);
  return found;
}
