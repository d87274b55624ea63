import type { Loss } from '../../analysis/values/losses.ts';
import { resourceNamed } from '../../machine/resources.ts';
import type { Unit } from '../../project/units.ts';
import { placeOfInstruction } from '../calls.ts';
import type { RuleContext } from '../context.ts';
import type { DraftFinding, RelatedPlace } from '../finding.ts';
import { reportsByPlace } from '../reports.ts';
import type { Rule } from '../rule.ts';

/** The program goes on with another value than it had: nobody finds that by looking at the program. */
export const PV025: Rule = {
  id: 'PV025',
  name: 'register-not-given-back',
  severity: 'error',
  summary: 'A handler or a routine ends without giving back a register of the interrupted code or of its caller.',
  check: (context) =>
    reportsByPlace(context, function* (unit) {
      for (const loss of unit.analysis.losses()) yield { report: reportOf(context, unit, loss), key: loss.register };
    }),
};

const OWNERS: Readonly<Record<Loss['owner'], string>> = {
  interrupted: 'the interrupted code',
  caller: 'the caller',
};

function reportOf({ vocabularies }: RuleContext, { analysis }: Unit, loss: Loss): DraftFinding {
  const placeOf = (instruction: number) => placeOfInstruction(analysis.instructions[instruction]!, vocabularies);
  const related: RelatedPlace[] = loss.end === loss.write ? [] : [{ ...placeOf(loss.end), message: 'ends here' }];
  const { writes } = analysis.instructions[loss.write]!.effects;
  const isWritten = writes.includes(resourceNamed(loss.register));
  if (loss.fork >= 0) related.unshift({ ...placeOf(loss.write), message: 'written here' });
  return { ...placeOf(loss.fork < 0 ? loss.write : loss.fork), message: sentenceOf(loss, isWritten), related };
}

function sentenceOf({ register, fork, saved, end, write, owner }: Loss, isWritten: boolean): string {
  const whose = OWNERS[owner];
  if (end === write)
    return `${register} still holds the return address of a call above: this goes back there, not to ${whose}`;
  if (!isWritten)
    return `${register} belongs to ${whose}; if this misses the TLB, the nested-miss handler destroys it, and it is not given back`;
  if (!saved) return `${register} belongs to ${whose} and is overwritten before anything has saved it`;
  if (fork >= 0) return `${register} belongs to ${whose}; on one way from here it is not given back`;
  return `${register} belongs to ${whose} and is not given back`;
}
