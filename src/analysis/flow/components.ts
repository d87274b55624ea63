/** Strongly connected components of a directed graph. */

/** A node that the search has entered and not left. */
interface Entered {
  readonly id: number;
  readonly successors: readonly number[];
  /** Of its successors, how many have been looked at. */
  looked: number;
}

/**
 * Tarjan's algorithm (Depth-first search and linear graph algorithms, 1972), without recursion, from each node that is asked for:
 * what one search has found, no later one looks at again.
 */
export class ComponentSearch {
  /** By node: when it was entered, from 1 on; 0: never. */
  readonly #order: Int32Array;
  /** By node: the earliest node known to be in its component, by order. */
  readonly #lowest: Int32Array;
  /** By node: 1 where its component has been found. */
  readonly #complete: Uint8Array;
  /** Nodes whose components are not complete. */
  readonly #open: number[] = [];
  readonly #successors: (id: number) => readonly number[];
  #entered = 0;

  /** @param count nodes are numbers below it */
  constructor(count: number, successors: (id: number) => readonly number[]) {
    this.#successors = successors;
    this.#order = new Int32Array(count);
    this.#lowest = new Int32Array(count);
    this.#complete = new Uint8Array(count);
  }

  /** The components that are reached from a node and were not found before, each before those that it is reached from. */
  from(root: number): number[][] {
    const found: number[][] = [];
    if (this.#order[root] !== 0) return found;
    const path = [this.#enter(root)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      if (top.looked < top.successors.length) {
        const next = top.successors[top.looked++]!;
        if (this.#order[next] === 0) path.push(this.#enter(next));
        else if (this.#complete[next] === 0) this.#lower(top.id, this.#order[next]!);
        continue;
      }
      path.pop();
      if (this.#lowest[top.id] === this.#order[top.id]) found.push(this.#close(top.id));
      const before = path.at(-1);
      if (before !== undefined) this.#lower(before.id, this.#lowest[top.id]!);
    }
    return found;
  }

  #enter(id: number): Entered {
    this.#order[id] = this.#lowest[id] = ++this.#entered;
    this.#open.push(id);
    return { id, successors: this.#successors(id), looked: 0 };
  }

  #lower(id: number, order: number): void {
    if (order < this.#lowest[id]!) this.#lowest[id] = order;
  }

  /** The members of the component that a node is the first of. */
  #close(first: number): number[] {
    const members = this.#open.splice(this.#open.lastIndexOf(first));
    for (const member of members) this.#complete[member] = 1;
    return members;
  }
}
