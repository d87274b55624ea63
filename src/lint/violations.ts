/** Dependency violations as rules report them: what PV009, PV010 and PV018 have in common. */

import { neverReturns } from '../analysis/flow/flow.ts';
import { layOut, type Program, type ProgramInstruction } from '../analysis/program/program.ts';
import { cureOf, serializationFor, shortPlace } from '../dependencies/messages.ts';
import { checkDependencies, type DependencyOptions, type DependencyViolation } from '../dependencies/violations.ts';
import { expanded, type ListingCode, routineCode } from '../expand/code.ts';
import type { Plan } from '../expand/plan.ts';
import type { Unit } from '../project/units.ts';
import { placeOfInstruction, vocabularyUse } from './calls.ts';
import type { RuleContext } from './context.ts';
import type { DraftFinding, Fix } from './finding.ts';
import { plansFor } from './listings.ts';
import { serializedAt, stopAt } from './stop-fix.ts';
import { reportsByCure, type ViolationPair } from './violation-groups.ts';

interface Found {
  readonly unit: Unit;
  /** Whether it is in the source itself, not in a target's expansion. */
  readonly inSource: boolean;
  /** Its instructions are those of the unit: a macro's for what its expansion holds. */
  readonly violation: DependencyViolation;
}

const known = new WeakMap<RuleContext, readonly Found[]>();

/**
 * What the manual forbids, in all units and in the listings that targets make of them. What only the assembler objects
 * to cannot happen.
 */
function violations(context: RuleContext): readonly Found[] {
  let found = known.get(context);
  if (found === undefined) {
    const plans = plansFor(context);
    found = context.project.units.flatMap((unit) => [
      ...inSource(context, unit),
      ...plans.flatMap((plan) => [...inListing(context, unit, plan), ...inRoutines(context, unit, plan)]),
    ]);
    known.set(context, found);
  }
  return found;
}

function inSource(context: RuleContext, unit: Unit): readonly Found[] {
  const { program } = unit.analysis;
  const same = (at: number): number => at;
  return checkDependencies(program, optionsFor(context, unit, program, same)).map((violation) => ({
    unit,
    inSource: true,
    violation,
  }));
}

/** The violations that involve an expansion; all others are the source's own. */
function inListing(context: RuleContext, unit: Unit, plan: Plan): readonly Found[] {
  const { analysis } = unit;
  const code = expanded(unit, plan.planned);
  if (code.made.size === 0) return [];
  const program = programOf(code, unit);
  const sourceOf = (at: number): number =>
    analysis.instructionOf(code.origin[program.instructions[at]!.statementIndex]!);
  const isMade = (at: number): boolean => code.made.has(program.instructions[at]!.statement);
  return checkDependencies(program, optionsFor(context, unit, program, sourceOf)).flatMap((violation) => {
    if (!isMade(violation.first) && !isMade(violation.second)) return [];
    const [first, second] = [sourceOf(violation.first), sourceOf(violation.second)];
    const message = `in the listing for ${plan.choice.label} ${violation.message}`;
    return [{ unit, inSource: false, violation: { ...violation, first, second, message } }];
  });
}

/** Those inside the routines that calls in the unit go to, told at the first call of each. */
function inRoutines(context: RuleContext, unit: Unit, plan: Plan): readonly Found[] {
  const seen = new Set<string>();
  return plan.planned.flatMap(({ site, expansion: { routine } }) => {
    const call = site.instances.find((instance) => instance.unit === unit)?.first;
    if (routine === null || call === undefined || seen.has(routine.label)) return [];
    seen.add(routine.label);
    const program = programOf(routineCode([routine], unit.analysis.program.statements[0]!), unit);
    const found = checkDependencies(
      program,
      optionsFor(context, unit, program, () => call),
    );
    // No routine has explicit bundles: where only the position is wrong, the assembler puts in the stop.
    return found.flatMap((violation) => {
      if (violation.kind === 'position' && violation.first !== violation.second) return [];
      const message = `in the shared routine for ${plan.choice.label} ${violation.message}`;
      return [{ unit, inSource: false, violation: { ...violation, first: call, second: call, message } }];
    });
  });
}

/** Code that no file spells, laid out; what its instructions do is known already. */
function programOf({ statements, effects }: Pick<ListingCode, 'statements' | 'effects'>, { analysis }: Unit): Program {
  const known = new Map(statements.map((statement, at) => [statement, effects[at]!]));
  return layOut(statements, analysis.program.tokens, { decode: (instruction) => known.get(instruction)! });
}

/** @param sourceOf from an instruction of the program to one of the unit */
function optionsFor(
  { conventions, vocabularies }: RuleContext,
  { analysis: { instructions } }: Unit,
  program: Program,
  sourceOf: (at: number) => number,
): DependencyOptions {
  return {
    onlyReal: true,
    positions: true,
    neverReturns: (at) => neverReturns(program, conventions, at),
    placeOf: (at) => shortPlace(placeOfInstruction(instructions[sourceOf(at)]!, vocabularies)),
  };
}

/**
 * One report for each stop or serialization that is missing, at the first instruction that needs it; what else it would
 * part follows as related places.
 */
export function* violationReports(
  context: RuleContext,
  picks: (violation: DependencyViolation, unit: Unit) => boolean,
): Iterable<DraftFinding> {
  const found = violations(context).filter(({ unit, violation }) => picks(violation, unit));
  const pairs = found.map(({ unit, inSource, violation }): ViolationPair => {
    const { first, second, kind, message } = violation;
    const { instructions } = unit.analysis;
    const placeOf = (at: number) => placeOfInstruction(instructions[at]!, context.vocabularies);
    return {
      unit,
      message,
      cure: `${inSource} ${kind === 'position' ? `position ${first === second}` : cureOf(violation)}`,
      parts: kind !== 'position',
      earlier: placeOf(first),
      later: placeOf(second),
      fix:
        inSource && kind !== 'position'
          ? fixBetween(context, instructions[first]!, instructions[second]!, serializationFor(violation))
          : {},
    };
  });
  for (const { report, units } of reportsByCure(pairs)) yield { ...report, ...context.conditionOf(units) };
}

/**
 * In front of the later of the two: where it is spelled by hand, or where the call of a vocabulary's macro is that it comes from and
 * the earlier does not. None in an explicit bundle, whose template may not have that stop, and none in the body of another macro.
 */
function fixBetween(
  { vocabularies }: RuleContext,
  first: ProgramInstruction,
  second: ProgramInstruction,
  serialization: string | null,
): { readonly fix?: Fix } {
  const call = vocabularyUse(second.use, vocabularies);
  const isByHand = second.use === null || (call !== null && call.parent === null);
  if (!isByHand || second.bundle >= 0 || (call !== null && vocabularyUse(first.use, vocabularies) === call)) return {};
  const place = call ?? second;
  return serialization === null ? stopAt(place) : serializedAt(place, serialization);
}

/** Is it the order of effects that is missing, not the end of an instruction group? */
export function isSerialization(violation: DependencyViolation): boolean {
  return serializationFor(violation) !== null;
}
