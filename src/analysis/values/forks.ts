/** Where the path that does not give a register back parts from one that does. Requires: the graph, the entry values. */
import type { Node } from '../flow/graph.ts';
import type { Solution } from '../liveness/program-points.ts';
import { copyOf, type EntryState, edgesOf, mayBeOwn, stepOver, writesOf } from './entry-values.ts';

/**
 * The last branch on a way from the write to the end that leaves a way on which the register is given back; -1 when there
 * is none.
 */
export function forkBetween(
  solution: Solution,
  states: readonly (EntryState | undefined)[],
  write: number,
  end: Node,
  register: number,
): number {
  const { nodes } = solution.graph;
  const restores = (node: Node): boolean => {
    const entry = states[node.id];
    if (entry === undefined) return false;
    const state = copyOf(entry);
    let found = false;
    for (const instruction of node.code) {
      if (instruction.effects.known)
        for (const each of writesOf(solution, state, instruction, node.bank))
          if (each.register === register) found = instruction.index !== write && mayBeOwn(state, register, each.value);
      stepOver(solution, state, instruction, node.bank);
    }
    return found;
  };
  const before = new Map<number, number>();
  const starts = nodes.filter(({ code, id }) => states[id] !== undefined && code.some(({ index }) => index === write));
  const queue = starts.map(({ id }) => id);
  for (const id of queue) before.set(id, -1);
  for (let at = 0; at < queue.length && !before.has(end.id); at++) {
    for (const { to } of edgesOf(solution, nodes[queue[at]!]!)) {
      if (before.has(to) || states[to] === undefined || (to !== end.id && restores(nodes[to]!))) continue;
      before.set(to, queue[at]!);
      queue.push(to);
    }
  }
  for (let at = before.get(end.id) ?? -1; at >= 0; at = before.get(at) ?? -1) {
    const edges = edgesOf(solution, nodes[at]!);
    if (
      isBranch(nodes[at]!) &&
      edges.some(({ to }) => states[to] !== undefined && reachesRestore(solution, to, restores, before))
    )
      return nodes[at]!.block.last;
  }
  return -1;
}

/** A fault also leaves the path, but at one nobody has forgotten anything. */
function isBranch({ code }: Node): boolean {
  return code.at(-1)!.effects.branch !== null;
}

function reachesRestore(
  solution: Solution,
  from: number,
  restores: (node: Node) => boolean,
  failing: ReadonlyMap<number, number>,
): boolean {
  const { nodes } = solution.graph;
  const queue = [from];
  const seen = new Set(queue);
  for (let at = 0; at < queue.length; at++) {
    if (restores(nodes[queue[at]!]!)) return true;
    for (const { to } of edgesOf(solution, nodes[queue[at]!]!)) {
      if (seen.has(to) || failing.has(to)) continue;
      seen.add(to);
      queue.push(to);
    }
  }
  return false;
}
