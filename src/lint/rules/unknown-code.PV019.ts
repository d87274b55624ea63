import { notKnown } from '../../analysis/program/unknown-code.ts';
import type { Unit } from '../../project/units.ts';
import type { DraftFinding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { nameBeyondFrame } from '../stacked-names.ts';

/**
 * An unknown instruction is assumed to read and write everything: around it no register is free, and other rules find
 * nothing.
 */
export const PV019: Rule = {
  id: 'PV019',
  name: 'unknown-code',
  severity: 'warning',
  summary: 'An instruction or a macro that the tool does not know.',
  *check(context) {
    const found = new Map<string, { report: DraftFinding; units: Unit[] }>();
    for (const unit of context.project.units) collect(unit, found);
    for (const { report, units } of found.values()) yield { ...report, ...context.conditionOf(units) };
  },
};

function collect(unit: Unit, found: Map<string, { report: DraftFinding; units: Unit[] }>): void {
  for (const instruction of unit.analysis.instructions) {
    const { effects, file, start, end } = instruction;
    // Of a name that the frame does not have, PV027 speaks.
    if (effects.known || nameBeyondFrame(unit, instruction) !== null) continue;
    const key = `${file.name}:${start}`;
    const known = found.get(key);
    if (known !== undefined) {
      known.units.push(unit);
      continue;
    }
    found.set(key, { report: { file, start, end, message: notKnown(instruction) }, units: [unit] });
  }
}
