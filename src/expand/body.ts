/**
 * Bodies: the expansion of a target's macro for an operation at a site. Sites between whose registers the macro does not
 * distinguish share one expansion.
 *
 * Registers are compared by their canonical names and printed as the caller spells them: gas's `.ifc` compares text, and
 * would not know that `out0` is r40.
 */

import { TRUE_PREDICATE, ZERO_REGISTER } from '../machine/purposes.ts';
import { isGeneralRegister, isKernelRegister, isPredicateRegister } from '../machine/register-classes.ts';
import { registerByName } from '../machine/register-table.ts';
import type { BodyItem } from './body-item.ts';
import type { ScratchNeeds, Target, TargetMacro } from './target.ts';
import type { BodyTemplate, NoBody, OpenBody, TextPiece } from './template.ts';

/** A register or an immediate: canonical (`r40`, `p6`, `0x2000`, `ar.k6`) and as the source spells it (`out0`). */
export type BodyArgument = string | { readonly canonical: string; readonly spelled: string };

export interface BodyArguments {
  /** In the order of the operation's predicates; `p0` when there is none. */
  readonly predicates?: readonly BodyArgument[];
  /** The branch register of the macro; empty when there is none. */
  readonly breg?: BodyArgument;
  /** In the order of the operation's slots. */
  readonly operands: readonly BodyArgument[];
  /** General registers become s1, s2 ...; predicates t1, t2 ...; an empty string or `-` skips one. */
  readonly scratch: readonly BodyArgument[];
}

export interface Body {
  readonly kind: 'body';
  readonly items: readonly BodyItem[];
  readonly instructions: number;
  readonly stops: number;
}

export type BodyResult = Body | NoBody;

/** The body of a target for one site. */
export function expandBody(target: Target, operation: string, site: BodyArguments): BodyResult {
  const macro = target.macros.get(operation);
  if (macro === undefined) return MISSING;
  const list = argumentList(macro, site);
  const template = templateFor(macro, list);
  return template.kind === 'open' ? print(template, list.map(spelled)) : template;
}

/**
 * The cost of a body; null when the macro refuses these registers. Nothing is printed. A missing body costs nothing. So does a
 * broken one: it is reported as an error of the target, not as a site without free registers.
 */
export function bodyCost(
  target: Target,
  operation: string,
  site: BodyArguments,
): { readonly instructions: number; readonly stops: number } | null {
  const template = bodyTemplate(target, operation, site);
  if (template.kind === 'missing' || template.kind === 'broken') return NOTHING;
  return template.kind === 'open' ? template : null;
}

/** The body for a site and all equivalent ones: the same object for the same macro and equivalent arguments. */
export function bodyTemplate(target: Target, operation: string, site: BodyArguments): BodyTemplate {
  const macro = target.macros.get(operation);
  return macro === undefined ? MISSING : templateFor(macro, argumentList(macro, site));
}

const MISSING: NoBody = { kind: 'missing' };
const NOTHING = { instructions: 0, stops: 0 };

/**
 * The arguments in a fixed order: predicates, branch register, operands, scratch. Scratch registers that the macro has no
 * parameter for are left out: sites that differ in them alone share an expansion.
 */
function argumentList({ operation, needs }: TargetMacro, site: BodyArguments): BodyArgument[] {
  const list: BodyArgument[] = operation.predicates.map((_, index) => site.predicates?.[index] ?? TRUE_PREDICATE);
  list.push(site.breg ?? '');
  for (let index = 0; index < operation.slots.length; index++) list.push(site.operands[index] ?? '');
  addNeeded(site.scratch, needs, list);
  return list;
}

function addNeeded(scratch: readonly BodyArgument[], needs: ScratchNeeds, list: BodyArgument[]): void {
  let generals = 0;
  let predicates = 0;
  for (const argument of scratch) {
    const needed = isPredicate(argument) ? ++predicates <= needs.pr : ++generals <= needs.gr;
    if (needed) list.push(canonical(argument) === '-' ? '' : argument);
  }
}

function isPredicate(argument: BodyArgument): boolean {
  return isPredicateRegister(canonical(argument));
}

function templateFor(macro: TargetMacro, list: readonly BodyArgument[]): BodyTemplate {
  const names = list.map(canonical);
  const key = templateKey(names, macro.named());
  let template = macro.templates.get(key);
  if (template === undefined) {
    template = macro.expand(parameterNames(macro, names), names);
    macro.templates.set(key, template);
  }
  return template;
}

/**
 * Whether a body for this register also serves for others: so for general registers and predicates, but for the constants. What a
 * body does under p0 is right wherever it stands, and may be wrong under a predicate that can be 0.
 */
function isInterchangeable(name: string): boolean {
  return (isPredicateRegister(name) || isGeneralRegister(name)) && name !== ZERO_REGISTER && name !== TRUE_PREDICATE;
}

/** Registers that the body does not name are interchangeable: what matters is which arguments are equal to each other. */
function templateKey(names: readonly string[], named: ReadonlySet<string>): string {
  let key = '';
  for (const name of names)
    key += isInterchangeable(name) && !named.has(name) ? `|${name[0]}=${names.indexOf(name)}` : `|${name}`;
  return key;
}

/** The parameter that each argument of `argumentList` is for. */
function parameterNames({ operation: { predicates, slots } }: TargetMacro, list: readonly string[]): string[] {
  const names = [...predicates, 'breg', ...slots.map(({ name }) => name)];
  let generals = 0;
  let tests = 0;
  for (const argument of list.slice(names.length)) names.push(isPredicate(argument) ? `t${++tests}` : `s${++generals}`);
  return names;
}

function canonical(argument: BodyArgument): string {
  return withoutKernelRegister(typeof argument === 'string' ? argument : argument.canonical);
}

function spelled(argument: BodyArgument): string {
  return withoutKernelRegister(typeof argument === 'string' ? argument : argument.spelled);
}

/** `ar.k6` is the number 6 to a body: a macro can compare it and put it behind `ar.k`. */
export function withoutKernelRegister(text: string): string {
  return isKernelRegister(text) ? String(registerByName(text)!.number) : text;
}

function print({ items, instructions, stops }: OpenBody, texts: readonly string[]): Body {
  const text = (piece: TextPiece): string => (typeof piece === 'number' ? texts[piece]! : piece);
  const printed = items.map((item): BodyItem => {
    if (item.kind === 'stop') return item;
    const line = item.pieces.map(text).join('');
    if (item.kind === 'directive') return { kind: 'directive', text: line };
    const guard = item.guard === null ? TRUE_PREDICATE : text(item.guard);
    return { kind: 'instruction', text: guard === TRUE_PREDICATE ? line : `(${guard}) ${line}`, comment: item.comment };
  });
  return { kind: 'body', items: printed, instructions, stops };
}
