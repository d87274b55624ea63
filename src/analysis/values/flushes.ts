/**
 * Flushes of code that nothing completes: `fc.i` puts a line out of the instruction caches, `sync.i` makes other processors see
 * that, `srlz.i` (or `rfi`) lets this one fetch anew (SDM vol. 3, fc; vol. 2, 4.4.6.2). Requires: the graph.
 */
import { isOfClass } from '../../machine/classes.ts';
import { INSTRUCTION, serializedBy } from '../../machine/serialization.ts';
import type { Node } from '../flow/graph.ts';
import type { Solution } from '../liveness/program-points.ts';
import type { ProgramInstruction } from '../program/program.ts';
import { edgesOf } from './entry-values.ts';

export interface UnfinishedFlush {
  readonly instruction: number;
  /** What is missing on some way: `sync`, or behind it `serialization`. */
  readonly missing: 'sync' | 'serialization';
}

/** How far a flush has come: FLUSHED, or SYNCHRONIZED. */
type Progress = 0 | 1;
const FLUSHED: Progress = 0;
const SYNCHRONIZED: Progress = 1;

/** What the ways from a flush come to. */
interface Outcome {
  /** Some way synchronizes, or comes around to the flush again: it is no routine that flushes one line for its caller. */
  completes: boolean;
  missing: UnfinishedFlush['missing'] | null;
}

export function unfinishedFlushes(solution: Solution): UnfinishedFlush[] {
  const found = new Map<number, UnfinishedFlush>();
  for (const node of solution.graph.nodes) {
    node.code.forEach((instruction, position) => {
      const kind = flushOf(instruction);
      if (kind === null) return;
      const { completes, missing } = follow(solution, node, position + 1, kind);
      if (missing !== null && completes) found.set(instruction.index, { instruction: instruction.index, missing });
    });
  }
  return [...found.values()].sort((a, b) => a.instruction - b.instruction);
}

/** code: `fc.i`, for which there is no other use. line: `fc`, which may as well be for a device that reads memory. */
function flushOf({ effects, statement }: ProgramInstruction): 'code' | 'line' | null {
  if (statement.kind !== 'instruction' || !isOfClass(effects.form, 'flushes')) return null;
  return statement.mnemonic.endsWith('.i') ? 'code' : 'line';
}

function follow(solution: Solution, from: Node, position: number, kind: 'code' | 'line'): Outcome {
  const outcome: Outcome = { completes: false, missing: null };
  const seen = new Set<number>();
  const pending: { node: Node; position: number; progress: Progress }[] = [{ node: from, position, progress: FLUSHED }];
  for (let point = pending.pop(); point !== undefined; point = pending.pop()) {
    const progress = passNode(point.node, point.position, point.progress, kind, outcome);
    if (progress === null) continue;
    if (mayUse(point.node)) outcome.missing ??= missingAt(progress, kind);
    const { kind: end } = point.node.block.terminator;
    if (end === 'call') continue;
    for (const { to } of edgesOf(solution, point.node)) {
      // What callers do is theirs: one may call a routine that flushes a line for each line, and complete that itself.
      if (end === 'return' && to !== point.node.exit.next) continue;
      outcome.completes ||= kind === 'code' && to === from.id;
      if (seen.has(to * 2 + progress)) continue;
      seen.add(to * 2 + progress);
      pending.push({ node: solution.graph.nodes[to]!, position: 0, progress });
    }
  }
  return outcome;
}

function missingAt(progress: Progress, kind: 'code' | 'line'): UnfinishedFlush['missing'] | null {
  if (progress === FLUSHED) return 'sync';
  return kind === 'code' ? 'serialization' : null;
}

/** How far the flush has come at the end of a node; null when it is done there, or nothing is known. */
function passNode(
  { code }: Node,
  position: number,
  before: Progress,
  kind: 'code' | 'line',
  outcome: Outcome,
): Progress | null {
  let progress = before;
  for (const { effects } of code.slice(position)) {
    if (!effects.known) return null;
    if (isOfClass(effects.form, 'flush-synchronizations')) {
      progress = SYNCHRONIZED;
      outcome.completes = true;
    } else if ((serializedBy(effects) & INSTRUCTION) !== 0 && effects.branch === null) {
      if (progress === SYNCHRONIZED) return null;
      if (kind === 'line') continue;
      outcome.completes = true;
      outcome.missing ??= 'sync';
      return null;
    }
  }
  return progress;
}

/** Does the node end where the flushed code may be run: at a return, or a branch through a register? `rfi` serializes by itself. */
function mayUse({ block: { terminator }, exit }: Node): boolean {
  const { kind, through, symbol, target } = terminator;
  if (kind === 'return') return true;
  if (kind === 'indirect') return exit.unsure || exit.taken.length !== 1;
  return kind === 'call' && through !== null && symbol === null && target < 0;
}
