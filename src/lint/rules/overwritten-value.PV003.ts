import type { OverwrittenValue } from '../../analysis/liveness/overwritten.ts';
import type { ProgramInstruction } from '../../analysis/program/program.ts';
import type { Effects } from '../../machine/effects.ts';
import type { RegisterClass } from '../../machine/register.ts';
import { registerByName } from '../../machine/register-table.ts';
import { resourceName } from '../../machine/resources.ts';
import { fileKey } from '../../project/files.ts';
import type { Unit } from '../../project/units.ts';
import { placeOfInstruction } from '../calls.ts';
import type { RuleContext } from '../context.ts';
import type { DraftFinding, RelatedPlace } from '../finding.ts';
import type { Rule } from '../rule.ts';

/**
 * Finds macros of the wrong direction: with a read in place of a write, the value that was to be written is overwritten.
 */
export const PV003: Rule = {
  id: 'PV003',
  name: 'overwritten-value',
  severity: 'warning',
  summary: 'A value is computed and overwritten before anything reads it.',
  *check(context) {
    for (const [, found] of inVain(context)) yield report(context, found);
  },
};

interface Found {
  readonly unit: Unit;
  readonly value: OverwrittenValue;
  /** Where its instruction is spelled. */
  readonly place: string;
}

/**
 * By place and register. An instruction in a macro's body is in vain only where every expansion of it is, in every source:
 * one expansion in vain is the price of a shared macro. An instruction that does something else besides is not in vain.
 */
function inVain({ project, vocabularies }: RuleContext): ReadonlyMap<string, readonly Found[]> {
  const expansions = new Map<Unit, ReadonlyMap<string, number>>();
  const expansionsIn = (unit: Unit): ReadonlyMap<string, number> => {
    const known = expansions.get(unit) ?? countPlaces(unit, vocabularies);
    expansions.set(unit, known);
    return known;
  };
  const found = new Map<string, Found[]>();
  for (const unit of project.units) {
    for (const [key, list] of inVainIn(unit, vocabularies))
      if (list.length >= expansionsIn(unit).get(list[0]!.place)!) found.set(key, [...(found.get(key) ?? []), ...list]);
  }
  for (const [key, list] of found) {
    const sources = new Set(list.map(({ unit }) => unit.source));
    const isNeeded = (unit: Unit): boolean => !sources.has(unit.source) && expansionsIn(unit).has(list[0]!.place);
    if (project.units.some(isNeeded)) found.delete(key);
  }
  return found;
}

/** By place and register, every expansion in vain of one unit. */
function inVainIn(unit: Unit, vocabularies: RuleContext['vocabularies']): ReadonlyMap<string, readonly Found[]> {
  const found = new Map<string, Found[]>();
  for (const value of unit.analysis.overwritten()) {
    const instruction = unit.analysis.instructions[value.instruction]!;
    if (doesMore(instruction.effects) || isLoadForItsEffect(instruction, value.leftBehind)) continue;
    const place = placeKey(instruction, vocabularies);
    const key = `${place} ${value.register}`;
    const list = found.get(key) ?? [];
    list.push({ unit, value, place });
    found.set(key, list);
  }
  return found;
}

/** How many instructions of a unit are spelled at each place. */
function countPlaces({ analysis }: Unit, vocabularies: RuleContext['vocabularies']): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const instruction of analysis.instructions) {
    const place = placeKey(instruction, vocabularies);
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return counts;
}

function placeKey(instruction: ProgramInstruction, vocabularies: RuleContext['vocabularies']): string {
  const { file, start } = placeOfInstruction(instruction, vocabularies);
  return `${fileKey(file)}:${start}`;
}

/** Does an instruction do something that counts besides its result? To step a base register does not. */
function doesMore({ writesMemory, writes, results }: Effects): boolean {
  return writesMemory || writes.some((resource) => !results.includes(resource) && !STEPPED.has(classOf(resource)));
}

/** A base register is stepped; of the two targets of a compare one may be read. */
const STEPPED: ReadonlySet<RegisterClass | null> = new Set(['gr', 'pr']);

function classOf(resource: number): RegisterClass | null {
  return registerByName(resourceName(resource))?.class ?? null;
}

/**
 * An ordered load reads a device or takes a lock; one that steps its address may skip what it loads, into a register that has
 * something else to hold behind it.
 */
function isLoadForItsEffect({ statement, effects }: ProgramInstruction, leftBehind: boolean): boolean {
  if (!effects.readsMemory || statement.kind !== 'instruction') return false;
  return ORDERED.test(statement.mnemonic) || (!leftBehind && effects.writes.length > effects.results.length);
}

const ORDERED = /\.acq(\.|$)/;

function report(context: RuleContext, found: readonly Found[]): DraftFinding {
  const { unit, value } = found[0]!;
  const { file, start, end } = placeOfInstruction(unit.analysis.instructions[value.instruction]!, context.vocabularies);
  const related = value.overwrittenBy.slice(0, 3).map((index): RelatedPlace => {
    const place = placeOfInstruction(unit.analysis.instructions[index]!, context.vocabularies);
    return { ...place, message: 'gone here' };
  });
  const message = `the value of ${value.register} is never read: on every path it is overwritten or left behind`;
  return { file, start, end, message, related, ...context.conditionOf(found.map((each) => each.unit)) };
}
