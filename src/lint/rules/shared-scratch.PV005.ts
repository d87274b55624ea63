import type { DraftFinding } from '../finding.ts';
import { onceEach } from '../met-arguments.ts';
import type { Rule } from '../rule.ts';
import { type MacroSite, NOT_NEEDED, type SiteArgument } from '../sites.ts';

/** A body writes its scratch registers before it has read all operands, and keeps different things in each of them. */
export const PV005: Rule = {
  id: 'PV005',
  name: 'shared-scratch',
  severity: 'error',
  summary: 'A scratch register of a macro is one of its operands, or is named twice.',
  *check({ calls }) {
    for (const call of calls) if (!call.insideOwnDefinition) yield* onceEach(call, sharedRegisters);
  },
};

function* sharedRegisters(site: MacroSite, args: readonly SiteArgument[]): Iterable<DraftFinding> {
  const seen = new Map<string, SiteArgument>();
  for (const argument of args) {
    if (argument.text === NOT_NEEDED || !namesRegister(argument)) continue;
    const name = argument.register?.name ?? argument.text;
    const other = seen.get(name);
    if (other === undefined) seen.set(name, argument);
    else if (isScratch(argument) || isScratch(other)) {
      const scratch = isScratch(argument) ? argument : other;
      const { file, start, end } = scratch;
      const what =
        isScratch(argument) && isScratch(other) ? 'two of its scratch registers' : 'a scratch register and an operand';
      const rest = scratch === argument ? other : argument;
      const related = [{ file: rest.file, start: rest.start, end: rest.end, message: `${rest.text} is also here` }];
      yield { file, start, end, related, message: `${site.macro.name} is given ${scratch.text} as ${what}` };
    }
  }
}

function namesRegister(argument: SiteArgument): boolean {
  return argument.role === 'operand' || argument.role === 'scratch' || argument.role === 'branch';
}

function isScratch(argument: SiteArgument): boolean {
  return argument.role === 'scratch' || argument.role === 'branch';
}
