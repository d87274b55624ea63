/** Properties that hold on some way to an instruction, since a place where they surely do. Requires: the graph. */
import type { ProgramInstruction } from '../program/program.ts';
import { type Flow, NOWHERE } from './flow.ts';
import type { Graph, Node } from './graph.ts';

interface Code {
  readonly graph: Graph;
  readonly flow: Flow;
}

/** Whether the property holds behind an instruction of a node: true, or may hold no more: false; null: it is as before. */
type HoldsBehind = (instruction: ProgramInstruction, node: Node) => boolean | null;

/** Since which instruction the property holds in front of the one at a position of a node; -1: not surely. */
export type SomeWay = (node: Node, position: number) => number;

/**
 * Ways go along branches and into routines of this file, and behind a call only where that gives the property itself: no way is followed that
 * may not be one.
 *
 * @param entered nodes in front of which the property holds
 */
export function someWay({ graph: { nodes } }: Code, follows: HoldsBehind, entered: readonly Node[]): SomeWay {
  const since = new Int32Array(nodes.length).fill(-1);
  const pending: Node[] = [];
  const enter = (id: number, by: number): void => {
    if (id < 0 || since[id] !== -1) return;
    since[id] = by;
    pending.push(nodes[id]!);
  };
  const before = (node: Node, position: number): number => {
    for (let at = position - 1; at >= 0; at--) {
      const found = follows(node.code[at]!, node);
      if (found !== null) return found ? node.code[at]!.index : -1;
    }
    return since[node.id]!;
  };
  const leave = (node: Node): void => {
    const by = before(node, node.code.length);
    if (by >= 0) for (const to of waysOn(node)) enter(to, by);
  };
  for (const node of entered) enter(node.id, node.block.first);
  for (const node of nodes) leave(node);
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) leave(node);
  return before;
}

const GUESSED: ReadonlySet<string> = new Set(['return', 'indirect', 'unknown', 'rfi']);

function waysOn({ exit, block: { terminator } }: Node): readonly number[] {
  const taken = GUESSED.has(terminator.kind) || exit.unsure ? [] : exit.taken;
  const comesBack = terminator.kind !== 'call' || terminator.target === NOWHERE || exit.predicate !== 0;
  return comesBack ? [...taken, exit.next] : taken;
}
