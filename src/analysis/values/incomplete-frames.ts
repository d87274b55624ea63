/**
 * Where the current register frame may be incomplete: from the entries of interruption vectors on, and from those of code that
 * other files, or nobody in sight, come to, up to an instruction of grammar/complete-frame.tsv. Such code has a complete frame
 * where the conventions say so, and where all its ways lead to an instruction that would be undefined without one (`br.ret`),
 * before anything that takes an incomplete one (`cover`, `rfi`, code out of sight). What cannot be followed counts as reached:
 * where code with an incomplete frame branches out of sight, so does every place whose address is taken. Requires: the graph.
 */
import table from '../../../grammar/complete-frame.tsv';
import { matches } from '../../config/conventions.ts';
import { tableRows } from '../../machine/tsv.ts';
import { continues } from '../flow/flow.ts';
import type { Node } from '../flow/graph.ts';
import { pointsOf, type Solution } from '../liveness/program-points.ts';
import type { ProgramInstruction } from '../program/program.ts';

/** Forms behind which the frame is complete, and those of them that there must be a complete one for. */
const completing = new Set(tableRows(table).map(([form]) => form!));
const COVER = 'cover';

export interface IncompleteFrames {
  /** By instruction of the program: 1 where the frame in front of it may be incomplete. */
  readonly marks: Uint8Array;
  /** Where such frames come from: labels, for whoever asks why; empty where an entry has none. */
  readonly entriesOf: (instruction: number) => readonly string[];
}

export function incompleteFrames(solution: Solution): IncompleteFrames {
  const { program, flow } = solution;
  const entries = incompleteEntries(solution);
  const reached = reachedFrom(solution, entries, true);
  const marks = new Uint8Array(program.instructions.length);
  for (const { first, last } of flow.blocks) {
    if (!pointsOf(solution, first).some(({ node }) => reached.has(node))) continue;
    for (let at = first; at >= 0; at = at === last ? -1 : program.next[at]!) {
      marks[at] = 1;
      if (completes(program.instructions[at]!)) break;
    }
  }
  return {
    marks,
    entriesOf: (instruction) => {
      const names = [...entries].flatMap(([block, name]) => {
        const from = reachedFrom(solution, new Map([[block, name]]), false);
        return pointsOf(solution, instruction).some(({ node }) => from.has(node)) ? [name] : [];
      });
      return [...new Set(names)];
    },
  };
}

/** The nodes that an incomplete frame comes to. @param anywhere follows what is out of sight to every place whose address is taken */
function reachedFrom(solution: Solution, entries: Entries, anywhere: boolean): ReadonlySet<Node> {
  const { flow, lifted } = solution;
  const entered = new Set<Node>();
  const pending: Node[] = [];
  let branched = !anywhere;
  const enter = (id: number): void => {
    const node = lifted.nodes[id];
    if (node === undefined || entered.has(node)) return;
    entered.add(node);
    pending.push(node);
  };
  const enterAt = (block: number): void => {
    for (const { node } of pointsOf(solution, flow.blocks[block]!.first)) enter(node.id);
  };
  for (const block of entries.keys()) enterAt(block);
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    node.recoveries.forEach(enter);
    if (node.code.some(completes)) continue;
    const { ids, leavesSight } = waysOn(node);
    ids.forEach(enter);
    if (branched || !leavesSight) continue;
    branched = true;
    for (const addresses of flow.taken.values()) for (const { block } of addresses) enterAt(block);
  }
  return entered;
}

/** Blocks that may be entered with an incomplete frame, and how conventions can name them. */
type Entries = ReadonlyMap<number, string>;

function incompleteEntries(solution: Solution): Entries {
  const { flow, program, conventions } = solution;
  const surely = nodesOfCompleteFrames(solution);
  const namesAt = new Map<number, string[]>();
  for (const { name, kind, instruction } of program.symbols.labels)
    if (kind === 'label' && instruction >= 0) push(namesAt, instruction, name);
  for (const { block, symbol } of flow.globals) push(namesAt, flow.blocks[block]!.first, symbol);
  const entries = new Map<number, string>();
  for (const block of outerEntries(solution)) {
    const names = namesAt.get(flow.blocks[block]!.first) ?? [];
    const isNamed = (patterns: readonly string[]) => names.some((name) => matches(patterns, name));
    const points = pointsOf(solution, flow.blocks[block]!.first);
    const needsOne = !flow.vectors.includes(block) && points.every(({ node }) => surely.has(node));
    const isComplete = needsOne || isNamed(conventions.frames.complete);
    if (isComplete && !isNamed(conventions.frames.interrupted)) continue;
    entries.set(block, names.findLast((name) => !/^\d/.test(name)) ?? '');
  }
  return entries;
}

/** Vectors, what other files know of, and what nothing in this file goes to. What a compiler writes, only calls come to. */
function outerEntries(solution: Solution): ReadonlySet<number> {
  const { flow, lifted, program } = solution;
  const followed = new Set<number>();
  for (const { exit, recoveries } of lifted.nodes) {
    for (const id of [...exit.taken, ...recoveries]) followed.add(id);
    if (exit.next >= 0) followed.add(exit.next);
  }
  const unseen = flow.blocks.filter(({ first }) => {
    const points = pointsOf(solution, first);
    return points.length > 0 && points.every(({ node }) => !followed.has(node.id));
  });
  const entries = [...flow.globals.map(({ block }) => block), ...flow.inTables, ...unseen.map(({ id }) => id)];
  return new Set([...flow.vectors, ...entries.filter((block) => program.compiled?.[flow.blocks[block]!.first] !== 1)]);
}

/**
 * Nodes at whose start the frame is complete: from there control comes to where it must be, and to nothing else. Loops are taken to
 * end, but for those that have no way out.
 */
function nodesOfCompleteFrames({ lifted }: Solution): ReadonlySet<Node> {
  const { nodes } = lifted;
  const before = new Map<Node, Node[]>();
  const sure: Node[] = [];
  const unsure: Node[] = [];
  for (const node of nodes) {
    const first = node.code.find(completes);
    const { ids, leavesSight } = waysOn(node);
    if (first !== undefined) (first.effects.form!.id === COVER ? unsure : sure).push(node);
    else if (leavesSight) unsure.push(node);
    else for (const id of [...ids, ...node.recoveries]) push(before, nodes[id]!, node);
  }
  const leading = closure(sure, before);
  const never = nodes.filter((node) => !leading.has(node));
  const others = closure([...unsure, ...never], before);
  return new Set([...leading].filter((node) => !others.has(node)));
}

/** Nodes, and all that lead to them. */
function closure(nodes: readonly Node[], before: ReadonlyMap<Node, readonly Node[]>): Set<Node> {
  const found = new Set(nodes);
  // A set is gone through with what is added meanwhile.
  for (const node of found) for (const each of before.get(node) ?? []) found.add(each);
  return found;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Where control goes on behind the last instruction of a node with an incomplete frame, in this file, and whether it may go elsewhere. */
function waysOn({ block: { terminator }, code, exit }: Node): { ids: readonly number[]; leavesSight: boolean } {
  const behind = exit.next >= 0 ? [exit.next] : [];
  // Taken, such a branch is undefined without a complete frame: only the way past it counts.
  if (completing.has(code.at(-1)?.effects.form?.id ?? '')) return { ids: behind, leavesSight: exit.next < 0 };
  const ids = [...exit.taken, ...behind];
  const fallsOut = continues(terminator) && exit.next < 0;
  switch (terminator.kind) {
    case 'none':
    case 'break':
      return { ids, leavesSight: fallsOut };
    case 'jump':
    case 'either':
    case 'indirect':
      return { ids, leavesSight: exit.unsure || exit.taken.length === 0 || fallsOut };
    default:
      return { ids, leavesSight: true };
  }
}

/** Would the instruction be undefined, whatever its predicate, if the frame behind it were incomplete? */
function completes({ effects: { form, predicate } }: ProgramInstruction): boolean {
  return form !== null && predicate === 0 && completing.has(form.id);
}
