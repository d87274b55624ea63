/**
 * Finds defects of a body from its text and the tables alone. A body must consist of known instructions, have stops between dependent
 * ones, change only what its operation changes and its scratch registers, and do nothing when its qualifying predicates are false.
 */

import { bankSetBy } from '../analysis/flow/mode-table.ts';
import { layOut } from '../analysis/program/program.ts';
import { dependencyDirective } from '../dependencies/directives.ts';
import { checkDependencies } from '../dependencies/violations.ts';
import { isOfClass } from '../machine/classes.ts';
import type { Effects } from '../machine/effects.ts';
import { TRUE_PREDICATE } from '../machine/purposes.ts';
import { isProgramRegister } from '../machine/register-classes.ts';
import { BANK0_REGISTERS, registerName } from '../machine/register-numbers.ts';
import { PR, resourceName, resourceNamed } from '../machine/resources.ts';
import { resolveRegister } from '../machine/scope.ts';
import { nativeText } from '../project/native.ts';
import { anyFrame, type Operation } from '../project/operations.ts';
import { parseTokens } from '../syntax/parse.ts';
import { SourceText } from '../syntax/source.ts';
import { tokenize } from '../syntax/tokenize.ts';
import type { Expression, Instruction } from '../syntax/tree.ts';
import type { BodyItem } from './body-item.ts';
import { clobberedResources } from './clobbers.ts';
import { canStandIn, demandedSlot } from './demanded-slots.ts';
import { type Hypercalls, hypercallOf } from './hypercalls.ts';
import { type BodyInstruction, bodyInstruction, effectsInBody, immediatesFit } from './instructions.ts';

/** The arguments of a site, by canonical name. */
export interface CanonicalArguments {
  readonly predicates: readonly string[];
  readonly operands: readonly string[];
  readonly scratch: readonly string[];
}

export interface BodyProblem {
  readonly message: string;
  /** Index of the body's item that it is about. */
  readonly item: number;
}

/** A body, and the operation and arguments that it was expanded for. */
interface Subject {
  readonly items: readonly BodyItem[];
  readonly operation: Operation;
  readonly site: CanonicalArguments;
  readonly hypercalls: Hypercalls;
}

/** All defects of a body, in the order of its items; if an instruction is unknown, that is the only one reported. */
export function bodyProblems(subject: Subject): BodyProblem[] {
  const unknown = [...unknownInstructions(subject), ...unknownDirectives(subject)].sort((a, b) => a.item - b.item);
  if (unknown.length > 0) return unknown;
  return [
    ...dependencies(subject),
    ...branches(subject),
    ...hiddenWrites(subject),
    ...unguarded(subject),
    ...impossibleSlots(subject),
  ].sort((a, b) => a.item - b.item);
}

function* instructionsOf({ items, hypercalls }: Subject): Iterable<BodyInstruction & { item: number; text: string }> {
  for (const [item, each] of items.entries())
    if (each.kind === 'instruction') yield { item, text: each.text, ...bodyInstruction(each.text, hypercalls) };
}

function unknownInstructions(subject: Subject): BodyProblem[] {
  const problems: BodyProblem[] = [];
  for (const { item, text, instruction, effects, complete } of instructionsOf(subject)) {
    const symbol = undefinedName(instruction, subject.site);
    if (!complete)
      problems.push({ item, message: `'${text}' is no instruction of IA-64: an operand is missing or cannot be read` });
    else if (symbol !== null)
      problems.push({ item, message: `'${symbol}' is neither a register nor a symbol of the target file` });
    else if (!effects.known) problems.push({ item, message: `'${text}' is no instruction of IA-64` });
    else if (!immediatesFit({ instruction, effects }))
      problems.push({ item, message: `a number in '${text}' is out of range` });
    else if (effects.predicate < 0) problems.push({ item, message: `'${text}' is guarded by what is no predicate` });
  }
  return problems;
}

/** Directives in a body that are not about dependencies: placing code is the source's business. */
function unknownDirectives({ items }: Subject): BodyProblem[] {
  return items.flatMap((each, item): BodyProblem[] => {
    if (each.kind !== 'directive') return [];
    const tokens = tokenize(new SourceText('<body>', each.text));
    const { statements, errors } = parseTokens(tokens);
    const [statement] = statements;
    const directive = statement?.kind === 'directive' ? dependencyDirective(statement, tokens) : null;
    if (directive !== null && errors.length === 0 && !FOR_THE_FILE.has(directive.kind)) return [];
    return [
      { item, message: `'${each.text}' may not stand in a body: it tells the assembler nothing about dependencies` },
    ];
  });
}

/** Directives that apply to all following code. */
const FOR_THE_FILE: ReadonlySet<string> = new Set(['explicit', 'auto', 'default', 'safeAcrossCalls']);

/** An undefined name among the operands; null when there is none. */
function undefinedName({ outputs, inputs }: Instruction, { operands }: CanonicalArguments): string | null {
  for (const operand of [...outputs, ...inputs])
    for (const name of namesIn(operand))
      if (!operands.includes(name) && resolveRegister(name, anyFrame.frame) === undefined) return name;
  return null;
}

function* namesIn(operand: Expression): Iterable<string> {
  switch (operand.kind) {
    case 'name':
      yield operand.name;
      break;
    case 'unary':
      yield* namesIn(operand.operand);
      break;
    case 'binary':
      yield* namesIn(operand.left);
      yield* namesIn(operand.right);
      break;
    case 'group':
      yield* namesIn(operand.inner);
      break;
    case 'memory':
      yield* namesIn(operand.address);
      break;
    case 'indexed':
      yield* namesIn(operand.index);
      break;
    case 'relocation':
      if (operand.argument !== null) yield* namesIn(operand.argument);
      break;
    default:
  }
}

/** Dependencies inside the body without the stop or serialization that they need. */
function dependencies({ items, hypercalls }: Subject): BodyProblem[] {
  const lines = items.map((item) => (item.kind === 'stop' ? ';;' : item.text));
  const tokens = tokenize(new SourceText('<body>', `${lines.join('\n')}\n`));
  const { statements } = parseTokens(tokens);
  const program = layOut(statements, tokens, { decode: (instruction) => effectsInBody(instruction, hypercalls) });
  const places = items.flatMap((item, index) => (item.kind === 'instruction' ? [index] : []));
  return checkDependencies(program, { onlyReal: true, positions: true, placeOf: () => '' }).flatMap((violation) => {
    const { first, second, kind, resource, semantics } = violation;
    if (kind === 'position') return first === second ? [unpredicable(items, places[second]!)] : [];
    const needed =
      kind === 'serialization' || semantics === 'data' || semantics === 'instr' ? 'a serialization' : 'a stop';
    const [earlier, later] = [items[places[first]!]!, items[places[second]!]!];
    const message = `'${textOf(later)}' needs ${needed} between it and '${textOf(earlier)}', because of ${resource}`;
    return [{ item: places[second]!, message }];
  });
}

function unpredicable(items: readonly BodyItem[], item: number): BodyProblem {
  return { item, message: `'${textOf(items[item]!)}' takes no qualifying predicate` };
}

function textOf(item: BodyItem): string {
  return item.kind === 'stop' ? ';;' : item.text;
}

/** Branches in a body: it must fall through to its end, and only its operation's own instruction may branch. */
function branches(subject: Subject): BodyProblem[] {
  const allowed = new Set(nativeEffects(subject.operation, subject.site).map(({ branch }) => branch?.kind));
  const problems: BodyProblem[] = [];
  for (const { item, text, effects } of instructionsOf(subject))
    if (effects.branch !== null && !allowed.has(effects.branch.kind))
      problems.push({ item, message: `'${text}' leaves the body` });
  return problems;
}

function nativeEffects(operation: Operation, { operands, predicates }: CanonicalArguments): Effects[] {
  const text = nativeText(
    operation,
    (name) => operands[operation.slots.findIndex((slot) => slot.name === name)]!,
    (name) => predicates[operation.predicates.indexOf(name)] ?? null,
  );
  return text.split(/ ;;? /).map((each) => bodyInstruction(each).effects);
}

/** The registers that the native instruction writes. */
export function writtenBy(operation: Operation, site: CanonicalArguments): ReadonlySet<string> {
  return new Set(nativeEffects(operation, site).flatMap(({ writes }) => writes.map(resourceName)));
}

/** The registers that the macro call shows to change: those that the native instruction writes, and the scratch registers. */
export function visibleWrites(operation: Operation, site: CanonicalArguments): ReadonlySet<string> {
  const visible = new Set<string>([...site.scratch, ...writtenBy(operation, site)]);
  // A bank switch changes the values of r16-r31 without writing them.
  if (operation.parts.some(({ shape }) => bankSetBy(shape.slice(0, shape.indexOf(' '))) !== null))
    for (const number of BANK0_REGISTERS) visible.add(registerName(number));
  return visible;
}

function hiddenWrites(subject: Subject): BodyProblem[] {
  const { items, hypercalls, operation, site } = subject;
  const visible = visibleWrites(operation, site);
  // Only registers are checked: other resources are part of what the operation does.
  const hidden = clobberedResources(items, hypercalls).filter(
    (resource) => isProgramRegister(resource) && !visible.has(resourceName(resource)),
  );
  return hidden.map((resource) => ({
    item: lastWriter(subject, resource),
    message: `${resourceName(resource)} is changed and not put back; the body owns its scratch registers, and what '${operation.native}' changes`,
  }));
}

function lastWriter(subject: Subject, resource: number): number {
  let last = 0;
  for (const { item, effects } of instructionsOf(subject)) if (effects.writes.includes(resource)) last = item;
  return last;
}

/** Instructions that are executed when the site's qualifying predicates are false, and do more than write a scratch register. */
function unguarded(subject: Subject): BodyProblem[] {
  const { site, hypercalls } = subject;
  const guards = site.predicates.filter((name) => name !== TRUE_PREDICATE);
  if (guards.length === 0 || guards.length < subject.operation.predicates.length) return [];
  const off = new Set(guards.map((name) => resourceNamed(name)));
  const executed: (BodyInstruction & { item: number; text: string })[] = [];
  for (const each of instructionsOf(subject)) {
    const { effects } = each;
    if (effects.predicate > 0 && off.has(PR(effects.predicate)))
      for (const cleared of effects.unconditionalWrites ?? []) off.add(cleared);
    else {
      executed.push(each);
      for (const written of effects.writes) off.delete(written);
    }
  }
  const scratch = new Set(site.scratch.map((name) => resourceNamed(name)));
  const left = new Set(
    clobberedResources(
      executed.map(({ text }) => ({ kind: 'instruction', text, comment: '' })),
      hypercalls,
    ).filter((resource) => !scratch.has(resource)),
  );
  return executed.flatMap(({ item, text, instruction, effects }) => {
    const acts =
      effects.writesMemory ||
      effects.branch !== null ||
      isBreak(effects) ||
      hypercallOf(instruction, hypercalls) !== undefined ||
      effects.writes.some((resource) => left.has(resource));
    return acts ? [{ item, message: `'${text}' is executed where ${guards.join(' and ')} is 0, too` }] : [];
  });
}

/** Hypercalls whose instruction cannot be in the slot that they demand, in any bundle template. */
function impossibleSlots(subject: Subject): BodyProblem[] {
  const problems: BodyProblem[] = [];
  for (const { item, text, instruction, effects } of instructionsOf(subject)) {
    const slot = demandedSlot({ instruction }, subject.hypercalls);
    if (slot === null || canStandIn({ effects }, slot)) continue;
    const { name } = hypercallOf(instruction, subject.hypercalls)!;
    problems.push({ item, message: `no bundle has '${text}' in slot ${slot}, the only one that ${name} works from` });
  }
  return problems;
}

/** An instruction whose only effect is to call a handler. */
function isBreak({ form }: Effects): boolean {
  return isOfClass(form, 'breaks');
}
