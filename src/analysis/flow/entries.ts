/** Where callers by the software conventions come in. Requires: the graph. */
import type { Conventions } from '../../config/conventions.ts';
import type { Program } from '../program/program.ts';
import type { Flow } from './flow.ts';
import type { Graph, Node } from './graph.ts';

export interface RoutineEntry {
  readonly symbol: string;
  /** Its first instruction, and the node that it begins. */
  readonly first: number;
  readonly node: Node;
}

/** The `.global` routines in ordinary code that have no convention of their own. */
export function routineEntries({
  program,
  flow,
  graph,
  conventions,
}: {
  readonly program: Program;
  readonly flow: Flow;
  readonly graph: Graph;
  readonly conventions: Conventions;
}): RoutineEntry[] {
  const names = new Set(program.routines.map(({ name }) => name));
  const vectors = new Set(flow.vectors);
  return flow.globals.flatMap(({ block, symbol }) => {
    const node = graph.nodes[graph.nodeOf[block * 2 + 1]!];
    if (node === undefined || vectors.has(block) || !names.has(symbol) || conventions.symbols.has(symbol)) return [];
    return [{ symbol, first: flow.blocks[block]!.first, node }];
  });
}
