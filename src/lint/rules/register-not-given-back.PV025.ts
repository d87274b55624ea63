import type { Analysis } from '../../analysis/analysis.ts';
import type { Loss } from '../../analysis/values/loss.ts';
import { registerRuns } from '../../machine/register-runs.ts';
import { registerByName } from '../../machine/register-table.ts';
import { resourceNamed } from '../../machine/resources.ts';
import type { Unit } from '../../project/units.ts';
import { placeOfInstruction } from '../calls.ts';
import type { RuleContext } from '../context.ts';
import type { DraftFinding, RelatedPlace } from '../finding.ts';
import { reportsByPlace } from '../reports.ts';
import type { Rule } from '../rule.ts';

/**
 * The interrupted code, or the caller, goes on with another value in its register: the fault shows up there, and not where
 * it was made.
 */
export const PV025: Rule = {
  id: 'PV025',
  name: 'register-not-given-back',
  severity: 'error',
  summary: 'A handler or a routine ends without giving back a register of the interrupted code or of its caller.',
  check: (context) =>
    reportsByPlace(context, function* (unit) {
      for (const losses of together(unit)) yield { report: reportOf(context, unit, losses), key: namesOf(losses) };
    }),
};

const OWNERS: Readonly<Record<Loss['owner'], string>> = {
  interrupted: 'the interrupted code',
  caller: 'the caller',
};

/**
 * What one instruction loses in one way is one fault: a `mov pr` loses fifty predicates. So is one that is missing, whatever
 * the number of compares before it.
 */
function together({ analysis }: Unit): Iterable<readonly Loss[]> {
  const groups = new Map<string, Loss[]>();
  for (const loss of analysis.losses()) {
    const damage = damageOf(analysis, loss);
    const key = `${placeOfFault(loss, damage)} ${sentenceOf(loss, damage, [''])}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [loss]);
    else group.push(loss);
  }
  return groups.values();
}

function placeOfFault({ fork, write, end, saved, register }: Loss, damage: DamageKind): string {
  if (fork >= 0) return `at ${fork}`;
  const isLostTogether = saved && damage === 'written' && registerByName(register)?.class === 'pr';
  return isLostTogether ? `before ${end}` : `at ${write}`;
}

/**
 * written: by the instruction itself. called: by the C function that it calls. missed: by the handler of a TLB miss. copy: the
 * instruction overwrites the last copy.
 */
type DamageKind = 'written' | 'called' | 'missed' | 'copy';

function damageOf({ instructions }: Analysis, { write, register, changed }: Loss): DamageKind {
  const { writes, branch } = instructions[write]!.effects;
  if (writes.includes(resourceNamed(register))) return 'written';
  if (branch !== null) return 'called';
  return changed < 0 ? 'missed' : 'copy';
}

function namesOf(losses: readonly Loss[]): string {
  return distinct(losses).join(' ');
}

function distinct(losses: readonly Loss[]): readonly string[] {
  return [...new Set(losses.map(({ register }) => register))];
}

function reportOf({ vocabularies }: RuleContext, { analysis }: Unit, losses: readonly Loss[]): DraftFinding {
  const loss = losses[0]!;
  const placeOf = (instruction: number) => placeOfInstruction(analysis.instructions[instruction]!, vocabularies);
  const noteAt = (instructions: readonly number[], message: string): RelatedPlace[] =>
    [...new Set(instructions)].map((instruction) => ({ ...placeOf(instruction), message }));
  const related = noteAt(
    losses.filter(({ end, write }) => end !== write).map(({ end }) => end),
    'ends here',
  );
  if (loss.changed >= 0)
    related.unshift(
      ...noteAt(
        losses.map(({ changed }) => changed),
        'changed here',
      ),
    );
  const writes = losses.map(({ write }) => write).filter((write) => loss.fork >= 0 || write !== loss.write);
  related.unshift(...noteAt(writes, 'written here'));
  const message = sentenceOf(loss, damageOf(analysis, loss), distinct(losses));
  return { ...placeOf(loss.fork < 0 ? loss.write : loss.fork), message, related };
}

function sentenceOf(
  { fork, saved, end, write, owner }: Loss,
  damage: DamageKind,
  registers: readonly string[],
): string {
  const whose = OWNERS[owner];
  const names = registerRuns(registers).join(', ');
  const [belong, are, them] = registers.length === 1 ? ['belongs', 'is', 'it'] : ['belong', 'are', 'them'];
  if (end === write && saved)
    return `${names} still holds the return address of a call above: this goes back there, not to ${whose}`;
  const owned = `${names} ${belong} to ${whose}`;
  if (damage === 'called') return `${owned}; this call destroys ${them}, and nothing has saved ${them}`;
  if (damage === 'copy') return `${owned}, and ${are} changed by now; this overwrites the last copy of ${them}`;
  if (damage === 'missed')
    return `${owned}; if this misses the TLB, the nested-miss handler destroys ${them}, and ${registers.length === 1 ? 'it is' : 'they are'} not given back`;
  if (!saved) return `${owned} and ${are} overwritten before anything has saved ${them}`;
  if (fork >= 0)
    return `${owned}; on one way from here ${registers.length === 1 ? 'it is' : 'they are'} not given back`;
  return `${owned} and ${are} not given back`;
}
