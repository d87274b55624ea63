/**
 * Calls whose routine is out of reach. Routines stand behind the file in `.text`; a branch relative to ip goes 16 MB either way
 * (SDM vol. 3, br: a displacement of 21 bits, in bundles). From another section the linker knows the distance; those of joint
 * listings stand in sections of their own, which cannot be near where much stands on both sides of a call.
 */
import { layoutDirectives } from '../machine/layout-directives.ts';
import type { Project } from '../project/project.ts';
import type { Unit } from '../project/units.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { evaluateNumber } from '../syntax/evaluate.ts';
import type { Expression, Statement } from '../syntax/tree.ts';
import { laidListing } from './laid-listing.ts';
import type { Plan } from './plan.ts';

/** In bytes: backwards, and one bundle less forwards. */
const REACH = 1 << 24;
const BUNDLE = 16;
/** Statements that take less room than this each, whatever becomes of them. */
const STATEMENT_ROOM = 1 << 10;
/** Room that one directive asks for and that makes it worth a look. */
const LARGE = 1 << 20;

/** Calls in the configuration as given whose routine is farther away than a branch goes. */
export function callsOutOfReach(project: Project, plan: Plan): Diagnostic[] {
  return [...inTheirSection(project, plan), ...fromAnySection(project, plan)];
}

function inTheirSection({ units }: Project, { choice, planned, moved }: Plan): Diagnostic[] {
  const calls = planned.filter(({ expansion }) => expansion.routine !== null);
  const routines = new Set(calls.map(({ expansion }) => expansion.routine!.label));
  return units.flatMap((unit) => {
    if (!mayBeLarge(unit) || !calls.some(({ site }) => site.instances.some((each) => each.unit === unit))) return [];
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

/** Sites whose branch is patched, farther from both ends of their section than a branch goes. */
function fromAnySection({ units }: Project, { choice, planned, moved, patches }: Plan): Diagnostic[] {
  const calls = planned.filter(({ site, expansion }) => expansion.kind === 'branch' && patches?.numbers.has(site));
  return units.flatMap((unit) => {
    if (!mayBeLarge(unit) || !calls.some(({ site }) => site.instances.some((each) => each.unit === unit))) return [];
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

/** Most units are small, which is told without a layout. */
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
