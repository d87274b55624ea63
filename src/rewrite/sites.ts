/**
 * Collects the sites of a project: every instance that analysis met, brought back to the place where it is spelled, and
 * what is spelled but never met. Requires: units with their analysis.
 */

import type { Scope } from '../machine/index.ts';
import {
  type Instruction,
  parseExpression,
  SourceText,
  type Span,
  type Statement,
  type Tree,
  tokenize,
} from '../syntax/index.ts';
import { canonicalOperand, type Match, matchesAt } from './match.ts';
import { nativeMacrosName, ownInvocation } from './native.ts';
import { anyFrame, baseMnemonic, type Operation, type Operations, shapeOf } from './operations.ts';
import type { Project } from './project.ts';
import type { Instance, Refusal, Scratch, Site, Sites, SourceSpan } from './site.ts';
import type { SpelledStatement, Surroundings } from './spelled.ts';
import type { Unit } from './units.ts';
import { maySpellSite } from './words.ts';

/** What the configured targets make of sites. */
export interface Wishes {
  /** Which operations are sites: those always rewritten, and those that a configured target has a body for. */
  wants(operation: Operation): boolean;
  /** Whether a fused run is worth its macro: a target has a body for it with these operands. */
  fuses(match: Match): boolean;
}

interface Draft {
  readonly spelled: SpelledStatement;
  readonly file: SourceText;
  readonly match: Match;
  readonly rest: readonly SourceSpan[];
  readonly instances: Instance[];
  conflict: Operation | null;
}

/**
 * @param apart fused runs, by `placeKey`, that must be taken apart
 */
export function collectSites(
  project: Project,
  operations: Operations,
  wishes: Wishes,
  apart: ReadonlySet<string> = new Set(),
): Sites {
  const drafts = new Map<string, Draft>();
  const refusals: Refusal[] = [];
  for (const unit of project.units)
    collectUnit(project, unit, operations, (match) => isWanted(match, wishes), apart, drafts, refusals);
  const met = metOffsets(drafts);
  const sites: Site[] = [];
  for (const draft of drafts.values()) {
    const made = makeSite(project.tree(draft.file).tree, draft);
    if ('reason' in made) refusals.push(made);
    else sites.push(made);
  }
  sites.push(...unmetSites(project, operations, wishes, met));
  const inOrder = (a: SourceSpan & { file: SourceText }, b: SourceSpan & { file: SourceText }) =>
    project.order(a.file) - project.order(b.file) || a.start - b.start;
  return { sites: sites.sort(inOrder), refusals: unique(refusals).sort(inOrder) };
}

function isWanted({ operation, ...match }: Match, wishes: Wishes): boolean {
  return wishes.wants(operation) && (operation.parts.length === 1 || wishes.fuses({ operation, ...match }));
}

/** A fused run at a place in a file, by which `apart` names it. */
export function placeKey(
  { file, start }: { readonly file: SourceText; readonly start: number },
  operation: Operation,
): string {
  return `${file.name}:${start}:${operation.name}`;
}

function collectUnit(
  project: Project,
  unit: Unit,
  operations: Operations,
  wanted: (match: Match) => boolean,
  apart: ReadonlySet<string>,
  drafts: Map<string, Draft>,
  refusals: Refusal[],
): void {
  const { instructions } = unit.analysis;
  const scope = unit.scope;
  for (let at = 0; at < instructions.length; at++) {
    // What the source already spells as a macro is a site, whatever the targets of this call make of it.
    const isMacro = instructions[at]!.file.name === nativeMacrosName;
    const matches = matchesAt(unit.analysis, at, operations, scope).filter((match) => isMacro || wanted(match));
    if (matches.length === 0) continue;
    const met = locate(project, unit, at, matches, apart);
    if ('reason' in met) {
      refusals.push(met);
      continue;
    }
    const { draft, match } = enter(drafts, met);
    if (draft.match.operation !== match.operation) draft.conflict = match.operation;
    draft.instances.push({ unit, first: at, last: match.last, operands: match.operands, predicates: match.predicates });
    at = match.last;
  }
}

interface Located {
  readonly file: SourceText;
  readonly spelled: SpelledStatement;
  readonly match: Match;
  readonly rest: readonly SourceSpan[];
}

/** Brings an instance back to its spelling, and decides which of the matching operations is spelled there. */
function locate(
  project: Project,
  unit: Unit,
  at: number,
  matches: readonly Match[],
  apart: ReadonlySet<string>,
): Located | Refusal {
  const instruction = unit.analysis.instructions[at]!;
  const call = ownInvocation(instruction.use, instruction.file);
  const index = project.tree(call?.file ?? instruction.file);
  const file = index.tree.file;
  const start = call?.start ?? instruction.start;
  const single = matches.at(-1)!;
  const refuse = (reason: string): Refusal => ({
    file,
    start,
    end: call?.end ?? instruction.end,
    operation: single.operation,
    reason,
  });
  const spelled = index.at(start);
  if (spelled === undefined) return refuse('its spelling is put together by the preprocessor');
  if (call !== null) {
    const match = matches.find((candidate) => candidate.operation.macro === call.name.replace(/_P$/, ''));
    return match === undefined
      ? refuse('its macro does not mean the instruction that was met')
      : { file, spelled, match, rest: [] };
  }
  const node = index.tree.tokens[spelled.node.first]!;
  for (const match of matches) {
    const rest = fusedSpelling(unit, index.tree, spelled, at, match);
    if (rest !== null && !apart.has(placeKey(node, match.operation))) return { file, spelled, match, rest };
  }
  return refuse('its spelling is put together by the preprocessor');
}

/**
 * Where the later instructions of a run are spelled: directly behind the first one, with nothing but blanks, comments
 * and its stops between. Null when they are not, so that the run is not fused.
 */
function fusedSpelling(
  unit: Unit,
  tree: Tree,
  spelled: SpelledStatement,
  at: number,
  match: Match,
): SourceSpan[] | null {
  if (match.operation.parts.length === 1) return [];
  if (spelled.kind !== 'instruction' || spelled.surroundings.bundle !== null) return null;
  const { siblings, index } = spelled.surroundings;
  const rest: SourceSpan[] = [];
  let place = index;
  let instruction = at;
  for (const part of match.operation.parts.slice(1)) {
    if (part.afterStop) {
      const stop = siblings[++place];
      if (stop?.kind !== 'stop') return null;
      rest.push(withBlanksBefore(tree, stop));
    }
    const next = siblings[++place];
    instruction = unit.analysis.program.next[instruction]!;
    const { file, start } = unit.analysis.instructions[instruction]!;
    if (
      next?.kind !== 'instruction' ||
      file.name !== tree.file.name ||
      tree.tokens[next.mnemonicFirst]!.start !== start
    )
      return null;
    rest.push(withBlanksBefore(tree, next));
  }
  return rest;
}

/** A node's characters with the separator and the blanks before it on the same line. */
function withBlanksBefore(tree: Tree, node: Span): SourceSpan {
  const text = tree.file.text;
  let start = tree.tokens[node.first]!.start;
  while (start > 0 && ' \t'.includes(text[start - 1]!)) start--;
  if (text[start - 1] === ';' && text[start - 2] !== ';') start--;
  return { start, end: tree.tokens[node.last]!.end };
}

function enter(drafts: Map<string, Draft>, located: Located): { draft: Draft; match: Match } {
  const key = `${located.file.name}:${located.spelled.node.first}:${located.spelled.surroundings.place}`;
  let draft = drafts.get(key);
  if (draft === undefined) {
    draft = { ...located, instances: [], conflict: null };
    drafts.set(key, draft);
  }
  return { draft, match: located.match };
}

function makeSite(tree: Tree, draft: Draft): Site | Refusal {
  const { file, match, spelled, rest } = draft;
  const { operation } = match;
  const span = { start: tree.tokens[spelled.node.first]!.start, end: tree.tokens[spelled.node.last]!.end };
  const refuse = (reason: string): Refusal => ({ file, ...span, operation, reason });
  if (spelled.surroundings.define?.parameters.some(isRegisterName))
    return refuse('a parameter of the macro around it is called like a register');
  if (draft.conflict !== null)
    return refuse(
      `it is ${operation.name} in one place and ${draft.conflict.name} in another, by an argument of its macro`,
    );
  const common = { file, ...span, rest, operation, surroundings: spelled.surroundings, instances: draft.instances };
  if (spelled.kind === 'macroCall') {
    const named = macroArguments(tree, spelled.node, operation);
    return { ...common, ...named, spelledOperands: asSpelled(operation, named), spelling: 'macro' };
  }
  const operands = spelledOperands(tree, spelled.node, operation, spelled.surroundings);
  if (typeof operands === 'string') return refuse(operands);
  const predicates = spelledPredicates(tree, spelled, operation);
  return {
    ...common,
    operands,
    predicates,
    spelledOperands: asSpelled(operation, { operands, predicates }),
    scratch: null,
    spelling: 'instruction',
  };
}

/** Operands by canonical name where the spelling alone tells it. */
function asSpelled(
  operation: Operation,
  { operands, predicates }: Pick<Site, 'operands' | 'predicates'>,
): Site['spelledOperands'] {
  return {
    operands: operands.map((text, index) =>
      operation.slots[index]!.kind === 'immediate' ? canonicalText(text) : text,
    ),
    predicates: predicates.map((predicate) => predicate ?? 'p0'),
  };
}

function canonicalText(text: string): string {
  const { expression } = parseExpression(tokenize(new SourceText('<operand>', text)));
  return (expression === null ? undefined : canonicalOperand(expression, anyFrame)) ?? text;
}

type MacroCall = Extract<Statement, { kind: 'macroCall' }>;

/** What the arguments of an ASM_ macro name: `(pred, pred2, breg, operands, scratch)`. */
function macroArguments(
  tree: Tree,
  call: MacroCall,
  operation: Operation,
): Pick<Site, 'operands' | 'predicates' | 'scratch'> {
  const args = call.args.map((argument) => (argument.last < argument.first ? '' : textOf(tree, argument)));
  const predicates = call.name.endsWith('_P')
    ? args.splice(0, operation.predicates.length)
    : operation.predicates.map(() => null);
  const branch = args.shift() ?? '-';
  const operands = args.splice(0, operation.slots.length);
  const scratch: Scratch = {
    branch: branch === '-' || branch === '' ? null : branch,
    general: args.filter((name) => !isPredicateName(name)),
    predicates: args.filter(isPredicateName),
  };
  return { operands, predicates: predicates.map((name) => (name === '' || name === 'p0' ? null : name)), scratch };
}

/** Names that an expansion may use for what they say. */
function isRegisterName(name: string): boolean {
  return /^[rbp]\d+$/.test(name);
}

/** Scratch predicates are spelled by their number; every other scratch is a general register or `-`. */
function isPredicateName(name: string): boolean {
  return /^p\d+$/.test(name);
}

/** The operands as spelled, in slot order; or why they cannot be carried over. */
function spelledOperands(
  tree: Tree,
  node: Instruction,
  operation: Operation,
  surroundings: Surroundings,
): readonly string[] | string {
  const spelled = [...node.outputs, ...node.inputs];
  const slots = operation.parts[0]!.operands;
  if (spelled.length !== slots.length) return 'its operands are spelled by a macro';
  if (
    instructionsOf(operation, surroundings).some(({ mnemonicFirst, mnemonicLast }) =>
      namesParameter(tree, { first: mnemonicFirst, last: mnemonicLast }, surroundings),
    )
  )
    return 'which instruction it is depends on an argument of the macro around it';
  const texts = new Map<string, string>();
  for (const [index, slot] of slots.entries()) {
    const operand = spelled[index]!;
    if (slot === null) {
      if (namesParameter(tree, operand, surroundings))
        return 'which register it moves is an argument of the macro around it';
    } else texts.set(slot, textOf(tree, operand.kind === 'indexed' ? operand.index : operand));
  }
  return operation.slots.map(
    (slot) => texts.get(slot.name) ?? operandOfLaterPart(tree, surroundings, operation, slot.name),
  );
}

/** An operand that only a later instruction of a fused run has. */
function operandOfLaterPart(tree: Tree, surroundings: Surroundings, operation: Operation, slot: string): string {
  let place = surroundings.index;
  for (const part of operation.parts) {
    let sibling = surroundings.siblings[place];
    while (sibling !== undefined && sibling.kind !== 'instruction') sibling = surroundings.siblings[++place];
    const at = part.operands.indexOf(slot);
    if (at !== -1 && sibling?.kind === 'instruction') return textOf(tree, [...sibling.outputs, ...sibling.inputs][at]!);
    place++;
  }
  return '';
}

/** The instructions that an operation's parts are spelled as. */
function instructionsOf(operation: Operation, { siblings, index }: Surroundings): Instruction[] {
  const instructions: Instruction[] = [];
  for (let place = index; place < siblings.length && instructions.length < operation.parts.length; place++) {
    const sibling = siblings[place]!;
    if (sibling.kind === 'instruction') instructions.push(sibling);
  }
  return instructions;
}

/** Whether a parameter of the macro around it stands in a text: `reg`, `cr.x`, `\\reg`, `cr.\\x`. */
function namesParameter({ tokens }: Tree, { first, last }: Span, { define }: Surroundings): boolean {
  for (let at = first; at <= last; at++) {
    const { text } = tokens[at]!;
    if (text === '\\' || define?.parameters.includes(text)) return true;
  }
  return false;
}

function spelledPredicates(tree: Tree, spelled: SpelledStatement, operation: Operation): (string | null)[] {
  const guards = new Map<string, string>();
  let place = spelled.surroundings.index;
  for (const part of operation.parts) {
    let node = spelled.surroundings.siblings[place];
    while (node !== undefined && node.kind !== 'instruction') node = spelled.surroundings.siblings[++place];
    if (node?.kind === 'instruction' && node.predicate !== null)
      guards.set(part.predicate, bare(textOf(tree, node.predicate)));
    place++;
  }
  return operation.predicates.map((slot) => guards.get(slot) ?? null);
}

/** A predicate without its parentheses. */
function bare(text: string): string {
  return text.replace(/^\(\s*/, '').replace(/\s*\)$/, '');
}

function textOf(tree: Tree, span: { readonly first: number; readonly last: number }): string {
  return tree.file.text.slice(tree.tokens[span.first]!.start, tree.tokens[span.last]!.end);
}

/** Offsets of the statements that became sites or parts of one. */
function metOffsets(drafts: ReadonlyMap<string, Draft>): Map<SourceText, Set<number>> {
  const met = new Map<SourceText, Set<number>>();
  for (const { file, spelled, match } of drafts.values()) {
    const offsets = met.get(file) ?? new Set<number>();
    met.set(file, offsets);
    const { siblings, index } = spelled.surroundings;
    let instructions = match.operation.parts.length;
    for (let place = index; instructions > 0 && place < siblings.length; place++) {
      if (siblings[place]!.kind !== 'stop') instructions--;
      offsets.add(siblings[place]!.first);
    }
  }
  return met;
}

/** Instructions that are sites as spelled but that no configuration reaches: bodies of macros that nobody expands. */
function* unmetSites(
  project: Project,
  operations: Operations,
  wishes: Wishes,
  met: ReadonlyMap<SourceText, ReadonlySet<number>>,
): Iterable<Site> {
  for (const file of project.editable()) {
    if (!maySpellSite(file, operations)) continue;
    const index = project.tree(file);
    const { tree } = index;
    const known = met.get(file);
    for (const spelled of index.all()) {
      if (spelled.kind !== 'instruction' || known?.has(spelled.node.first)) continue;
      if (!operations.mnemonics.has(baseMnemonic(spelled.node.mnemonic))) continue;
      const operation = operations.byShape
        .get(shapeOf(spelled.node, parameterScope(spelled.surroundings)))
        ?.find((candidate) => candidate.parts.length === 1);
      if (operation === undefined || !wishes.wants(operation)) continue;
      const draft: Draft = {
        spelled,
        file,
        rest: [],
        instances: [],
        conflict: null,
        match: { operation, last: 0, operands: [], predicates: [] },
      };
      const site = makeSite(tree, draft);
      if (!('reason' in site)) yield site;
    }
  }
}

/** As spelled, a parameter of a macro (`reg`, `\\reg`) may be any general register. */
function parameterScope({ define }: Surroundings): Scope {
  const isParameter = (name: string) => name.startsWith('\\') || (define?.parameters.includes(name) ?? false);
  return { ...anyFrame, alias: (name) => (isParameter(name) ? 'r2' : undefined) };
}

function unique(refusals: readonly Refusal[]): Refusal[] {
  const seen = new Map<string, Refusal>();
  for (const refusal of refusals) seen.set(`${refusal.file.name}:${refusal.start}`, refusal);
  return [...seen.values()];
}
