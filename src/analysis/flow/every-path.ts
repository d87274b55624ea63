/** Properties that hold on every path to an instruction. Requires: the graph. */
import type { ProgramInstruction } from '../program/program.ts';
import type { Flow } from './flow.ts';
import type { Graph, Node } from './graph.ts';

/**
 * Whether, on every path to a position of a block, the last instruction about which `decides` gives a value gives true.
 *
 * @param nodes the block, on each bank that it is reached on
 * @param decides null for an instruction that does not matter
 * @param decidedAtEntry the value at a node that external code enters
 */
export function onEveryPath(
  { graph, flow }: { readonly graph: Graph; readonly flow: Flow },
  nodes: readonly Node[],
  position: number,
  decides: (instruction: ProgramInstruction) => boolean | null,
  decidedAtEntry: (node: Node) => boolean = () => false,
): boolean {
  const last = (code: readonly ProgramInstruction[]): boolean | null => {
    for (let at = code.length - 1; at >= 0; at--) {
      const decided = decides(code[at]!);
      if (decided !== null) return decided;
    }
    return null;
  };
  const roots = new Set([...flow.vectors, ...flow.globals.map(({ block }) => block)]);
  const before = predecessorsOf(graph);
  const pending: Node[] = [];
  const seen = new Set<Node>();
  for (const node of nodes) {
    const decided = last(node.code.slice(0, position));
    if (decided === false) return false;
    if (decided === null) pending.push(node);
  }
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    const predecessors = before.get(node.id) ?? [];
    if ((predecessors.length === 0 || roots.has(node.block.id)) && !decidedAtEntry(node)) return false;
    for (const predecessor of predecessors) {
      const decided = last(predecessor.code);
      if (decided === false) return false;
      if (decided === null) pending.push(predecessor);
    }
  }
  return true;
}

const known = new WeakMap<Graph, ReadonlyMap<number, readonly Node[]>>();

/** The predecessors of each node, by node. */
export function predecessorsOf(graph: Graph): ReadonlyMap<number, readonly Node[]> {
  const found = known.get(graph);
  if (found !== undefined) return found;
  const before = new Map<number, Node[]>();
  for (const node of graph.nodes) {
    for (const to of [...node.exit.taken, node.exit.next, ...node.recoveries]) {
      const list = before.get(to);
      if (list === undefined) before.set(to, [node]);
      else list.push(node);
    }
  }
  known.set(graph, before);
  return before;
}
