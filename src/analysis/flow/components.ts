/** Strongly connected components of a directed graph. */

/** A node that the search has entered and not left. */
interface Entered {
  readonly id: number;
  readonly successors: readonly number[];
  /** Of its successors, how many have been looked at. */
  looked: number;
}

/**
 * The components that are reached from `roots`, each before those that it is reached from: Tarjan's algorithm (Depth-first search
 * and linear graph algorithms, 1972), without recursion.
 *
 * @param count nodes are numbers below it
 */
export function stronglyConnected(
  count: number,
  roots: Iterable<number>,
  successors: (id: number) => readonly number[],
): number[][] {
  const order = new Int32Array(count); // when a node was entered, from 1 on; 0: never
  const lowest = new Int32Array(count); // the earliest node known to be in its component, by order
  const complete = new Uint8Array(count);
  const open: number[] = [];
  const components: number[][] = [];
  let entered = 0;
  const enter = (id: number): Entered => {
    order[id] = lowest[id] = ++entered;
    open.push(id);
    return { id, successors: successors(id), looked: 0 };
  };
  const leave = (id: number): void => {
    if (lowest[id] !== order[id]) return;
    const members = open.splice(open.lastIndexOf(id));
    for (const member of members) complete[member] = 1;
    components.push(members);
  };
  for (const root of roots) {
    if (order[root] !== 0) continue;
    const path = [enter(root)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      if (top.looked < top.successors.length) {
        const next = top.successors[top.looked++]!;
        if (order[next] === 0) path.push(enter(next));
        else if (complete[next] === 0) lowest[top.id] = Math.min(lowest[top.id]!, order[next]!);
        continue;
      }
      path.pop();
      leave(top.id);
      const before = path.at(-1);
      if (before !== undefined) lowest[before.id] = Math.min(lowest[before.id]!, lowest[top.id]!);
    }
  }
  return components;
}
