/** Whether the scratch registers that a call names are free there: what PV002, PV006 and PV007 have in common. */

import type { Reason } from '../analysis/liveness/reasons.ts';
import type { FreeRegisters } from '../analysis/liveness/scratch.ts';
import type { ProgramInstruction } from '../analysis/program/program.ts';
import { registerByName } from '../machine/register-table.ts';
import { PFS } from '../rewrite/site.ts';
import { placeOfInstruction, vocabularyUse } from './calls.ts';
import type { RuleContext } from './context.ts';
import type { DraftFinding, RelatedPlace } from './finding.ts';
import type { CallInstance, MacroCall } from './macro-call.ts';
import { NOT_NEEDED, roleOf } from './sites.ts';
import type { Role } from './vocabulary.ts';

/** One report for each scratch argument of a role whose register is live. */
export function* takenScratch(context: RuleContext, role: Role, what: string): Iterable<DraftFinding> {
  for (const call of context.calls) {
    if (call.insideOwnDefinition) continue;
    for (const [index, argument] of call.args.entries()) {
      if (argument.text === NOT_NEEDED) continue;
      const report = takenReport(context, call, index, role, what);
      if (report !== null) yield report;
    }
  }
}

function takenReport(
  context: RuleContext,
  call: MacroCall,
  index: number,
  role: Role,
  what: string,
): DraftFinding | null {
  const argument = call.args[index]!;
  const found: { instance: CallInstance; register: string; reason: Reason }[] = [];
  for (const instance of call.instances) {
    const { register } = instance.args[index]!;
    if (register === null || roleOf(argument, register) !== role) continue;
    const { unit, last } = instance;
    // Most are free. The reason takes long to compute, and is only needed for those that are not.
    if (isFree(unit.analysis.freeAt(last), register.name)) continue;
    const reason = unit.analysis.explain(last, register.name);
    // An operand as scratch is PV005's; a neighbour in the group is parted from the body by a stop.
    if (reason.verdict !== 'dead' && reason.verdict !== 'touched' && !isItsOwn(reason, instance))
      found.push({ instance, register: register.name, reason });
  }
  const first = found[0];
  if (first === undefined) return null;
  const { file, start, end } = argument;
  const { reason, register } = first;
  const spelled = argument.text === register ? '' : ` (${argument.text})`;
  return {
    file,
    start,
    end,
    message: `${what} of ${call.macro.name} is not free: ${reason.text}${spelled}`,
    related: [
      ...(argument.register === null ? givenAt(context, first.instance) : []),
      ...reason.instructions.flatMap((instruction) => related(context, instruction, reason)),
    ],
    ...context.conditionOf(found.map((each) => each.instance.unit)),
  };
}

/**
 * A macro that the source defines may write and read its scratch registers itself: that is what they are for. Behind its
 * rfi others read them.
 */
function isItsOwn({ instructions }: Reason, { first, last }: CallInstance): boolean {
  return (
    instructions.length > 0 &&
    instructions.every(({ index, effects }) => index >= first && index <= last && effects.branch === null)
  );
}

/** Where the macro is expanded in whose body the call stands: there a parameter of it is what it is. */
function givenAt({ vocabularies }: RuleContext, { unit, first }: CallInstance): readonly RelatedPlace[] {
  let use = vocabularyUse(unit.analysis.instructions[first]!.use, vocabularies)?.parent ?? null;
  while (use?.argument) use = use.parent;
  return use === null ? [] : [{ file: use.file, start: use.start, end: use.end, message: `in ${use.name}, used here` }];
}

function isFree(free: FreeRegisters, name: string): boolean {
  if (name === PFS) return free.pfs;
  const register = registerByName(name);
  const list = register?.class === 'gr' ? free.gr : register?.class === 'br' ? free.br : free.pr;
  return register !== undefined && list.includes(register.number);
}

function related(context: RuleContext, instruction: ProgramInstruction, reason: Reason): readonly RelatedPlace[] {
  const place = placeOfInstruction(instruction, context.vocabularies);
  const message =
    reason.verdict === 'presumed' ? 'written here' : reason.verdict === 'hidden' ? 'may fault here' : 'read here';
  return [{ ...place, message }];
}
