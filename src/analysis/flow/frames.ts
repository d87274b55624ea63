/**
 * Register frames: how many stacked registers exist in front of each instruction, as far as an `alloc` on every path says
 * so (SDM vol. 1, 4.1). Requires: the graph.
 */
import { allocFrame } from '../../machine/decode.ts';
import type { RegisterFrame } from '../../machine/naming.ts';
import { Names } from '../program/names.ts';
import type { Program } from '../program/program.ts';
import type { Flow } from './flow.ts';
import type { Graph, Node } from './graph.ts';
import { emptiesFrame } from './mode-table.ts';

/** A frame's size: first output register and end, counted from r32. */
export interface FrameSize {
  readonly inputs: number;
  /** Inputs and locals (cfm.sol). */
  readonly locals: number;
  /** All of it (cfm.sof). */
  readonly size: number;
  /** How many of them rotate (cfm.sor * 8). */
  readonly rotating: number;
}

/** What an instruction leaves: a known frame, an unknown one, or (undefined) the one it finds. */
type Change = FrameSize | null | undefined;

export interface Frames {
  /** By node: the frame in front of it; null: not known. */
  readonly entry: readonly (FrameSize | null)[];
  /** The frame behind an instruction, from the frame in front of it. */
  readonly after: (instruction: number, before: FrameSize | null) => FrameSize | null;
}

const EMPTY: FrameSize = { inputs: 0, locals: 0, size: 0, rotating: 0 };

const byGraph = new WeakMap<Graph, Frames>();

/** The frames of a graph, computed once, as several analyses use them. */
export function knownFrames(program: Program, flow: Flow, graph: Graph): Frames {
  const frames = byGraph.get(graph) ?? findFrames(program, flow, graph);
  byGraph.set(graph, frames);
  return frames;
}

function findFrames(program: Program, flow: Flow, { nodes, nodeOf }: Graph): Frames {
  const changes = frameChanges(program);
  const after = (instruction: number, before: FrameSize | null): FrameSize | null => {
    const change = changes.get(instruction);
    return change === undefined ? before : change;
  };
  const entry = new Array<FrameSize | null | undefined>(nodes.length);
  const queue: number[] = [];
  const reach = (to: number, frame: FrameSize | null): void => {
    const known = entry[to];
    const joined = known === undefined || same(known, frame) ? frame : null;
    if (known !== undefined && same(known, joined)) return;
    entry[to] = joined;
    queue.push(to);
  };
  const called = new Set(flow.blocks.map(({ terminator }) => (terminator.kind === 'call' ? terminator.target : -1)));
  for (const { block } of flow.globals) called.add(block);
  for (const node of nodes) if (called.has(node.block.id) || isRoot(flow, node)) reach(node.id, null);
  const run = (): void => {
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      const node = nodes[id]!;
      let frame = entry[id] ?? null;
      for (const { index } of node.code) frame = after(index, frame);
      for (const to of waysInside(node, nodeOf)) reach(to, frame);
    }
  };
  run();
  for (const node of nodes) {
    if (entry[node.id] !== undefined) continue;
    reach(node.id, null);
    run();
  }
  return { entry: entry.map((frame) => frame ?? null), after };
}

function isRoot({ vectors, inData, taken }: Flow, { block }: Node): boolean {
  return vectors.includes(block.id) || inData[block.id] === 1 || isTaken(taken, block.id);
}

const takenBlocks = new WeakMap<Flow['taken'], ReadonlySet<number>>();

/** Whether some instruction takes the address of the block. */
export function isTaken(taken: Flow['taken'], block: number): boolean {
  let blocks = takenBlocks.get(taken);
  if (blocks === undefined) {
    blocks = new Set([...taken.values()].flat().map((address) => address.block));
    takenBlocks.set(taken, blocks);
  }
  return blocks.has(block);
}

/** Nodes that control goes on to with the frame that it has: a call comes back to it. */
function waysInside({ block, bank, exit, recoveries }: Node, nodeOf: Int32Array): number[] {
  const { kind, next } = block.terminator;
  if (kind === 'return' || kind === 'rfi') return exit.next >= 0 ? [exit.next] : [];
  const on = kind === 'call' ? [next < 0 ? -1 : nodeOf[next * 2 + bank]!] : [...exit.taken, exit.next];
  return [...on, ...recoveries].filter((to) => to >= 0);
}

function same(a: FrameSize | null, b: FrameSize | null): boolean {
  if (a === null || b === null) return a === b;
  return a.inputs === b.inputs && a.locals === b.locals && a.size === b.size && a.rotating === b.rotating;
}

function frameChanges(program: Program): ReadonlyMap<number, Change> {
  const changes = new Map<number, Change>();
  const names = new Names();
  program.statements.forEach((statement, at) => {
    names.follow(statement, at);
    const instruction = program.instructionOf[at]!;
    if (instruction < 0) return;
    if (!program.instructions[instruction]!.effects.known) changes.set(instruction, null);
    if (statement.kind !== 'instruction') return;
    if (emptiesFrame(statement.mnemonic)) changes.set(instruction, EMPTY);
    else if (program.instructions[instruction]!.effects.form?.position === 'first' && statement.inputs.length >= 4) {
      const frame = allocFrame(statement, names);
      changes.set(instruction, frame === null ? null : sizeOf(frame));
    }
  });
  return changes;
}

function sizeOf({ inputs, locals, outputs, rotating }: RegisterFrame): FrameSize {
  return { inputs, locals: inputs + locals, size: inputs + locals + outputs, rotating };
}
