/** Whether the scratch registers that a call names are free there: what PV002, PV006 and PV007 have in common. */
import type { FreeRegisters, ProgramInstruction, Reason } from '../analysis/index.ts';
import type { Unit } from '../rewrite/units.ts';
import { type MacroCall, placeOfInstruction } from './calls.ts';
import type { RuleContext } from './context.ts';
import type { RelatedPlace, Report } from './finding.ts';
import { NOT_NEEDED, type SiteArgument } from './sites.ts';
import type { Role } from './vocabulary.ts';

/** One report for each scratch argument of a role whose register holds a value that somebody may read. */
export function* takenScratch(context: RuleContext, role: Role, what: string): Iterable<Report> {
  for (const call of context.calls) {
    if (call.insideOwnDefinition) continue;
    for (const argument of call.args) {
      if (argument.role !== role || argument.text === NOT_NEEDED || argument.register === null) continue;
      const report = takenReport(context, call, argument, what);
      if (report !== null) yield report;
    }
  }
}

function takenReport(context: RuleContext, call: MacroCall, argument: SiteArgument, what: string): Report | null {
  const found: { unit: Unit; reason: Reason }[] = [];
  for (const { unit, last } of call.instances) {
    // Most are free; why they are is a longer question, and nobody asked it.
    if (isFree(unit.analysis.freeAt(last), argument.register!.name)) continue;
    const reason = unit.analysis.explain(last, argument.register!.name);
    // An operand as scratch is PV005's; a neighbour in the group is parted from the body by a stop.
    if (reason.verdict !== 'dead' && reason.verdict !== 'touched') found.push({ unit, reason });
  }
  const first = found[0];
  if (first === undefined) return null;
  const { file, start, end } = argument;
  const spelled = argument.text === argument.register!.name ? '' : ` (${argument.text})`;
  return {
    file,
    start,
    end,
    message: `${what} of ${call.macro.name} is not free: ${first.reason.text}${spelled}`,
    related: first.reason.instructions.flatMap((instruction) => related(context, instruction, first.reason)),
    ...context.conditionOf(found.map((each) => each.unit)),
  };
}

function isFree(free: FreeRegisters, name: string): boolean {
  const list = name.startsWith('r') ? free.gr : name.startsWith('b') ? free.br : name.startsWith('p') ? free.pr : [];
  return list.includes(Number(name.slice(1)));
}

function related(context: RuleContext, instruction: ProgramInstruction, reason: Reason): readonly RelatedPlace[] {
  const place = placeOfInstruction(instruction, context.vocabularies);
  const message =
    reason.verdict === 'presumed' ? 'written here' : reason.verdict === 'hidden' ? 'may fault here' : 'read here';
  return [{ ...place, message }];
}
