/**
 * Finds calls whose routine is out of reach. Routines are after the file's code in `.text`, and an IP-relative branch reaches 16 MB
 * (SDM vol. 3, br: a displacement of 21 bits, in bundles). A call from another section is left to the linker, which knows the
 * distance. The routines of joint listings are in sections of their own, which are out of reach if much code is on both sides.
 */
import { layoutDirectives } from '../machine/layout-directives.ts';
import type { Project } from '../project/project.ts';
import type { Unit } from '../project/units.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { evaluateNumber } from '../syntax/evaluate.ts';
import type { Expression, Statement } from '../syntax/tree.ts';
import { laidListing } from './laid-listing.ts';
import type { Plan } from './plan.ts';

/** The reach backwards in bytes; forwards it is one bundle less. */
const REACH = 1 << 24;
const BUNDLE = 16;
/** An upper bound for the bytes of one statement with its expansion. */
const STATEMENT_ROOM = 1 << 10;
/** Bytes in one directive from which on a layout is made. */
const LARGE = 1 << 20;

/** The units of a project that are large enough for a call to be out of reach: mostly none, which is told without a layout. */
export function largeUnits({ units }: Project): readonly Unit[] {
  return units.filter(mayBeLarge);
}

/** Errors for calls whose routine is out of reach, in the configuration as given. */
export function callsOutOfReach(large: readonly Unit[], plan: Plan): Diagnostic[] {
  return [...inTheirSection(large, plan), ...fromAnySection(large, plan)];
}

function inTheirSection(units: readonly Unit[], { choice, planned, moved }: Plan): Diagnostic[] {
  const calls = planned.filter(({ expansion }) => expansion.routine !== null);
  const routines = new Set(calls.map(({ expansion }) => expansion.routine!.label));
  return units.flatMap((unit) => {
    if (!calls.some(({ site }) => site.instances.some((each) => each.unit === unit))) return [];
    const { statements, laid, made } = laidListing(unit, planned, moved);
    const { tokens } = unit.analysis.program;
    return [...made].flatMap(([at, origin]): Diagnostic[] => {
      const routine = targetOf(statements[at]!);
      const label = routine !== null && routines.has(routine) ? laid.labels.get(routine) : undefined;
      if (label === undefined || laid.section[label] !== laid.section[at]) return [];
      const distance = laid.offset[label]! - Math.floor(laid.offset[at]! / BUNDLE) * BUNDLE;
      if (distance >= -REACH && distance < REACH) return [];
      const { file, start } = tokens[origin.first]!;
      const last = tokens[origin.last]!;
      const end = last.file === file ? last.end : start;
      const message = `its routine for ${choice.label} is ${Math.abs(distance)} bytes away, and a branch reaches ${REACH}: take alternative B for this file`;
      return [{ severity: 'error', message, file, start, end }];
    });
  });
}

/** Errors for patched branches that are out of reach of both ends of their section. */
function fromAnySection(units: readonly Unit[], { choice, planned, moved, patches }: Plan): Diagnostic[] {
  const calls = planned.filter(({ site, expansion }) => expansion.kind === 'branch' && patches?.numbers.has(site));
  return units.flatMap((unit) => {
    if (!calls.some(({ site }) => site.instances.some((each) => each.unit === unit))) return [];
    const { origin, laid } = laidListing(unit, planned, moved);
    const places = new Map(origin.map((from, at) => [from, at]));
    const isFar = (instruction: number): boolean => {
      const at = places.get(unit.analysis.instructions[instruction]!.statementIndex) ?? -1;
      const section = laid.sections[laid.section[at] ?? -1];
      return section !== undefined && Math.min(laid.offset[at]!, section.size - laid.offset[at]!) > REACH;
    };
    return calls.flatMap(({ site }): Diagnostic[] => {
      if (!site.instances.some((each) => each.unit === unit && isFar(each.first))) return [];
      const message = `its routine for ${choice.label} is more than ${REACH} bytes away, wherever it is linked, and a branch does not reach it: take alternative D for this file`;
      return [{ severity: 'error', message, file: site.file, start: site.start, end: site.end }];
    });
  });
}

/** The label that an instruction of an expansion branches to, if it is a branch. */
function targetOf(statement: Statement): string | null {
  if (statement.kind !== 'instruction') return null;
  const target = statement.inputs[0];
  return target?.kind === 'name' ? target.name : null;
}

function mayBeLarge({ analysis }: Unit): boolean {
  const { statements } = analysis.program;
  return statements.length > REACH / STATEMENT_ROOM || statements.some(asksForMuch);
}

function asksForMuch(statement: Statement): boolean {
  const asked = roomAsked(statement);
  return asked.some((each) => {
    const value = evaluateNumber(each);
    return value === undefined ? mentionsLarge(each) : value >= LARGE;
  });
}

function roomAsked(statement: Statement): readonly Expression[] {
  if (statement.kind === 'assignment') return statement.name === '.' ? [statement.value] : [];
  if (statement.kind === 'directive') return layoutDirectives().has(statement.name) ? statement.args : [];
  if (statement.kind === 'instruction') return layoutDirectives().has(statement.mnemonic) ? statement.inputs : [];
  return [];
}

/** `ia64_ivt+0x2000000` */
function mentionsLarge(expression: Expression): boolean {
  switch (expression.kind) {
    case 'number':
      return expression.value >= LARGE;
    case 'group':
      return mentionsLarge(expression.inner);
    case 'binary':
      return ['*', '<<'].includes(expression.operator) || [expression.left, expression.right].some(mentionsLarge);
    default:
      return false;
  }
}
