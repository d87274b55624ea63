/**
 * Places that many nodes lead to alike: in a ring of routines that jump to each other, each returns to the callers of all. What
 * is live there is joined once for all of them, or the work would grow with their number times that of the callers.
 */
import type { Node } from '../flow/graph.ts';

/** Lists that several nodes have as `exit.taken`, the same array. */
export interface SharedLists {
  /** By list: its row in what is kept for each. */
  readonly rowOf: ReadonlyMap<readonly number[], number>;
  /** By row: the nodes that lead to all of the list. */
  readonly users: readonly (readonly number[])[];
  /** By node: the rows of the lists that it is in. */
  readonly within: ReadonlyMap<number, readonly number[]>;
}

/** A shorter list is joined as fast as it is looked up. */
export const LONG = 8;

export function sharedLists(nodes: readonly Node[]): SharedLists {
  const usersOf = new Map<readonly number[], number[]>();
  for (const { id, exit } of nodes) {
    if (exit.taken.length < LONG) continue;
    const users = usersOf.get(exit.taken);
    if (users === undefined) usersOf.set(exit.taken, [id]);
    else users.push(id);
  }
  const shared = [...usersOf].filter(([, users]) => users.length > 1);
  const within = new Map<number, number[]>();
  for (const [row, [list]] of shared.entries())
    for (const id of list) {
      const rows = within.get(id);
      if (rows === undefined) within.set(id, [row]);
      else rows.push(row);
    }
  return {
    rowOf: new Map(shared.map(([list], row) => [list, row])),
    users: shared.map(([, users]) => users),
    within,
  };
}
