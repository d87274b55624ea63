/** Changes scratch registers so that more sites can share a routine: sites that could be calls take those of most others. */

import { type FreeRegisters, intersect } from '../analysis/liveness/scratch.ts';
import { numberOfName } from '../machine/register-classes.ts';
import { branchNames, type CandidateTarget, pricer } from './choose.ts';
import { horizon, nearness } from './nearness.ts';
import type { Scratch, Site } from './site.ts';

/** A site with its scratch registers, and all registers that are free there. */
export interface Choice {
  readonly site: Site;
  readonly scratch: Scratch;
  readonly free: FreeRegisters;
}

/** The same choices, with registers changed so that fewer routines are needed. */
export function shareRoutines(
  chosen: readonly Choice[],
  candidates: readonly CandidateTarget[],
): { site: Site; scratch: Scratch }[] {
  return shareBranchRegisters(shareScratch(chosen, candidates));
}

/** Most register lists of other sites that each site is tried with. */
const MOST_LISTS = 8;

/**
 * Sites of one operation with the same operands can share a routine if they have the same scratch registers. Each takes the list
 * that most of them could have, if it is free there and as cheap as its own. This happens whether or not calls are asked for, so
 * that the registers do not depend on which listings are built.
 */
function shareScratch(chosen: readonly Choice[], candidates: readonly CandidateTarget[]): readonly Choice[] {
  const shared = new Map<Choice, Scratch>();
  const open = chosen.filter(
    ({ site, scratch, free }) =>
      site.scratch === null &&
      scratch.through === undefined &&
      free.br.length > 0 &&
      scratch.general.length + scratch.predicates.length > 0 &&
      candidates.some((candidate) => candidate.couldCall(site, scratch)),
  );
  for (const group of grouped(open, ({ site, free }) => `${operationKey(site)} ${free.pfs}`)) {
    const lists = grouped(group, ({ scratch }) => registersOf(scratch));
    if (lists.length < 2) continue;
    lists.sort((a, b) => b.length - a.length);
    const takers = lists.slice(0, MOST_LISTS).map(([first]) => {
      const { scratch } = first!;
      return { scratch, by: new Set(group.filter((choice) => couldTake(choice, scratch, candidates))) };
    });
    takers.sort((a, b) => b.by.size - a.by.size);
    for (const choice of group) {
      const taken = takers.find(({ by }) => by.has(choice));
      if (taken === undefined) continue;
      const { general, predicates } = taken.scratch;
      shared.set(choice, { ...choice.scratch, general, predicates });
    }
  }
  return chosen.map((choice) => ({ ...choice, scratch: shared.get(choice) ?? choice.scratch }));
}

function grouped(chosen: readonly Choice[], keyOf: (choice: Choice) => string): Choice[][] {
  const groups = new Map<string, Choice[]>();
  for (const choice of chosen) {
    const key = keyOf(choice);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [choice]);
    else group.push(choice);
  }
  return [...groups.values()];
}

/** Whether the registers may be changed: the tool has chosen them, and the site could be a call. */
function isOpen({ site, scratch }: Choice): boolean {
  return site.scratch === null && scratch.branch !== null;
}

function registersOf({ general, predicates }: Scratch): string {
  return [...general, ...predicates].join();
}

function couldTake({ site, scratch, free }: Choice, other: Scratch, candidates: readonly CandidateTarget[]): boolean {
  if (registersOf(other) === registersOf(scratch)) return true;
  const numbers = other.general.map(numberOfName);
  const distance = nearness(site);
  const isFree =
    numbers.every((number) => free.gr.includes(number) && distance(number) <= horizon) &&
    other.predicates.every((name) => free.pr.includes(numberOfName(name)));
  if (!isFree) return false;
  const price = pricer(site, candidates);
  return price(other) <= price(scratch) && candidates.every((candidate) => candidate.obstacle(site, other) === null);
}

/**
 * Sites that differ only in the branch register can share a routine: they take one that is free at all of them, if there is one.
 */
function shareBranchRegisters(chosen: readonly Choice[]): { site: Site; scratch: Scratch }[] {
  const alike = new Map<string, FreeRegisters[]>();
  for (const group of grouped(chosen.filter(isOpen), routineKey))
    alike.set(
      routineKey(group[0]!),
      group.map(({ free }) => free),
    );
  const shared = new Map([...alike].map(([key, free]) => [key, branchNames(intersect(free).br)]));
  return chosen.map((choice) => {
    const { site, scratch } = choice;
    const [branch = scratch.branch, through] = (isOpen(choice) ? shared.get(routineKey(choice)) : null) ?? [];
    if (scratch.through === undefined) return { site, scratch: { ...scratch, branch } };
    return { site, scratch: through === undefined ? scratch : { ...scratch, branch, through } };
  });
}

function routineKey({ site, scratch }: Choice): string {
  return [operationKey(site), registersOf(scratch), scratch.pfs === true, scratch.through !== undefined].join();
}

function operationKey({ operation, instances, operands }: Site): string {
  return [operation.name, ...(instances[0]?.operands ?? operands)].join();
}
