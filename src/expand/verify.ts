/**
 * Checks of the result of `build`: macro calls that the source spells must be readable and must not destroy live registers, every
 * vector must fit its slot, and every hypercall must be in the slot that it demands.
 */
import { resourceName } from '../machine/resources.ts';
import { nativeMacrosName, ownInvocation } from '../project/native.ts';
import type { Project } from '../project/project.ts';
import { asGiven } from '../project/units.ts';
import type { Sites } from '../rewrite/site.ts';
import { scratchNames } from '../rewrite/spell.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { assemblerModes, unassembled } from './assembler-modes.ts';
import { capturedMnemonics, capturedWords } from './captured.ts';
import { slotOfItem } from './demanded-slots.ts';
import type { Expansion } from './expansion.ts';
import type { Hypercalls } from './hypercalls.ts';
import { laidListing, misplacedHypercalls } from './laid-listing.ts';
import type { Plan } from './plan.ts';
import type { PlannedSite } from './planned-site.ts';
import { writtenBy } from './problems.ts';
import { callsOutOfReach, largeUnits } from './reach.ts';
import { filledSlots } from './slots.ts';
import { unlikeImmediates } from './unlike-immediates.ts';

/** Errors for calls of our macros that are no site because an argument is wrong: no listing can be made of them. */
export function unreadableMacros(project: Project, { sites, refusals }: Sites): Diagnostic[] {
  const reasons = new Map(refusals.map(({ file, start, reason }) => [`${file.name}:${start}`, reason]));
  const read = new Set<string>();
  for (const { instances } of sites)
    for (const { unit, first, last } of instances) for (let at = first; at <= last; at++) read.add(`${unit.id}:${at}`);
  const found = new Map<string, Diagnostic>();
  for (const unit of project.units) {
    for (const { index, file, use } of unit.analysis.instructions) {
      if (file.name !== nativeMacrosName || read.has(`${unit.id}:${index}`)) continue;
      const call = ownInvocation(use, file);
      if (call === null) continue;
      const counter = unit.countedBy(index);
      const { file: source, start, end } = call;
      const reason =
        reasons.get(`${source.name}:${start}`) ??
        'one of its arguments is not the register or the number that must stand there';
      const message =
        counter === null
          ? `${call.name} cannot be read: ${reason}`
          : `${call.name} stands where ${counter} counts the bytes of the code, and a body would change them`;
      found.set(`${source.name}:${start}`, { severity: 'error', message, file: source, start, end });
    }
  }
  return [...found.values()];
}

/** The errors of listings that are caused by the source. */
export function listingErrors(project: Project, plans: readonly Plan[]): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  const large = largeUnits(project);
  const modes = assemblerModes(project);
  for (const plan of plans) {
    const errors = [
      ...plan.planned.flatMap((planned) => liveScratch(planned, plan)),
      ...overflows(project, plan),
      ...outOfSlot(project, plan),
      ...callsOutOfReach(large, plan),
      ...capturedWords([plan]),
      ...capturedMnemonics(plan),
      ...unassembled(modes, plan),
      ...unlikeImmediates(plan),
    ];
    for (const error of errors) {
      const key = `${error.file.name}:${error.start} ${error.message}`;
      if (!found.has(key)) found.set(key, error);
    }
  }
  return [...found.values()];
}

/** Errors for scratch registers that a macro call of the source names, its expansion changes, and later code reads. */
function liveScratch({ site, scratch, expansion }: PlannedSite, { choice }: Plan): Diagnostic[] {
  if (site.spelling !== 'macro') return [];
  const changed = new Set(expansion.clobbers.map(resourceName));
  const names = scratchNames(scratch).filter((name) => changed.has(name));
  return names.flatMap((name): Diagnostic[] => {
    for (const { unit, last, operands, predicates } of site.instances) {
      // What the instruction itself gives it is read by whoever reads its result.
      if (writtenBy(site.operation, { operands, predicates, scratch: [] }).has(name)) continue;
      const reason = unit.analysis.explain(last, name);
      if (reason.verdict === 'dead' || reason.verdict === 'touched') continue;
      const message = `${site.operation.macro} changes ${name} for ${choice.label}, which is not free: ${reason.text}`;
      return [{ severity: 'error', message, file: site.file, start: site.start, end: site.end }];
    }
    return [];
  });
}

/** Errors for vectors that do not fit their slots, in the configuration as given. */
function overflows({ units }: Project, plan: Plan): Diagnostic[] {
  return units.flatMap((unit) => {
    if (unit.configuration !== asGiven || unit.analysis.program.origins.length === 0) return [];
    const { choice, planned, moved } = plan;
    const slots = filledSlots(unit, laidListing(unit, planned, moved), choice.label);
    return slots.flatMap(({ place, opening, name, used, capacity, target }): Diagnostic[] => {
      if (used <= capacity) return [];
      const stuck = plan.stuck.find((slot) => slot.unit === unit && slot.opening === opening);
      const much = `it takes ${used} bundles of ${capacity}, ${used - capacity} too many`;
      const message = `${name} does not fit its slot for ${target}: ${much}${stuck === undefined ? '' : `; ${stuck.advice}`}`;
      return [{ severity: 'error', message, ...place }];
    });
  });
}

/** Errors for hypercalls that are not in the slot that they demand, by the layout of the listing. */
function outOfSlot(project: Project, { choice, planned, moved }: Plan): Diagnostic[] {
  const { hypercalls } = choice.target;
  const units = new Set(
    planned.flatMap(({ site, expansion }) =>
      demandsSlot(expansion, hypercalls) ? site.instances.map(({ unit }) => unit.id) : [],
    ),
  );
  return project.units.flatMap((unit) => {
    if (!units.has(unit.id)) return [];
    const { tokens } = unit.analysis.program;
    return misplacedHypercalls(laidListing(unit, planned, moved), hypercalls).map(
      ({ name, slot, demanded, origin }) => {
        const { file, start } = tokens[origin.first]!;
        const last = tokens[origin.last]!;
        const message = `${name} stands in slot ${slot} of its bundle for ${choice.label}; it works from slot ${demanded} only`;
        return { severity: 'error', message, file, start, end: last.file === file ? last.end : start };
      },
    );
  });
}

function demandsSlot({ items, routine }: Expansion, hypercalls: Hypercalls): boolean {
  return [...items, ...(routine?.items ?? [])].some((item) => slotOfItem(item, hypercalls) !== null);
}
