import type { RegisterFrame } from '../../machine/naming.ts';
import type { Unit } from '../../project/units.ts';
import { placeOfInstruction } from '../calls.ts';
import type { RuleContext } from '../context.ts';
import { plural } from '../formats/format.ts';
import { type FoundReport, reportsByPlace } from '../reports.ts';
import type { Rule } from '../rule.ts';
import { nameBeyondFrame } from '../stacked-names.ts';

/** The processor takes an Illegal Operation fault at a write; a read gives anything. GNU as says nothing. */
export const PV027: Rule = {
  id: 'PV027',
  name: 'outside-frame',
  severity: 'error',
  summary: 'A stacked register is used that the register frame does not have.',
  check: (context) => reportsByPlace(context, (unit) => readsOutsideFrame(context, unit)),
};

/** SDM vol. 1, 4.1, and the software conventions: the first eight arguments are passed in registers. */
const MOST_INPUTS = 8;

function* readsOutsideFrame({ vocabularies }: RuleContext, unit: Unit): Iterable<FoundReport> {
  const { analysis } = unit;
  for (const instruction of analysis.instructions) {
    const beyond = nameBeyondFrame(unit, instruction);
    if (beyond === null) continue;
    const { name, frame } = beyond;
    const message = `${name} is outside the register frame: ${frameInWords(frame)}`;
    yield { report: { ...placeOfInstruction(instruction, vocabularies), message }, key: name };
  }
  const { uses, allocations } = analysis.frames();
  for (const { instruction, register, size } of uses) {
    const last = size === 0 ? 'it has no stacked registers' : `its last is r${31 + size}`;
    const message = `${register} is outside the register frame: ${last}`;
    yield {
      report: { ...placeOfInstruction(analysis.instructions[instruction]!, vocabularies), message },
      key: register,
    };
  }
  for (const { instruction, frame } of allocations) {
    const { inputs, rotating } = frame;
    // Rotating registers come in eights, and leaf routines call them inputs.
    if (inputs <= MOST_INPUTS || rotating > 0) continue;
    const message = `${inputs} inputs: no caller passes more than ${MOST_INPUTS} arguments in registers`;
    yield { report: { ...placeOfInstruction(analysis.instructions[instruction]!, vocabularies), message }, key: '' };
  }
}

function frameInWords({ inputs, locals, outputs }: RegisterFrame): string {
  return `it has ${plural(inputs, 'input')}, ${plural(locals, 'local')}, ${plural(outputs, 'output')}`;
}
