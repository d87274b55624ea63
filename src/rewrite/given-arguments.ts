/**
 * What the arguments of a macro call stand for where it was expanded: a parameter of a macro around the call, a macro of cpp, a
 * symbol, or a name like `loc0`, is a register only there.
 */

import type { Register } from '../machine/register.ts';
import { nameRegister } from '../machine/scope.ts';
import { framesOf } from '../project/frames.ts';
import type { Unit } from '../project/units.ts';
import { type GivenItem, isByName, type MacroUse } from '../syntax/token.ts';

/**
 * The texts of all arguments of a call of cpp's macro, of which what is given for `...` is several; null: not known. Not known is the
 * name of an assembler macro's parameter without its backslash: whether it means the parameter depends on .altmacro.
 */
export function givenTexts({ given, parent }: MacroUse): readonly (string | null)[] {
  if (given === null || isByName(given)) return [];
  return given.flatMap(({ items, expanded }) => splitAtCommas(expanded ?? items)).map((text) => meantBy(text, parent));
}

/** The register that a text means at an instruction; undefined: none that is known. */
export function registerMeant(text: string, unit: Unit, instruction: number): Register | undefined {
  const scope = { alias: unit.scopeAt(instruction).alias, frame: framesOf(unit)[instruction] ?? null };
  return nameRegister(text, scope);
}

/** Cpp has parted the arguments at commas already, but for what is given for `...`, and what has become several by its expansion. */
function splitAtCommas(items: readonly GivenItem[]): readonly string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const { kind, text = '' } of items) {
    if (text === '(') depth++;
    if (text === ')') depth--;
    if (text === ',' && depth === 0) parts.push('');
    else if (kind >= 0) parts[parts.length - 1] += text;
  }
  return parts;
}

function meantBy(text: string, around: MacroUse | null): string | null {
  if (text.startsWith('\\')) return valueGiven(text.slice(1), around);
  return valueGiven(text, around) === null ? text : null;
}

/** What was given for a parameter of an assembler's macro around it. */
function valueGiven(parameter: string, from: MacroUse | null): string | null {
  for (let use = from; use !== null; use = use.parent) {
    const value = use.given !== null && isByName(use.given) ? use.given.get(parameter) : undefined;
    if (value !== undefined) return value.map(({ text }) => text).join('');
  }
  return null;
}
