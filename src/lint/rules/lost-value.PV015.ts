import type { ClobberedRead } from '../../analysis/liveness/gone.ts';
import { registerByName } from '../../machine/register-table.ts';
import type { Unit } from '../../project/units.ts';
import { placeOfInstruction } from '../calls.ts';
import type { RuleContext } from '../context.ts';
import type { DraftFinding, RelatedPlace } from '../finding.ts';
import { reportsByPlace } from '../reports.ts';
import type { Rule } from '../rule.ts';

export const PV015: Rule = {
  id: 'PV015',
  name: 'lost-value',
  severity: 'error',
  summary: 'A register is read whose value a call or a fault has destroyed, or that nobody has written.',
  check: (context) =>
    reportsByPlace(context, function* (unit) {
      for (const reads of together(unit)) yield { report: reportOf(context, unit, reads), key: reads[0]!.register };
    }),
};

/**
 * A value that is destroyed at one place is one finding, whatever the number of its readers; so is a `mov pr` that is
 * missing.
 */
function together({ analysis }: Unit): Iterable<readonly ClobberedRead[]> {
  const groups = new Map<string, ClobberedRead[]>();
  for (const read of analysis.clobberedReads()) {
    const key = `${read.by} ${read.kind} ${registerByName(read.register)?.class === 'pr' ? 'pr' : read.register}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [read]);
    else group.push(read);
  }
  // The first reader behind that place stands for all: the others may only be reached through it.
  return [...groups.values()].map((reads) => {
    const first = reads.find(({ instruction, by }) => instruction >= by) ?? reads[0]!;
    return [first, ...reads.filter((read) => read !== first)];
  });
}

const WORDS: Readonly<Record<ClobberedRead['kind'], string>> = {
  call: 'the call in front of it destroys it',
  fault: 'the nested-miss handler, which comes back here, destroys it',
  frame: 'nobody has written it since the register frame was emptied',
  entry: "an interruption leaves nothing of the handler's in it",
  routine: 'no caller passes anything in it',
};

const BY: Readonly<Record<ClobberedRead['kind'], string>> = {
  call: 'destroyed here',
  fault: 'a fault behind this goes on at its label',
  frame: 'emptied here',
  entry: 'this vector begins without it',
  routine: 'this routine begins without it',
};

function reportOf({ vocabularies }: RuleContext, { analysis }: Unit, reads: readonly ClobberedRead[]): DraftFinding {
  const [{ instruction, register, kind, by }, ...others] = reads as [ClobberedRead, ...ClobberedRead[]];
  const placeOf = (index: number) => placeOfInstruction(analysis.instructions[index]!, vocabularies);
  const related: RelatedPlace[] = [
    { ...placeOf(by), message: BY[kind] },
    ...others.map((read) => ({ ...placeOf(read.instruction), message: `${read.register} is read here` })),
  ];
  const message = `${register} holds no value that was meant for this: ${WORDS[kind]}`;
  return { ...placeOf(instruction), message, related };
}
