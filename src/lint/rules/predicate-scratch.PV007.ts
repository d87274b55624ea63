import type { RuleContext } from '../context.ts';
import type { DraftFinding } from '../finding.ts';
import type { MacroCall } from '../macro-call.ts';
import { onceEach } from '../met-arguments.ts';
import type { Rule } from '../rule.ts';
import { takenScratch } from '../scratch-use.ts';
import type { SiteArgument } from '../sites.ts';

/**
 * A compare in a target's body overwrites the scratch predicate before the other predicates are used, or in the same group.
 */
export const PV007: Rule = {
  id: 'PV007',
  name: 'predicate-scratch',
  severity: 'error',
  summary: 'A scratch predicate of a macro is still needed, or is its qualifying predicate, or is named twice.',
  *check(context) {
    yield* takenScratch(context, 'scratch-predicate', 'the scratch predicate');
    yield* takenScratch(context, 'late-predicate', 'the scratch predicate');
    yield* aliases(context);
  },
};

function* aliases({ calls }: RuleContext): Iterable<DraftFinding> {
  for (const call of calls) if (!call.insideOwnDefinition) yield* onceEach(call, aliasesAmong);
}

function* aliasesAmong(call: MacroCall, args: readonly SiteArgument[]): Iterable<DraftFinding> {
  const predicates = args.filter(({ role, register }) => register?.class === 'pr' && role !== 'text');
  for (const argument of predicates) {
    if (argument.role !== 'scratch-predicate') continue;
    const other = predicates.find((each) => each !== argument && each.register!.name === argument.register!.name);
    if (other === undefined || (other.role === 'scratch-predicate' && other.start > argument.start)) continue;
    const { file, start, end, text } = argument;
    const what = other.role === 'predicate' ? 'its qualifying predicate' : 'another scratch predicate';
    const related = [{ file: other.file, start: other.start, end: other.end, message: `${other.text} is also here` }];
    yield { file, start, end, related, message: `the scratch predicate ${text} of ${call.macro.name} is ${what}` };
  }
}
