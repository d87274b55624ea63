/** The message for a site without registers: how many it needs, which are free, what reads the others, what would help. */

import type { Reason } from '../analysis/liveness/reasons.ts';
import type { ProgramInstruction } from '../analysis/program/program.ts';
import type { RegisterRole } from '../machine/register.ts';
import { registersOf } from '../machine/register-table.ts';
import { shownPlace } from '../syntax/line-markers.ts';
import { freeAt, type RefusedSite } from './assign.ts';
import { type CandidateTarget, leastNeed } from './choose.ts';
import type { Instance, Refusal, Site } from './site.ts';

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
  const instance = site.instances[0];
  if (instance === undefined) return 'no file of this call expands its macro: nothing proves a register free';
  const free = freeAt(site);
  const found = SCRATCH.filter((number) => !free.gr.includes(number)).map((number) => ({
    number,
    reason: unfreeReason(site, instance, number),
  }));
  const names = free.gr.map((number) => `r${number}`).join(', ');
  const isFree = `free are ${names || 'none'}${free.pr.length === 0 ? ', and no predicate' : ''}`;
  return `not enough registers are free: it needs ${neededInWords(site, candidates)}, ${isFree}; live are ${liveInWords(found)}${helpInWords(found)}`;
}

function neededInWords(site: Site, candidates: readonly CandidateTarget[]): string {
  const touched = new Set(site.instances.flatMap(({ operands }) => operands));
  const need = leastNeed(
    site,
    candidates,
    SCRATCH.filter((number) => !touched.has(`r${number}`)),
  );
  if (need === null) return 'others';
  const predicates = need.predicates === 1 ? 'a predicate' : `${need.predicates} predicates`;
  if (need.general === 0 && need.predicates > 0) return predicates;
  return need.predicates === 0 ? `${need.general}` : `${need.general} and ${predicates}`;
}

interface Unfree {
  readonly number: number;
  readonly reason: Reason;
}

/** Why a register is not free at a site: the reason at the first instance at which it is not. */
function unfreeReason(site: Site, instance: Instance, number: number): Reason {
  for (const { unit, first } of site.instances.slice(0, PLACES)) {
    const reason = unit.analysis.explain(first, `r${number}`);
    if (reason.verdict !== 'dead') return reason;
  }
  return instance.unit.analysis.explain(instance.first, `r${number}`);
}

/** Most instances of a site that reasons are computed for. */
const PLACES = 50;

/** `r2 (read at ivt.S:1641), r4-r7 (read at ivt.S:1647)`: general registers that are not free, grouped by reader. */
function liveInWords(found: readonly Unfree[]): string {
  const groups: { from: number; to: number; reader: string }[] = [];
  for (const { number, reason } of found) {
    if (reason.verdict === 'reserved') continue;
    const reader = readerPlace(reason);
    const last = groups.at(-1);
    if (last !== undefined && last.to === number - 1 && last.reader === reader) last.to = number;
    else groups.push({ from: number, to: number, reader });
  }
  return groups.map(({ from, to, reader }) => `r${from}${to > from ? `-r${to}` : ''} (${reader})`).join(', ');
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
  return `; ${conventions.slice(0, NAMED).join(' or ')} in the conventions can say what is read there`;
}

/** What would free registers that no convention speaks of. */
function otherHelp(found: readonly Unfree[]): string {
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
  const how = external == null ? 'read at' : `read by ${external.reader}, behind`;
  const { name, line } = shownPlace(reader.file, reader.start);
  return `${verdict === 'presumed' ? 'written, and perhaps read by somebody unseen, at' : how} ${name.replace(/^.*\//, '')}:${line}`;
}
