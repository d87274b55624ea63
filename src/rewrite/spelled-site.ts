/** The operands, predicates and scratch registers of a site as its source spells them. */

import { TRUE_PREDICATE } from '../machine/purposes.ts';
import type { RegisterClass } from '../machine/register.ts';
import { isBranchRegister, isPredicateRegister } from '../machine/register-classes.ts';
import { registerByName } from '../machine/register-table.ts';
import { ownInvocation } from '../project/native.ts';
import { anyFrame, type Operation } from '../project/operations.ts';
import type { SpelledContext, SpelledStatement } from '../project/spelled.ts';
import type { Unit } from '../project/units.ts';
import { parseExpression } from '../syntax/parse.ts';
import { SourceText } from '../syntax/source.ts';
import { tokenize } from '../syntax/tokenize.ts';
import type { Instruction, Span, Statement, Tree } from '../syntax/tree.ts';
import { givenTexts, registerMeant } from './given-arguments.ts';
import { canonicalOperand, type Match } from './match.ts';
import { type Instance, PFS, type Refusal, type Scratch, type Site, type SourceSpan } from './site.ts';
import { noRegister } from './spell.ts';

/** A site under construction: where it is spelled, and its instances. */
export interface SiteDraft {
  readonly spelled: SpelledStatement;
  readonly file: SourceText;
  /** The operation, with the operands of its first instance. */
  readonly match: Match;
  /** The ranges of the other parts of a fused run. */
  readonly rest: readonly SourceSpan[];
  readonly instances: Instance[];
  /** A different operation that the same spelling is at another instance; null: none. */
  conflict: Operation | null;
}

const ONE_EACH = 'a macro for each can be rewritten';

/** Makes the site of a draft, or the reason why it cannot be rewritten. */
export function makeSite(tree: Tree, draft: SiteDraft): Site | Refusal {
  const { file, match, spelled, rest } = draft;
  const { operation } = match;
  const span = { start: tree.tokens[spelled.node.first]!.start, end: tree.tokens[spelled.node.last]!.end };
  const refuse = (reason: string): Refusal => ({ file, ...span, operation, reason });
  if (spelled.surroundings.define?.parameters.some(isRegisterName))
    return refuse(
      'a parameter of the macro around it is called like a register; with another name for it, the macro can be rewritten',
    );
  if (draft.conflict !== null)
    return refuse(
      `it is ${operation.name} in one place and ${draft.conflict.name} in another, by an argument of its macro; ${ONE_EACH}`,
    );
  const counter = draft.instances.map(({ unit, first }) => unit.countedBy(first)).find((line) => line !== null);
  if (counter !== undefined)
    return refuse(
      `${counter} counts the bytes of the code here, and another body would change them; it can name a label instead`,
    );
  if (draft.instances.some(({ unit }) => isStringified(unit, tree, spelled.node)))
    return refuse(
      'a macro makes text of it by #, which another spelling would change; the macro can be given the text for itself',
    );
  const common = { file, ...span, rest, operation, surroundings: spelled.surroundings, instances: draft.instances };
  if (spelled.kind === 'macroCall') {
    const named = macroArguments(tree, spelled.node, operation);
    const scratch = metScratch(draft.instances, spelled.node, operation);
    if (typeof scratch === 'string') return refuse(scratch);
    const macro = { ...named, scratch: scratch ?? named.scratch };
    return { ...common, ...macro, spelledOperands: asSpelled(operation, named), spelling: 'macro' };
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

function isStringified(
  { preprocessed: { stringified } }: Unit,
  { file, tokens }: Tree,
  { first, last }: Span,
): boolean {
  const offsets = stringified.get(file.name);
  return offsets !== undefined && tokens.slice(first, last + 1).some(({ start }) => offsets.has(start));
}

/** Operands by canonical name as far as the spelling alone tells them. */
function asSpelled(
  operation: Operation,
  { operands, predicates }: Pick<Site, 'operands' | 'predicates'>,
): Site['spelledOperands'] {
  return {
    operands: operands.map((text, index) =>
      operation.slots[index]!.kind === 'immediate' ? canonicalText(text) : text,
    ),
    predicates: predicates.map((predicate) => predicate ?? TRUE_PREDICATE),
  };
}

function canonicalText(text: string): string {
  const { expression } = parseExpression(tokenize(new SourceText('<operand>', text)));
  return (expression === null ? undefined : canonicalOperand(expression, anyFrame)) ?? text;
}

type MacroCall = Extract<Statement, { kind: 'macroCall' }>;

/** The registers in the arguments of an ASM_ macro call: `(pred, pred2, breg, operands, scratch)`. */
function macroArguments(
  tree: Tree,
  call: MacroCall,
  operation: Operation,
): Pick<Site, 'operands' | 'predicates' | 'scratch'> {
  const args = call.args.map((argument) => (argument.last < argument.first ? '' : textOf(tree, argument)));
  const predicates = call.name.endsWith('_P')
    ? args.splice(0, operation.predicates.length)
    : operation.predicates.map(() => null);
  const branch = args.shift() ?? noRegister;
  const operands = args.splice(0, operation.slots.length);
  return {
    operands,
    predicates: predicates.map((name) => (name === '' || name === TRUE_PREDICATE ? null : name)),
    scratch: scratchOf(branch, args),
  };
}

/** @param names the scratch arguments behind the operands */
function scratchOf(branch: string, names: readonly string[]): Scratch {
  const through = isBranchRegister(names.at(-1) ?? '') ? names.at(-1) : undefined;
  const others = through === undefined ? names : names.slice(0, -1);
  const registers = others.filter((name) => name !== PFS);
  return {
    branch: branch === noRegister || branch === '' ? null : branch,
    // Every other scratch argument that is no predicate is a general register or `-`.
    general: registers.filter((name) => !isPredicateRegister(name)),
    predicates: registers.filter(isPredicateRegister),
    pfs: registers.length < others.length,
    ...(through === undefined ? {} : { through }),
  };
}

/** The scratch registers of a macro call, where it was expanded; null: nowhere. Or why there are none for all these places, in words. */
function metScratch(instances: readonly Instance[], call: MacroCall, operation: Operation): Scratch | null | string {
  const guards = call.name.endsWith('_P') ? operation.predicates.length : 0;
  let met: readonly string[] | null = null;
  for (const { unit, first } of instances) {
    const { use, file } = unit.analysis.instructions[first]!;
    const given = givenTexts(ownInvocation(use, file)!);
    const names: string[] = [];
    for (const [index, text] of given.entries()) {
      if (index < guards || (index > guards && index <= guards + operation.slots.length)) continue;
      const meant = scratchRegister(text, index === guards, unit, first);
      if ('problem' in meant) return meant.problem;
      names.push(meant.name);
    }
    if (met !== null && met.join() !== names.join())
      return `its scratch registers are ${met.join(', ')} in one place and ${names.join(', ')} in another, by an argument of the macro around it; the macro can name them itself`;
    met = names;
  }
  return met === null ? null : scratchOf(met[0]!, met.slice(1));
}

const SCRATCH_CLASSES: readonly RegisterClass[] = ['gr', 'pr', 'br'];

/** A scratch argument by its canonical name. */
function scratchRegister(
  text: string | null,
  isBranch: boolean,
  unit: Unit,
  instruction: number,
): { readonly name: string } | { readonly problem: string } {
  if (text === null) return { problem: 'one of its scratch arguments cannot be told: it is put together by a macro' };
  if (text === noRegister || text === '') return { name: noRegister };
  const register = registerMeant(text, unit, instruction);
  if (register === undefined) return { problem: `its scratch argument '${text}' is no register that is known there` };
  const { name, role } = register;
  if (role === 'constant') return { problem: `${name} cannot be scratch: it is constant; '-' stands for no register` };
  const fits = isBranch ? register.class === 'br' : SCRATCH_CLASSES.includes(register.class) || name === PFS;
  return fits
    ? { name }
    : {
        problem: `${name} cannot be scratch there: it is no ${isBranch ? 'branch' : 'general, predicate or branch'} register`,
      };
}

/** Whether a text is the canonical name of a general, branch or predicate register. */
function isRegisterName(name: string): boolean {
  const register = registerByName(name);
  // An alias (`sp`) may be defined as something else where the expansion stands.
  return register?.name === name && ['gr', 'br', 'pr'].includes(register.class);
}

/** The operands as spelled, in slot order; or why they cannot be carried over. */
function spelledOperands(
  tree: Tree,
  node: Instruction,
  operation: Operation,
  surroundings: SpelledContext,
): readonly string[] | string {
  const spelled = [...node.outputs, ...node.inputs];
  const slots = operation.parts[0]!.operands;
  if (spelled.length !== slots.length)
    return 'its operands are spelled by a macro; it can be rewritten where each operand is spelled by itself';
  if (
    instructionsOf(operation, surroundings).some(({ mnemonicFirst, mnemonicLast }) =>
      namesParameter(tree, { first: mnemonicFirst, last: mnemonicLast }, surroundings),
    )
  )
    return `which instruction it is depends on an argument of the macro around it; ${ONE_EACH}`;
  const texts = new Map<string, string>();
  for (const [index, slot] of slots.entries()) {
    const operand = spelled[index]!;
    if (slot === null) {
      if (namesParameter(tree, operand, surroundings))
        return `which register it moves is an argument of the macro around it; ${ONE_EACH}`;
    } else if (operand.kind === 'indexed' && registerByName(operand.name)?.class !== 'file')
      return 'a name of .rotr or .rotp with its number is no argument of a macro; the register it stands for is one';
    else texts.set(slot, textOf(tree, operand.kind === 'indexed' ? operand.index : operand));
  }
  return operation.slots.map(
    (slot) => texts.get(slot.name) ?? operandOfLaterPart(tree, surroundings, operation, slot.name),
  );
}

/** An operand that only a later instruction of a fused run has. */
function operandOfLaterPart(tree: Tree, surroundings: SpelledContext, operation: Operation, slot: string): string {
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
function instructionsOf(operation: Operation, { siblings, index }: SpelledContext): Instruction[] {
  const instructions: Instruction[] = [];
  for (let place = index; place < siblings.length && instructions.length < operation.parts.length; place++) {
    const sibling = siblings[place]!;
    if (sibling.kind === 'instruction') instructions.push(sibling);
  }
  return instructions;
}

/** Whether a node mentions a parameter of the macro around it: `reg`, `cr.x`, `\\reg`, `cr.\\x`. */
function namesParameter({ tokens }: Tree, { first, last }: Span, { define }: SpelledContext): boolean {
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
