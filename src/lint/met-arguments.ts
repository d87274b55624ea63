/**
 * What the arguments of a macro call are where it was met. As spelled, a parameter of a macro around the call, or a name
 * like `in0`, is no register: it is one only there.
 */

import type { NameScope } from '../machine/naming.ts';
import { framesOf } from '../project/frames.ts';
import type { Unit } from '../project/units.ts';
import { givenTexts } from '../rewrite/given-arguments.ts';
import type { MacroUse } from '../syntax/token.ts';
import type { DraftFinding } from './finding.ts';
import type { MacroCall, MetArgument } from './macro-call.ts';
import { type MacroSite, type RegisterResolver, roleOf, type SiteArgument } from './sites.ts';

/** The arguments of a site, in its order, where the unit's instruction came from `use`, a call of it. */
export function metArguments(
  site: MacroSite,
  use: MacroUse,
  unit: Unit,
  instruction: number,
  resolve: RegisterResolver,
): readonly MetArgument[] {
  const isKnown = ({ role, register }: SiteArgument) => register !== null || role === 'text';
  const given = givenTexts(use);
  const met = site.args.map((argument, index): MetArgument => {
    if (isKnown(argument)) return argument;
    const text = given[index] ?? null;
    const scope: NameScope = { alias: unit.scopeAt(instruction).alias, frame: framesOf(unit)[instruction] ?? null };
    return { text, register: text === null ? null : (resolve(text, scope) ?? null) };
  });
  if (met.every(({ register }) => register !== null)) return met;
  // An argument that is a cpp macro is resolved only if the body uses it: then the preprocessed tokens have its value.
  const alike = (at: number) =>
    met.find(({ register }, other) => register && site.args[other]!.text === site.args[at]!.text);
  return met.map((argument, at) => (argument.register === null ? (alike(at) ?? argument) : argument));
}

/**
 * What there is to say about a call's arguments, as they are spelled and as they are where it was met: one report for each of
 * them, in however many places it holds.
 */
export function* onceEach(
  call: MacroCall,
  judge: (call: MacroCall, args: readonly SiteArgument[]) => Iterable<DraftFinding>,
): Iterable<DraftFinding> {
  const reported = new Set<number>();
  for (const args of argumentsOf(call)) {
    for (const report of judge(call, args)) {
      if (!reported.has(report.start)) yield report;
      reported.add(report.start);
    }
  }
}

/** The arguments of a call as they are spelled, and as they are where they are other registers. */
function* argumentsOf(call: MacroCall): Iterable<readonly SiteArgument[]> {
  yield call.args;
  const seen = new Set([call.args.map(({ register }) => register?.name).join()]);
  for (const { args } of call.instances) {
    const names = args.map(({ register }) => register?.name).join();
    if (seen.has(names)) continue;
    seen.add(names);
    yield call.args.map((argument, index): SiteArgument => {
      const { register } = args[index]!;
      return { ...argument, register, role: roleOf(argument, register) };
    });
  }
}
