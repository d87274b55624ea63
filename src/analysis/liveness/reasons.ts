/** Why a register is free, or not, behind an instruction: the answer in words. Requires: the solution. */

import { idleCopy } from '../../machine/copies.ts';
import { registerName, registerOf } from '../../machine/register-numbers.ts';
import { SWITCHES } from '../flow/exits.ts';
import { EXTERNAL } from '../flow/flow.ts';
import type { Node } from '../flow/graph.ts';
import type { ProgramInstruction } from '../program/program.ts';
import { place, spell } from '../program/spelling.ts';
import { conventionAbout } from './convention-names.ts';
import { HIDDEN, successors } from './liveness.ts';
import {
  liveAfter,
  type ProgramPoint,
  pointsOf,
  presumedAfter,
  registersMeant,
  type Solution,
} from './program-points.ts';
import { ALWAYS, surelyWritten } from './transfer-functions.ts';
import { whyUnwound } from './unwinder.ts';

export type Verdict = 'dead' | 'live' | 'presumed' | 'hidden' | 'touched' | 'reserved';

export interface Reason {
  readonly verdict: Verdict;
  /** One sentence, with places. */
  readonly text: string;
  /** Instructions it speaks of: readers, writers; also of other runs of the source. */
  readonly instructions: readonly ProgramInstruction[];
  /** Of a dead register: the instruction that read it last, and those that write it next. */
  readonly lastRead?: ProgramInstruction | null;
  readonly nextWrites?: readonly ProgramInstruction[];
  /**
   * Of a live register that only code outside the program reads: whose code that is, and which convention could say that it
   * does not.
   */
  readonly external?: { readonly reader: string; readonly convention: string | null } | null;
}

/** r0, f0, f1 and p0 are constants; r1, r12 and r13 belong to the software conventions. */
const RESERVED: Readonly<Record<string, string>> = {
  r0: 'it is the constant 0',
  p0: 'it is the constant 1',
  f0: 'it is the constant 0.0',
  f1: 'it is the constant 1.0',
  r1: 'it is gp, the global pointer',
  r12: 'it is sp, the stack pointer',
  r13: 'it is tp, the thread pointer',
};

/** How many next writes a reason lists. */
const LISTED = 3;

/**
 * How many nodes a search visits. Where routines call each other in a ring, every instruction is before and behind every
 * other, and a place so far away tells a person nothing.
 */
const SEARCHED = 250;

/** Why `register` (as bank 1 names it) may or may not be scratch at the instruction. */
export function explain(solution: Solution, instruction: number, register: number): Reason {
  const name = registerName(register);
  const reserved = RESERVED[name];
  if (reserved !== undefined)
    return { verdict: 'reserved', text: `${name} cannot be scratch: ${reserved}`, instructions: [] };
  const unwound = whyUnwound(solution, instruction, register);
  if (unwound !== null) return { verdict: 'live', text: unwound, instructions: [] };
  const reasons = pointsOf(solution, instruction).flatMap((point) =>
    registersMeant(point, register).map((meant) => explainPoint(solution, point, meant)),
  );
  return reasons.find((reason) => reason.verdict !== 'dead') ?? reasons[0]!;
}

function explainPoint(solution: Solution, point: ProgramPoint, register: number): Reason {
  const name = registerName(register);
  const here = point.node.code[point.position]!;
  const byte = liveAfter(solution, point)[register]!;
  const visible = byte & 0x7f;
  if (visible !== 0) {
    const reader = findReader(solution, point, register);
    const condition = visible === ALWAYS ? '' : ` where p${visible} is true`;
    const { instructions, external, text } = reader;
    return { verdict: 'live', text: `${name} is live${condition}: ${text}`, instructions, external };
  }
  if ((byte & HIDDEN) !== 0) {
    const access = findNesting(solution, point);
    const where = access === null ? '' : ` by ${spell(access)}`;
    return {
      verdict: 'hidden',
      text: `${name} is live: the nested-miss handler reads it if the memory access${where} faults`,
      instructions: access === null ? [] : [access],
      external: { reader: 'the nested-miss handler', convention: '[nested_miss] reads = [...]' },
    };
  }
  if (presumedAfter(solution, point)[register] === 1) {
    const writer = findUnreadWriter(solution, point, register);
    const where = writer === null ? '' : ` at ${place(writer)}`;
    return {
      verdict: 'presumed',
      text: `${name} is presumed live: it was written${where} and never visibly read, so somebody unseen may read it`,
      instructions: writer === null ? [] : [writer],
    };
  }
  if (touches(here, point.node, register))
    return { verdict: 'touched', text: `${name} is an operand of the instruction itself`, instructions: [here] };
  return whyDead(solution, point, register);
}

function whyDead(solution: Solution, point: ProgramPoint, register: number): Reason {
  const name = registerName(register);
  let found: { readonly last: Before; readonly next: NextWrites } | undefined;
  // A macro may bring a site to a thousand places: the reason is put into words for one, of the others only whether the
  // register is dead there is asked.
  const around = () => {
    found ??= { last: findLastRead(solution, point, register), next: findNextWrites(solution, point, register) };
    return found;
  };
  return {
    verdict: 'dead',
    get text() {
      const { last, next } = around();
      return `${name} is dead: ${readText(last)}; ${writtenText(next)}`;
    },
    get instructions() {
      const { last, next } = around();
      return [...(last.found === null ? [] : [last.found]), ...next.writers.slice(0, LISTED)];
    },
    get lastRead() {
      return around().last.found;
    },
    get nextWrites() {
      return around().next.writers;
    },
  };
}

function readText({ found, complete }: Before): string {
  if (found !== null) return `last read at ${place(found)}`;
  return complete ? 'never read before' : `not read in the ${SEARCHED} blocks before it`;
}

function writtenText({ writers, complete }: NextWrites): string {
  if (writers.length === 0) return 'not needed on any path that follows';
  const listed = writers.slice(0, LISTED).map((writer) => place(writer));
  const more = writers.length - listed.length;
  if (!complete) listed.push('and further away');
  else if (more > 0) return `next written at ${listed.join(', ')} and ${more} more`;
  return `next written at ${listed.join(', ')}`;
}

function touches(instruction: ProgramInstruction, node: Node, register: number): boolean {
  return isAmong(instruction.effects.reads, node, register) || writes(instruction, node, register);
}

function writes({ effects }: ProgramInstruction, node: Node, register: number): boolean {
  return isAmong(effects.writes, node, register);
}

function isAmong(resources: readonly number[], { bank }: Node, register: number): boolean {
  const registers = registerOf[bank];
  for (let at = 0; at < resources.length; at++) if (registers[resources[at]!] === register) return true;
  return false;
}

/** Does the instruction surely overwrite the register? */
function kills({ effects }: ProgramInstruction, node: Node, register: number): boolean {
  return isAmong(surelyWritten(effects), node, register);
}

interface FoundReader {
  readonly text: string;
  readonly instructions: readonly ProgramInstruction[];
  readonly external: NonNullable<Reason['external']> | null;
}

/** The first reader on some path from the point, nearest first. */
function findReader(solution: Solution, point: ProgramPoint, register: number): FoundReader {
  let found: FoundReader | null = null;
  search(solution, point, (node, position) => {
    if (position === node.code.length) {
      const reader = externalReader(node, register);
      if (reader !== null)
        found = {
          text: `read by ${reader}, behind ${spell(node.code.at(-1)!)}`,
          instructions: [node.code.at(-1)!],
          external: {
            reader,
            convention:
              reader === BEHIND_THE_END || reader === SWITCHES
                ? null
                : conventionAbout(solution.program, node.block.terminator, node.code.at(-1)!),
          },
        };
      return reader !== null
        ? 'found'
        : node.exit.clobbers.includes(register) && node.exit.predicate === 0
          ? 'stop'
          : 'on';
    }
    const instruction = node.code[position]!;
    if (
      !instruction.effects.known ||
      (isAmong(instruction.effects.reads, node, register) && !isIdle(solution, { node, position }, register))
    ) {
      found = { text: `read by ${spell(instruction)}`, instructions: [instruction], external: null };
      return 'found';
    }
    return kills(instruction, node, register) ? 'stop' : 'on';
  });
  return found ?? { text: 'read on some path', instructions: [], external: null };
}

/** Whether the instruction reads the register only for a copy that is never read. */
function isIdle(solution: Solution, point: ProgramPoint, register: number): boolean {
  const { node, position } = point;
  const copy = idleCopy(node.code[position]!.effects, registerOf[node.bank]);
  return copy !== null && copy.from === register && liveAfter(solution, point)[copy.to] === 0;
}

function externalReader(node: Node, register: number): string | null {
  const { reads, why, next, predicate, returns, clobbers } = node.exit;
  if (reads === null || reads.includes(register)) return why === '' ? 'what follows' : why;
  const runsOn = next === EXTERNAL && (predicate !== 0 || (returns && !clobbers.includes(register)));
  return runsOn ? BEHIND_THE_END : null;
}

/** Reads everything, whatever a convention says: control goes on where no instruction of the section is any more. */
export const BEHIND_THE_END = 'code behind the end of the section';

function findNesting(solution: Solution, point: ProgramPoint): ProgramInstruction | null {
  let found: ProgramInstruction | null = null;
  search(solution, point, (node, position) => {
    if (position === node.code.length || node.nests[position] === 0) return 'on';
    found = node.code[position]!;
    return 'found';
  });
  return found;
}

/** What a search found; `complete`: it looked everywhere. */
interface NextWrites {
  readonly writers: readonly ProgramInstruction[];
  readonly complete: boolean;
}

interface Before {
  readonly found: ProgramInstruction | null;
  readonly complete: boolean;
}

/** The instructions that overwrite the register next, on the paths from the point. */
function findNextWrites(solution: Solution, point: ProgramPoint, register: number): NextWrites {
  const writers: ProgramInstruction[] = [];
  const complete = search(solution, point, (node, position) => {
    if (position === node.code.length) {
      if (!node.exit.clobbers.includes(register)) return 'on';
      writers.push(node.code.at(-1)!);
      return 'stop';
    }
    const instruction = node.code[position]!;
    if (!writes(instruction, node, register)) return 'on';
    writers.push(instruction);
    return kills(instruction, node, register) || isPredicated(instruction) ? 'stop' : 'on';
  });
  // Each run of the source has its own copy of what several have.
  const byPlace = new Map(writers.map((writer) => [place(writer), writer]));
  return { writers: [...byPlace.values()].sort((a, b) => a.index - b.index), complete };
}

function isPredicated({ effects }: ProgramInstruction): boolean {
  return effects.predicate !== 0;
}

/**
 * Breadth-first search over the instructions after a point; position `length` means leaving the node. False when it gave up.
 */
function search(
  solution: Solution,
  point: ProgramPoint,
  visit: (node: Node, position: number) => 'on' | 'stop' | 'found',
): boolean {
  const seen = new Set<number>();
  const pending: ProgramPoint[] = [{ node: point.node, position: point.position + 1 }];
  for (let at = 0; at < pending.length && at < SEARCHED; at++) {
    const { node, position } = pending[at]!;
    let going = true;
    for (let next = position; going && next <= node.code.length; next++) {
      const verdict = visit(node, next);
      if (verdict === 'found') return true;
      going = verdict === 'on';
    }
    if (!going) continue;
    for (const successor of successors(node)) {
      if (seen.has(successor) || pending.length > SEARCHED) continue;
      seen.add(successor);
      pending.push({ node: solution.lifted.nodes[successor]!, position: 0 });
    }
  }
  return pending.length <= SEARCHED;
}

/** The nearest instruction in front of the point, itself included, that reads the register, before any that writes it. */
function findLastRead(solution: Solution, point: ProgramPoint, register: number): Before {
  return searchBack(solution, point, (node, position) => {
    const instruction = node.code[position]!;
    if (isAmong(instruction.effects.reads, node, register)) return 'found';
    return kills(instruction, node, register) ? 'stop' : 'on';
  });
}

function findUnreadWriter(solution: Solution, point: ProgramPoint, register: number): ProgramInstruction | null {
  const { found } = searchBack(solution, point, (node, position) => {
    const unread = solution.lifted.presumed.unread[node.id]!;
    if (unread.some((result) => result.position === position && result.register === register)) return 'found';
    return kills(node.code[position]!, node, register) ? 'stop' : 'on';
  });
  return found;
}

function searchBack(
  solution: Solution,
  point: ProgramPoint,
  visit: (node: Node, position: number) => 'on' | 'stop' | 'found',
): Before {
  const seen = new Set<number>();
  const pending: ProgramPoint[] = [point];
  for (let at = 0; at < pending.length && at < SEARCHED; at++) {
    const { node, position } = pending[at]!;
    let verdict: 'on' | 'stop' | 'found' = 'on';
    for (let back = position; verdict === 'on' && back >= 0; back--) {
      verdict = visit(node, back);
      if (verdict === 'found') return { found: node.code[back]!, complete: true };
    }
    if (verdict !== 'on') continue;
    for (const predecessor of solution.lifted.predecessors()[node.id]!) {
      if (seen.has(predecessor) || pending.length > SEARCHED) continue;
      seen.add(predecessor);
      const before = solution.lifted.nodes[predecessor]!;
      pending.push({ node: before, position: before.code.length - 1 });
    }
  }
  return { found: null, complete: pending.length <= SEARCHED };
}
