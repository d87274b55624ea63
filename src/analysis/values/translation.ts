/**
 * Where data address translation (psr.dt) may be off. Code begins with it on, but for the places where the conventions say
 * that physical mode begins; from an instruction that may clear it everything that control can reach is left unknown, up to
 * an instruction that sets it. What cannot be followed counts as reached: where code returns, or branches through a
 * register, with psr.dt perhaps off, so does every place that it could come back to.
 */
import type { Node } from '../flow/graph.ts';
import { translationBehind } from '../flow/mode-table.ts';
import { pointsOf, type Solution } from '../liveness/program-points.ts';

/** By instruction of the program: 1 where psr.dt may be 0 in front of it. */
export function translationOff(solution: Solution): Uint8Array {
  const { program, conventions, lifted } = solution;
  const off = new Uint8Array(program.instructions.length);
  if (switchesMode(solution)) return off.fill(1);
  const entered = new Set<Node>();
  const pending: Node[] = [];
  let returned = false;
  const enter = (id: number): void => {
    const node = lifted.nodes[id];
    if (node === undefined || entered.has(node)) return;
    entered.add(node);
    pending.push(node);
  };
  const enterAt = (instruction: number): void => {
    if (instruction >= 0) for (const { node } of pointsOf(solution, instruction)) enter(node.id);
  };
  for (const name of conventions.physicalMode.entries) enterAt(program.symbols.named.get(name)?.instruction ?? -1);
  for (const node of lifted.nodes) {
    if (isOffBehind(node, false)) leave(node);
  }
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    node.recoveries.forEach(enter);
    if (isOffBehind(node, true)) leave(node);
  }
  mark(solution, entered, off);
  return off;

  function leave({ exit, block }: Node): void {
    exit.taken.forEach(enter);
    enter(exit.next);
    if (returned || !leavesUnseen(block.terminator.kind)) return;
    returned = true;
    for (const { block: caller, exit: call } of lifted.nodes) if (caller.terminator.kind === 'call') enter(call.next);
    for (const addresses of solution.flow.taken.values())
      for (const address of addresses) enterAt(solution.flow.blocks[address.block]?.first ?? -1);
  }
}

/** Whether the code goes to virtual mode by a routine that the conventions name, or has that routine: then it has left it. */
function switchesMode({ program, conventions, flow }: Solution): boolean {
  const names = new Set(conventions.physicalMode.virtual);
  if (names.size === 0) return false;
  return (
    flow.blocks.some(({ terminator }) => terminator.symbol !== null && names.has(terminator.symbol)) ||
    [...names].some((name) => program.symbols.named.has(name))
  );
}

function leavesUnseen(kind: string): boolean {
  return kind === 'return' || kind === 'indirect' || kind === 'unknown';
}

/** Whether psr.dt may be 0 behind a node that is entered with it off, or on. */
function isOffBehind({ code }: Node, before: boolean): boolean {
  return code.reduce((off, instruction) => offBehind(off, translationBehind(instruction)), before);
}

function offBehind(before: boolean, behind: 0 | 1 | null): boolean {
  return behind === null ? before : behind === 0;
}

/** @param entered the nodes that may be entered with psr.dt off */
function mark(solution: Solution, entered: ReadonlySet<Node>, marks: Uint8Array): void {
  for (const { first, last } of solution.flow.blocks) {
    const points = pointsOf(solution, first);
    let off = points.some(({ node }) => entered.has(node));
    for (let at = first; at >= 0; at = at === last ? -1 : solution.program.next[at]!) {
      if (off) marks[at] = 1;
      off = offBehind(off, translationBehind(solution.program.instructions[at]!));
    }
  }
}
