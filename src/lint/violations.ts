/** Dependency violations as rules report them: what PV009, PV010 and PV018 have in common. */
import { checkDependencies, type DependencyViolation } from '../analysis/dependencies.ts';
import { neverReturns } from '../analysis/flow.ts';
import type { Unit } from '../rewrite/units.ts';
import { placeOfInstruction } from './calls.ts';
import type { RuleContext } from './context.ts';
import type { Report } from './finding.ts';

interface Found {
  readonly unit: Unit;
  readonly violation: DependencyViolation;
}

const known = new WeakMap<RuleContext, readonly Found[]>();

/** What the manual forbids, in all units. What only the assembler objects to cannot happen. */
function violations(context: RuleContext): readonly Found[] {
  let found = known.get(context);
  if (found === undefined) {
    found = context.project.units.flatMap((unit) => {
      const { program, instructions } = unit.analysis;
      const options = {
        onlyReal: true,
        positions: true,
        neverReturns: (at: number) => neverReturns(program, context.conventions, at),
        lineOf: (at: number) => {
          const { file, start } = placeOfInstruction(instructions[at]!, context.vocabularies);
          return file.position(start).line;
        },
      };
      return checkDependencies(program, options).map((violation) => ({ unit, violation }));
    });
    known.set(context, found);
  }
  return found;
}

/** One report for each pair of places and each resource, at the later of the two instructions. */
export function* violationReports(
  context: RuleContext,
  picks: (violation: DependencyViolation, unit: Unit) => boolean,
): Iterable<Report> {
  const reports = new Map<string, { report: Report; units: Unit[] }>();
  for (const { unit, violation } of violations(context)) {
    if (!picks(violation, unit)) continue;
    const { instructions } = unit.analysis;
    const place = placeOfInstruction(instructions[violation.second]!, context.vocabularies);
    const other = placeOfInstruction(instructions[violation.first]!, context.vocabularies);
    const key = `${place.file.name}:${place.start} ${other.file.name}:${other.start} ${violation.kind} ${violation.resource}`;
    const before = reports.get(key);
    if (before !== undefined) {
      before.units.push(unit);
      continue;
    }
    const message = violation.kind === 'position' ? 'in the group of this' : 'depends on this';
    const related = violation.first === violation.second ? [] : [{ ...other, message }];
    reports.set(key, { report: { ...place, message: violation.message, related }, units: [unit] });
  }
  for (const { report, units } of reports.values()) yield { ...report, ...context.conditionOf(units) };
}

/** Is it the order of effects that is missing, not the end of an instruction group? */
export function isSerialization({ kind, semantics }: DependencyViolation): boolean {
  return kind === 'serialization' || semantics === 'data' || semantics === 'instr' || semantics === 'specific';
}
