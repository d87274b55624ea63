import type { Program } from '../../analysis/program/program.ts';
import type { Unit } from '../../project/units.ts';
import { placeOfInstruction } from '../calls.ts';
import type { RuleContext } from '../context.ts';
import type { DraftFinding } from '../finding.ts';
import { reportsByPlace } from '../reports.ts';
import type { Rule } from '../rule.ts';
import { stopBehind } from '../stop-fix.ts';

/** Which instructions need the stop is said in grammar/instructions.tsv (stop-behind). GNU as neither adds it nor warns. */
export const PV029: Rule = {
  id: 'PV029',
  name: 'missing-stop',
  severity: 'error',
  summary: 'An instruction that only works in front of a stop has none behind it.',
  check: (context) =>
    reportsByPlace(context, function* (unit) {
      for (const report of unstopped(unit, context)) yield { report, key: '' };
    }),
};

function* unstopped({ analysis: { program } }: Unit, { vocabularies }: RuleContext): Iterable<DraftFinding> {
  for (const instruction of program.instructions) {
    const { form } = instruction.effects;
    if (form?.stopBehind !== true || !runsOn(program, instruction.statementIndex)) continue;
    const message = `${form.mnemonic.replace(/\{.*/, '')} must be followed by a stop: without one its behaviour is undefined, and the assembler adds none`;
    yield { ...placeOfInstruction(instruction, vocabularies), message, ...stopBehind(instruction) };
  }
}

/** Does another instruction follow without a stop between? */
function runsOn({ statements }: Program, from: number): boolean {
  for (let at = from + 1; at < statements.length; at++) {
    const { kind } = statements[at]!;
    if (kind === 'stop') return false;
    if (kind === 'instruction' || kind === 'macroCall') return true;
  }
  return false;
}
