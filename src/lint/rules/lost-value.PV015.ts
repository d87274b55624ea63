import type { LostValue } from '../../analysis/liveness/lost.ts';
import type { Unit } from '../../project/units.ts';
import { placeOfInstruction } from '../calls.ts';
import type { RuleContext } from '../context.ts';
import type { RelatedPlace, Report } from '../finding.ts';
import type { Rule } from '../rule.ts';

export const PV015: Rule = {
  id: 'PV015',
  name: 'lost-value',
  severity: 'error',
  summary: 'A register is read whose value a call or a fault has destroyed, or that nobody has written.',
  *check(context) {
    const found = new Map<string, { unit: Unit; lost: LostValue }[]>();
    for (const unit of context.project.units) {
      for (const lost of unit.analysis.lost()) {
        const { file, start } = placeOfInstruction(unit.analysis.instructions[lost.instruction]!, context.vocabularies);
        const key = `${file.name}:${start} ${lost.register}`;
        found.set(key, [...(found.get(key) ?? []), { unit, lost }]);
      }
    }
    for (const list of found.values()) yield report(context, list);
  },
};

const WORDS: Readonly<Record<LostValue['kind'], string>> = {
  call: 'the call in front of it destroys it',
  fault: 'the nested-miss handler, which comes back here, destroys it',
  frame: 'nobody has written it since the register frame was emptied',
  entry: "an interruption leaves nothing of the handler's in it",
  routine: 'no caller passes anything in it',
};

const BY: Readonly<Record<LostValue['kind'], string>> = {
  call: 'destroyed here',
  fault: 'a fault behind this goes on at its label',
  frame: 'emptied here',
  entry: 'this vector begins without it',
  routine: 'this routine begins without it',
};

function report(context: RuleContext, found: readonly { unit: Unit; lost: LostValue }[]): Report {
  const { unit, lost } = found[0]!;
  const { instructions } = unit.analysis;
  const place = placeOfInstruction(instructions[lost.instruction]!, context.vocabularies);
  const by = placeOfInstruction(instructions[lost.by]!, context.vocabularies);
  const related: RelatedPlace[] = [{ ...by, message: BY[lost.kind] }];
  const message = `${lost.register} holds no value that was meant for this: ${WORDS[lost.kind]}`;
  return { ...place, message, related, ...context.conditionOf(found.map((each) => each.unit)) };
}
