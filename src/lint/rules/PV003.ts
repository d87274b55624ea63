import type { OverwrittenValue } from '../../analysis/index.ts';
import { type Effects, resourceName } from '../../machine/index.ts';
import type { Unit } from '../../rewrite/units.ts';
import { placeOfInstruction } from '../calls.ts';
import type { RuleContext } from '../context.ts';
import type { RelatedPlace, Report } from '../finding.ts';
import type { Rule } from '../rule.ts';

/** A macro of the wrong direction shows up so: the address that was to be written is overwritten by a read. */
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
}

/**
 * By place and register. An instruction in a macro's body is in vain only where every expansion of it is: one expansion
 * in vain is the price of a shared macro. An instruction that does something else besides is not in vain.
 */
function inVain({ project, vocabularies }: RuleContext): ReadonlyMap<string, readonly Found[]> {
  const found = new Map<string, Found[]>();
  for (const unit of project.units) {
    const { analysis } = unit;
    const placeKey = (index: number): string => {
      const { file, start } = placeOfInstruction(analysis.instructions[index]!, vocabularies);
      return `${file.name}:${start}`;
    };
    const byPlace = new Map<string, Found[]>();
    for (const value of analysis.overwritten()) {
      const instruction = analysis.instructions[value.instruction]!;
      if (doesMore(instruction.effects)) continue;
      const key = `${placeKey(value.instruction)} ${value.register}`;
      const list = byPlace.get(key) ?? [];
      list.push({ unit, value });
      byPlace.set(key, list);
    }
    if (byPlace.size === 0) continue;
    const expansions = new Map<string, number>();
    for (const { index } of analysis.instructions) {
      const key = placeKey(index);
      expansions.set(key, (expansions.get(key) ?? 0) + 1);
    }
    for (const [key, list] of byPlace) {
      if (list.length < expansions.get(placeKey(list[0]!.value.instruction))!) continue;
      found.set(key, [...(found.get(key) ?? []), ...list]);
    }
  }
  return found;
}

/** Does an instruction do something that counts besides its result? To step a base register does not. */
function doesMore({ writesMemory, writes, results }: Effects): boolean {
  return (
    writesMemory || writes.some((resource) => !results.includes(resource) && !/^r\d+$/.test(resourceName(resource)))
  );
}

function report(context: RuleContext, found: readonly Found[]): Report {
  const { unit, value } = found[0]!;
  const { file, start, end } = placeOfInstruction(unit.analysis.instructions[value.instruction]!, context.vocabularies);
  const related = value.overwrittenBy.slice(0, 3).map((index): RelatedPlace => {
    const place = placeOfInstruction(unit.analysis.instructions[index]!, context.vocabularies);
    return { ...place, message: 'gone here' };
  });
  const message = `the value of ${value.register} is never read: on every path it is overwritten or left behind`;
  return { file, start, end, message, related, ...context.conditionOf(found.map((each) => each.unit)) };
}
