/** Properties that hold on every path to an instruction. Requires: the graph. */
import type { ProgramInstruction } from '../program/program.ts';
import type { Flow } from './flow.ts';
import type { Graph, Node } from './graph.ts';

interface Code {
  readonly graph: Graph;
  readonly flow: Flow;
}

/**
 * Whether, on every path to a position of a block, the last instruction about which `decides` gives a value gives true.
 *
 * @param nodes the block, on each bank that it is reached on
 * @param decides null for an instruction that does not matter
 * @param decidedAtEntry the value at a node that external code enters
 */
export function onEveryPath(
  { graph, flow }: Code,
  nodes: readonly Node[],
  position: number,
  decides: Decides,
  decidedAtEntry: AtEntry = nowhere,
): boolean {
  const entered = badEntries({ graph, flow }, decides, decidedAtEntry);
  return nodes.every((node) => lastDecided(node.code.slice(0, position), decides) ?? entered[node.id] === 0);
}

type Decides = (instruction: ProgramInstruction) => boolean | null;
type AtEntry = (node: Node) => boolean;

const nowhere: AtEntry = () => false;

function lastDecided(code: readonly ProgramInstruction[], decides: Decides): boolean | null {
  for (let at = code.length - 1; at >= 0; at--) {
    const decided = decides(code[at]!);
    if (decided !== null) return decided;
  }
  return null;
}

const solved = new WeakMap<Graph, Map<Decides, Map<AtEntry, Uint8Array>>>();

/** By node: 1 where on some path to it what was decided last is false, or nothing. Found once for all positions asked about. */
function badEntries(code: Code, decides: Decides, decidedAtEntry: AtEntry): Uint8Array {
  const ofGraph = solved.get(code.graph) ?? new Map<Decides, Map<AtEntry, Uint8Array>>();
  solved.set(code.graph, ofGraph);
  const ofRule = ofGraph.get(decides) ?? new Map<AtEntry, Uint8Array>();
  ofGraph.set(decides, ofRule);
  const found = ofRule.get(decidedAtEntry) ?? findBadEntries(code, decides, decidedAtEntry);
  ofRule.set(decidedAtEntry, found);
  return found;
}

function findBadEntries({ graph: { nodes }, flow }: Code, decides: Decides, decidedAtEntry: AtEntry): Uint8Array {
  const roots = new Set([...flow.vectors, ...flow.globals.map(({ block }) => block)]);
  const hasPredecessor = new Uint8Array(nodes.length);
  const bad = new Uint8Array(nodes.length);
  const pending: Node[] = [];
  const enter = (to: number): void => {
    if (bad[to] === 1) return;
    bad[to] = 1;
    pending.push(nodes[to]!);
  };
  const visit = successorVisitor();
  for (const node of nodes) visit(node, (to) => (hasPredecessor[to] = 1));
  for (const node of nodes)
    if ((hasPredecessor[node.id] === 0 || roots.has(node.block.id)) && !decidedAtEntry(node)) enter(node.id);
  const decided = nodes.map(({ code }) => lastDecided(code, decides));
  const lead = successorVisitor();
  for (const node of nodes) if (decided[node.id] === false) lead(node, enter);
  for (let node = pending.pop(); node !== undefined; node = pending.pop())
    if (decided[node.id] === null) lead(node, enter);
  return bad;
}

/** Visits the successors of nodes; a list that several nodes have is gone through once. */
function successorVisitor(): (node: Node, visit: (to: number) => void) => void {
  const gone = new Set<readonly number[]>();
  return ({ exit: { taken, next }, recoveries }, visit) => {
    if (!gone.has(taken)) for (const to of taken) visit(to);
    gone.add(taken);
    if (next >= 0) visit(next);
    for (const to of recoveries) if (to >= 0) visit(to);
  };
}
