/**
 * Where the current register frame may be incomplete: from the entries of interruption vectors on, up to an instruction of
 * grammar/complete-frame.tsv. Ordinary code begins with a complete one. What cannot be followed counts as reached: where a handler
 * branches through a register, so does every place whose address is taken. Requires: the graph.
 */
import table from '../../../grammar/complete-frame.tsv';
import { matches } from '../../config/conventions.ts';
import { tableRows } from '../../machine/tsv.ts';
import type { Node } from '../flow/graph.ts';
import { pointsOf, type Solution } from '../liveness/program-points.ts';
import type { ProgramInstruction } from '../program/program.ts';

const completing = new Set(tableRows(table).map(([form]) => form!));

/** By instruction of the program: 1 where the frame in front of it may be incomplete. */
export function incompleteFrames(solution: Solution): Uint8Array {
  const { program, flow, lifted } = solution;
  const marks = new Uint8Array(program.instructions.length);
  const entered = new Set<Node>();
  const pending: Node[] = [];
  let branched = false;
  const enter = (id: number): void => {
    const node = lifted.nodes[id];
    if (node === undefined || entered.has(node)) return;
    entered.add(node);
    pending.push(node);
  };
  const enterAt = (block: number): void => {
    for (const { node } of pointsOf(solution, flow.blocks[block]!.first)) enter(node.id);
  };
  handlerEntries(solution).forEach(enterAt);
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    node.recoveries.forEach(enter);
    if (node.code.some(completes)) continue;
    node.exit.taken.forEach(enter);
    enter(node.exit.next);
    const { kind } = node.block.terminator;
    if (branched || (kind !== 'indirect' && kind !== 'unknown')) continue;
    branched = true;
    for (const addresses of flow.taken.values()) for (const { block } of addresses) enterAt(block);
  }
  for (const { first, last } of flow.blocks) {
    if (!pointsOf(solution, first).some(({ node }) => entered.has(node))) continue;
    for (let at = first; at >= 0; at = at === last ? -1 : program.next[at]!) {
      marks[at] = 1;
      if (completes(program.instructions[at]!)) break;
    }
  }
  return marks;
}

/** Blocks that begin with the interrupted frame: vectors, and global code among them that no call of this file goes to. */
function handlerEntries({ program, flow, conventions }: Solution): number[] {
  const called = new Set(flow.blocks.map(({ terminator }) => (terminator.kind === 'call' ? terminator.target : -1)));
  const shared = flow.globals.map(({ block }) => block).filter((block) => !called.has(block));
  const inVectors = (block: number): boolean =>
    matches(conventions.vectors.sections, program.instructions[flow.blocks[block]!.first]!.section);
  return [...flow.vectors, ...shared.filter(inVectors)];
}

/** Would the instruction be undefined, whatever its predicate, if the frame behind it were incomplete? */
function completes({ effects: { form, predicate } }: ProgramInstruction): boolean {
  return form !== null && predicate === 0 && completing.has(form.id);
}
