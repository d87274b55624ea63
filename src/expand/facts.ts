/** Properties of a body that are the same at all sites that share its template, computed once with the first site's registers. */

import type { NameScope } from '../machine/naming.ts';
import { STAND_IN } from '../machine/purposes.ts';
import { isGeneralRegister, isKernelRegister, isPredicateRegister } from '../machine/register-classes.ts';
import { registerByName } from '../machine/register-table.ts';
import { resolveRegister } from '../machine/scope.ts';
import { anyFrame, type Operation, operationShapeOf } from '../project/operations.ts';
import { bodyTemplate, expandBody } from './body.ts';
import type { BodyItem } from './body-item.ts';
import type { Hypercalls } from './hypercalls.ts';
import { bodyInstruction } from './instructions.ts';
import { overwrittenArguments } from './overwritten-arguments.ts';
import { misguardedParts } from './part-predicates.ts';
import { type BodyProblem, bodyProblems, type CanonicalArguments, writtenBy } from './problems.ts';
import { scratchNeeds, type Target } from './target.ts';
import type { BodyFacts } from './template.ts';

export type { CanonicalArguments } from './problems.ts';

/** The properties of a body; null when the target has none for the site. */
export function bodyFacts(target: Target, operation: Operation, site: CanonicalArguments): BodyFacts | null {
  const template = bodyTemplate(target, operation.name, site);
  if (template.kind !== 'open') return null;
  template.facts ??= findFacts(target, operation, site);
  return template.facts;
}

function findFacts(target: Target, operation: Operation, site: CanonicalArguments): BodyFacts {
  const body = expandBody(target, operation.name, site);
  const items = body.kind === 'body' ? body.items : [];
  const { hypercalls } = target;
  const problems = problemsOf(target, operation, site);
  if (isNative(items, operation, site.operands)) return { native: true, temporary: -1, problems };
  const temporary = addressRegister(items, addressCandidates(target, operation, site), hypercalls);
  return { native: false, temporary, problems };
}

/**
 * The defects of a body. At a site in a macro that is never expanded, a parameter is taken for some register; if a number is
 * unknown, nothing is checked.
 */
function problemsOf(target: Target, operation: Operation, site: CanonicalArguments): readonly BodyProblem[] {
  const isKnown = (name: string) => name === '' || name === '-' || resolveRegister(name, anyFrame.frame) !== undefined;
  const inPlaceOf = (name: string, register: string) => (isKnown(name) ? name : register);
  const isOpen = operation.slots.some(
    ({ kind }, index) => kind !== 'register' && !isKnownOperand(site.operands[index]!),
  );
  if (isOpen) return [];
  const tried: CanonicalArguments = {
    predicates: site.predicates.map((name, index) => inPlaceOf(name, `p${index + 6}`)),
    operands: site.operands.map((name, index) =>
      operation.slots[index]!.kind === 'register' ? inPlaceOf(name, `r${index + 100}`) : name,
    ),
    scratch: site.scratch.map((name, index) => inPlaceOf(name, `r${index + 110}`)),
  };
  const body = expandBody(target, operation.name, tried);
  const { hypercalls } = target;
  if (body.kind !== 'body') return [];
  const { items } = body;
  return [
    ...bodyProblems({ items, operation, site: tried, hypercalls }),
    ...misguardedParts(items, operation, tried, target),
    ...doublyUsed(target, operation, tried),
  ];
}

/** Scratch registers that are another argument as well, and that the body does not use as such. */
function doublyUsed(target: Target, operation: Operation, site: CanonicalArguments): readonly BodyProblem[] {
  const all = [...site.predicates, ...site.operands, ...site.scratch];
  const offset = all.length - site.scratch.length;
  return site.scratch.flatMap((name, index) => {
    const isTwice = isScratch(name) && all.some((other, at) => other === name && at !== offset + index);
    if (!isTwice) return [];
    const apart = site.scratch.map((each, at) =>
      at === index ? { canonical: name, spelled: standInFor(name, all) } : each,
    );
    const body = expandBody(target, operation.name, { ...site, scratch: apart });
    if (body.kind !== 'body') return [];
    const keeps = writtenBy(operation, site).has(name);
    return overwrittenArguments(
      body.items,
      { scratch: standInFor(name, all), argument: name, keeps },
      target.hypercalls,
    );
  });
}

const isScratch = (name: string): boolean => name !== '' && name !== '-';

/** A register of the class of another one that is not among `taken`. */
function standInFor(name: string, taken: readonly string[]): string {
  const [first, count] = isPredicateRegister(name) ? ['p', 64] : ['r', 128];
  for (let number = count - 1; ; number--) if (!taken.includes(`${first}${number}`)) return `${first}${number}`;
}

/** The registers that a body may write: scratch registers that it takes, then operands. */
export function addressCandidates(target: Target, { name }: Operation, site: CanonicalArguments): string[] {
  return [...scratchForBody(target, { name }, site.scratch).filter(isGeneral), ...site.operands];
}

/** The scratch registers that a body takes: a macro call may name more. */
export function scratchForBody(
  target: Target,
  { name }: Pick<Operation, 'name'>,
  scratch: readonly string[],
): string[] {
  const { gr, pr } = scratchNeeds(target, name);
  return [
    ...scratch.filter(isGeneral).slice(0, gr),
    ...scratch.filter((register) => isPredicateRegister(register)).slice(0, pr),
  ];
}

const isGeneral = (register: string): boolean => !isPredicateRegister(register);

/** True when a body is the native instruction again. */
function isNative(items: readonly BodyItem[], operation: Operation, operands: readonly string[]): boolean {
  const instructions = items.filter((item) => item.kind === 'instruction');
  if (instructions.length !== operation.parts.length || items.some((item) => item.kind === 'directive')) return false;
  // At a site in a macro that is never expanded, a parameter stands for a general register.
  const registers = new Set(operands.filter((_, index) => operation.slots[index]!.kind === 'register'));
  const scope: NameScope = { ...anyFrame, alias: (name) => (registers.has(name) ? STAND_IN.general : undefined) };
  return operation.parts.every(
    (part, index) => operationShapeOf(bodyInstruction(instructions[index]!.text).instruction, scope) === part.shape,
  );
}

/**
 * Index of a register that may hold the return address for a moment, because the routine writes it before it reads it; -1 if there
 * is none. A register that only a hypercall writes does not count: the call would be longer than the body.
 */
function addressRegister(items: readonly BodyItem[], candidates: readonly string[], hypercalls: Hypercalls): number {
  const read = new Set<number>();
  const written = new Set<number>();
  for (const item of items) {
    if (item.kind !== 'instruction') continue;
    const { effects } = bodyInstruction(item.text, hypercalls);
    for (const resource of effects.reads) if (!written.has(resource)) read.add(resource);
    const { writes, mayWrites } = bodyInstruction(item.text).effects;
    for (const resource of writes) if (!mayWrites.includes(resource)) written.add(resource);
  }
  return candidates.findIndex((name) => {
    const resource = generalRegister(name);
    return written.has(resource) && !read.has(resource);
  });
}

/** A number, or a kernel register. */
function isKnownOperand(operand: string): boolean {
  return /^-?\d+$/.test(operand) || isKernelRegister(operand);
}

/** The resource of a general register by its canonical name; -1 for any other text. */
function generalRegister(name: string): number {
  return isGeneralRegister(name) ? registerByName(name)!.resource : -1;
}
