import type { Routine } from '../../analysis/program/program.ts';
import type { SymbolConvention } from '../../config/conventions.ts';
import { ZERO_REGISTER } from '../../machine/purposes.ts';
import type { RegisterRole } from '../../machine/register.ts';
import { registerName } from '../../machine/register-numbers.ts';
import { registerRuns } from '../../machine/register-runs.ts';
import { registerByName } from '../../machine/register-table.ts';
import { resourceName } from '../../machine/resources.ts';
import type { Unit } from '../../project/units.ts';
import { placeOfInstruction } from '../calls.ts';
import type { RuleContext } from '../context.ts';
import { type FoundReport, reportsByPlace } from '../reports.ts';
import type { Rule } from '../rule.ts';

/** Callers elsewhere are judged by the convention; where the routine itself can be seen, it must keep to it. */
export const PV016: Rule = {
  id: 'PV016',
  name: 'contradicted-convention',
  severity: 'warning',
  summary: 'A routine reads or destroys a register that its convention says it does not.',
  check: (context) => reportsByPlace(context, (unit) => contradictions(context, unit)),
};

function* contradictions({ conventions, vocabularies }: RuleContext, unit: Unit): Iterable<FoundReport> {
  const constant = new Set(conventions.constants.flatMap(({ registers }) => registers[1].map(registerName)));
  for (const routine of unit.analysis.program.routines) {
    const convention = conventions.symbols.get(routine.name);
    const first = unit.analysis.instructions[routine.first];
    if (convention === undefined || first === undefined) continue;
    const related = [{ ...convention.place, message: 'by this convention' }];
    for (const complaint of complaints(unit, routine, convention, constant)) {
      const place = placeOfInstruction(first, vocabularies);
      yield { report: { ...place, message: `${routine.name} ${complaint}`, related }, key: complaint };
    }
  }
}

/** Only what is certain: what the first instructions read, up to the first branch, and what cannot have been saved. */
function complaints(
  unit: Unit,
  routine: Routine,
  convention: SymbolConvention,
  constant: ReadonlySet<string>,
): readonly string[] {
  const names = ([bank0, bank1]: SymbolConvention['reads']): Set<string> =>
    new Set([...bank0, ...bank1].map(registerName));
  const reads = names(convention.reads).add(`b${convention.link}`).add(ZERO_REGISTER);
  const undeclared = readAtStart(unit, routine.first).filter((name) => !reads.has(name));
  const contradictions: string[] = [];
  if (undeclared.length > 0) contradictions.push(`reads ${undeclared.join(', ')}, which its convention does not say`);
  if (convention.clobbers[1].length === 0) return contradictions;
  const allowed = names(convention.clobbers);
  const destroyed = destroyedBy(unit, routine, (name) => allowed.has(name) || constant.has(name));
  if (destroyed.length > 0)
    contradictions.push(`destroys ${registerRuns(destroyed).join(', ')}, which its convention does not say`);
  return contradictions;
}

/**
 * Registers that a routine writes and whose entry value it reads nowhere, so that it cannot have saved them.
 */
function destroyedBy(
  { analysis }: Unit,
  { index, first, last }: Routine,
  isAllowed: (name: string) => boolean,
): readonly string[] {
  const written = new Set<string>();
  for (let at = first; at <= last; at++) {
    const { effects, routine } = analysis.instructions[at]!;
    // Calls and returns touch the frame's application registers without anybody naming them.
    if (routine !== index || effects.branch !== null) continue;
    for (const resource of effects.writes) written.add(resourceName(resource));
  }
  const undeclared = [...written].filter((name) => isPrograms(name) && !isAllowed(name));
  if (undeclared.length === 0) return [];
  // What routines need takes a solution of its own.
  const needed = new Set(analysis.routines()[index]!.needs);
  return undeclared.filter((name) => !needed.has(name));
}

/** Registers that are read before they are written on the one way that leads from the first instruction. */
function readAtStart({ analysis }: Unit, first: number): readonly string[] {
  const read = new Set<string>();
  const written = new Set<string>();
  for (let at = first; at >= 0; at = analysis.program.next[at]!) {
    const { effects } = analysis.instructions[at]!;
    if (!effects.known || effects.branch !== null) break;
    // Of what has a predicate only this much is certain: what it writes may no longer be the caller's behind it.
    if (effects.predicate === 0)
      for (const name of effects.reads.map(resourceName)) if (isNamed(name) && !written.has(name)) read.add(name);
    for (const name of effects.writes.map(resourceName)) written.add(name);
  }
  return [...read];
}

/** Calls and returns read the frame's application registers, and moves of all predicates each of them, without a name. */
function isNamed(name: string): boolean {
  const kind = registerByName(name)?.class;
  return kind === 'gr' || kind === 'br';
}

/** A register that a caller may hold something in: no field, none that the processor keeps in step itself. */
function isPrograms(name: string): boolean {
  const register = registerByName(name);
  return register !== undefined && CLASSES.has(register.class) && !OF_THE_PROCESSOR.has(register.role);
}

const CLASSES: ReadonlySet<string> = new Set(['gr', 'fr', 'br', 'pr', 'ar']);
const OF_THE_PROCESSOR: ReadonlySet<RegisterRole> = new Set(['kernel', 'counter', 'engine', 'constant', 'stacked']);
