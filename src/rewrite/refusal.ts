/** The message for a site without registers: how many it needs, which are free, what reads the others, what would help. */

import { BEHIND_THE_END, type Reason } from '../analysis/liveness/reasons.ts';
import { type FreeRegisters, PREDICATES } from '../analysis/liveness/scratch.ts';
import type { ProgramInstruction } from '../analysis/program/program.ts';
import type { RegisterRole } from '../machine/register.ts';
import { registersOf } from '../machine/register-table.ts';
import type { Unit } from '../project/units.ts';
import { shownPlace } from '../syntax/line-markers.ts';
import type { RefusedSite } from './assign.ts';
import { type CandidateTarget, leastNeed, type Need } from './choose.ts';
import { freeAt } from './free-at.ts';
import type { Refusal, Site } from './site.ts';

/** A refused site with its message: the obstacle, or the registers that are live there and the instructions that read them. */
export function refusal({ site, obstacle }: RefusedSite, candidates: readonly CandidateTarget[]): Refusal {
  const { file, start, end, operation } = site;
  return { file, start, end, operation, reason: obstacle ?? reasonInWords(site, candidates) };
}

const NO_SCRATCH: readonly RegisterRole[] = ['constant', 'special', 'stacked'];
/** Numbers of the general registers that may be scratch: all static ones but r0, gp, sp and tp. */
const SCRATCH = registersOf('gr').flatMap((each) =>
  each === undefined || NO_SCRATCH.includes(each.role) ? [] : [each.number],
);

/** Most conventions that a message names. */
const NAMED = 3;

function reasonInWords(site: Site, candidates: readonly CandidateTarget[]): string {
  if (site.instances.length === 0)
    return 'no file of this call expands its macro: nothing proves a register free; a source that does can be in the call';
  const points = pointsOf(site);
  const free = freeAt(site);
  const need = needOf(site, candidates);
  const found = SCRATCH.filter((number) => !free.gr.includes(number)).map((number) => unfree(points, 'gr', number));
  if (need !== null && need.predicates > free.pr.length)
    found.push(
      ...PREDICATES.filter((number) => !free.pr.includes(number)).map((number) => unfree(points, 'pr', number)),
    );
  const names = free.gr.map((number) => `r${number}`).join(', ');
  const isFree = `free are ${names || 'none'}${free.pr.length === 0 ? ', and no predicate' : ''}`;
  return `not enough registers are free: it needs ${inWords(need)}, ${isFree}; live are ${liveInWords(found)}${helpInWords(found)}`;
}

/** What the bodies would take if every register were free; null: not even then is one right. */
function needOf(site: Site, candidates: readonly CandidateTarget[]): Need | null {
  const touched = new Set(site.instances.flatMap(({ operands }) => operands));
  const others = SCRATCH.filter((number) => !touched.has(`r${number}`));
  return leastNeed(site, candidates, others);
}

function inWords(need: Need | null): string {
  if (need === null) return 'others';
  const predicates = need.predicates === 1 ? 'a predicate' : `${need.predicates} predicates`;
  if (need.general === 0 && need.predicates > 0) return predicates;
  return need.predicates === 0 ? `${need.general}` : `${need.general} and ${predicates}`;
}

/** Where a scratch register of a site must be free, and which are. */
interface Point {
  readonly unit: Unit;
  readonly instruction: number;
  readonly free: FreeRegisters;
}

function pointsOf({ instances }: Site): readonly Point[] {
  return instances.flatMap(({ unit, first, last }) =>
    [...new Set([first, last])].map((instruction) => ({ unit, instruction, free: unit.analysis.freeAt(instruction) })),
  );
}

interface Unfree {
  readonly class: 'gr' | 'pr';
  readonly number: number;
  readonly reason: Reason;
}

/** Why a register is not free at a site: the reason at the first point at which it is not. */
function unfree(points: readonly Point[], kind: Unfree['class'], number: number): Unfree {
  const { unit, instruction } = points.find(({ free }) => !free[kind].includes(number))!;
  return { class: kind, number, reason: unit.analysis.explain(instruction, `${LETTER[kind]}${number}`) };
}

const LETTER = { gr: 'r', pr: 'p' } as const;

/** `r2 (read at ivt.S:1641), r4-r7 (read at ivt.S:1647)`: registers that are not free, grouped by reader. */
function liveInWords(found: readonly Unfree[]): string {
  const groups: { letter: string; from: number; to: number; reader: string }[] = [];
  for (const { class: kind, number, reason } of found) {
    if (reason.verdict === 'reserved') continue;
    const reader = readerPlace(reason);
    const letter = LETTER[kind];
    const last = groups.at(-1);
    if (last?.to === number - 1 && last.letter === letter && last.reader === reader) last.to = number;
    else groups.push({ letter, from: number, to: number, reader });
  }
  return groups
    .map(({ letter, from, to, reader }) => `${letter}${from}${to > from ? `-${letter}${to}` : ''} (${reader})`)
    .join(', ');
}

/** The conventions that keep registers live, those of the most registers first: a person may know that one does not apply. */
function helpInWords(found: readonly Unfree[]): string {
  const counts = new Map<string, number>();
  for (const { reason } of found) {
    const convention = reason.external?.convention ?? null;
    if (convention !== null) counts.set(convention, (counts.get(convention) ?? 0) + 1);
  }
  const conventions = [...counts].sort(([, a], [, b]) => b - a).map(([convention]) => convention);
  if (conventions.length === 0) return otherHelp(found);
  return `; ${conventions.slice(0, NAMED).join(' or ')} in the conventions can say that they are not read there`;
}

/** What would free registers that no convention speaks of. */
function otherHelp(found: readonly Unfree[]): string {
  if (found.some(({ reason }) => reason.external?.reader === BEHIND_THE_END))
    return '; a branch at the end of the code can say where control goes on';
  const readers = found.flatMap(({ reason }) => (reason.verdict === 'live' ? reason.instructions.slice(0, 1) : []));
  const unknown = readers.find(({ effects }) => !effects.known);
  if (unknown !== undefined) return `; ${knownBy(unknown)}`;
  if (readers.some(({ effects }) => effects.branch === null)) return '';
  const isPresumed = found.some(({ reason }) => reason.verdict === 'presumed');
  return isPresumed
    ? '; no convention frees a value that nobody reads: the source can overwrite it, or not compute it'
    : '';
}

function knownBy({ statement }: ProgramInstruction): string {
  const header = 'a header of -I or -include that defines it';
  if (statement.kind === 'macroCall') return `${statement.name} is not known: ${header}, or -D, can say what it reads`;
  return `'${statement.mnemonic}' or an operand of it is not known: ${header} can say what it reads`;
}

function readerPlace({ verdict, external, instructions: [reader] }: Reason): string {
  if (reader === undefined) return verdict;
  const how =
    verdict === 'touched' ? 'an operand at' : external == null ? 'read at' : `read by ${external.reader}, behind`;
  const { name, line } = shownPlace(reader.file, reader.start);
  return `${verdict === 'presumed' ? 'written, and perhaps read by somebody unseen, at' : how} ${name.replace(/^.*\//, '')}:${line}`;
}
