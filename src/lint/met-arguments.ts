/**
 * What the arguments of a macro call are where it was met. As spelled, a parameter of a macro around the call, or a name
 * like `in0`, is no register: it is one only there.
 */

import { Names } from '../analysis/program/names.ts';
import type { NameScope, RegisterFrame } from '../machine/naming.ts';
import type { Unit } from '../project/units.ts';
import { isByName, type MacroUse } from '../syntax/token.ts';
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
  const met = site.args.map((argument, index): MetArgument => {
    if (isKnown(argument)) return argument;
    const text = givenText(use, index);
    const scope: NameScope = { alias: unit.scopeAt(instruction).alias, frame: framesOf(unit)[instruction] ?? null };
    return { text, register: text === null ? null : (resolve(text, scope) ?? null) };
  });
  if (met.every(({ register }) => register !== null)) return met;
  // An argument that is a cpp macro is resolved only if the body uses it: then the preprocessed tokens have its value.
  const alike = (at: number) =>
    met.find(({ register }, other) => register && site.args[other]!.text === site.args[at]!.text);
  return met.map((argument, at) => (argument.register === null ? (alike(at) ?? argument) : argument));
}

function givenText({ given, parent }: MacroUse, index: number): string | null {
  if (given === null || isByName(given)) return null;
  const argument = given[index];
  if (argument === undefined) return null;
  const text = (argument.expanded ?? argument.items).map((item) => (item.kind < 0 ? '' : (item.text ?? ''))).join('');
  return text.startsWith('\\') ? valueGiven(text.slice(1), parent) : text;
}

/** What was given for a parameter of an assembler's macro around it. */
function valueGiven(parameter: string, from: MacroUse | null): string | null {
  for (let use = from; use !== null; use = use.parent) {
    const value = use.given !== null && isByName(use.given) ? use.given.get(parameter) : undefined;
    if (value !== undefined) return value.map(({ text }) => text).join('');
  }
  return null;
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

const known = new WeakMap<Unit, readonly (RegisterFrame | null)[]>();

/** The register frame in front of each instruction, as the assembler sees it: that of the last `alloc` in the text. */
export function framesOf(unit: Unit): readonly (RegisterFrame | null)[] {
  let frames = known.get(unit);
  if (frames === undefined) {
    frames = readFrames(unit);
    known.set(unit, frames);
  }
  return frames;
}

function readFrames({ analysis }: Unit): readonly (RegisterFrame | null)[] {
  const names = new Names();
  const frames: (RegisterFrame | null)[] = [];
  analysis.program.statements.forEach((statement, at) => {
    const instruction = analysis.instructionOf(at);
    if (instruction >= 0) frames[instruction] = names.frame;
    names.follow(statement, at);
  });
  return frames;
}
