/** The directives that inform the dependency checker (gas manual, "IA-64 Directives"). */

import { constantValue } from '../machine/constants.ts';
import { operandRegister, resolveRegister } from '../machine/scope.ts';
import { SERIALIZE_DATA, SERIALIZE_INSTRUCTION } from '../machine/serialization.ts';
import type { Token } from '../syntax/token.ts';
import type { Expression, Statement } from '../syntax/tree.ts';
import { NO_PREDICATES, type PredicateSet, predicateSet } from './relations.ts';

export type DependencyDirective =
  /** `.pred.rel.mutex p1,p2`, `.pred.rel "imply" p1,p2`, `.pred.rel @clear`; `predicates` in the order written. */
  | { readonly kind: 'mutex' | 'imply' | 'clear'; readonly predicates: readonly number[] }
  | { readonly kind: 'safeAcrossCalls'; readonly predicates: readonly number[] }
  | { readonly kind: 'serializeData' | 'serializeInstruction' }
  /** `.mem.offset offset,base`: the next spill or fill uses this bit of ar.unat. */
  | { readonly kind: 'memoryOffset'; readonly bit: number }
  /** `.reg.val r1,value` */
  | { readonly kind: 'registerValue'; readonly register: number; readonly value: bigint }
  /** Whether the programmer writes the stops or the assembler inserts them; `default` is as the command line has it. */
  | { readonly kind: 'explicit' | 'auto' | 'default' };

type DirectiveStatement = Extract<Statement, { kind: 'directive' }>;

const SCOPE = { alias: () => undefined, frame: null };

/** The meaning of a directive to the dependency checker; null when it has none. */
export function dependencyDirective(
  statement: DirectiveStatement,
  tokens: readonly Token[],
): DependencyDirective | null {
  const { name, args } = statement;
  switch (name) {
    case '.pred.rel': {
      const relation = wordIn(statement, tokens, ['mutex', 'imply', 'clear']);
      return relation === null ? null : { kind: relation, predicates: predicatesIn(statement, tokens) };
    }
    case '.pred.rel.mutex':
    case '.pred.rel.imply':
    case '.pred.rel.clear':
      return { kind: name.slice('.pred.rel.'.length) as 'mutex', predicates: predicatesIn(statement, tokens) };
    case '.pred.safe_across_calls':
      return { kind: 'safeAcrossCalls', predicates: predicatesIn(statement, tokens) };
    case SERIALIZE_DATA:
      return { kind: 'serializeData' };
    case SERIALIZE_INSTRUCTION:
      return { kind: 'serializeInstruction' };
    case '.mem.offset':
      return { kind: 'memoryOffset', bit: (Number(valueIn(args[0]) ?? 0n) >> 3) & 63 };
    case '.reg.val':
      return registerValue(args);
    case '.explicit':
    case '.auto':
    case '.default':
      return { kind: name.slice(1) as 'explicit' };
    default:
      return null;
  }
}

const valueIn = (expression: Expression | undefined): bigint | undefined =>
  expression === undefined ? undefined : constantValue(expression, SCOPE);

function registerValue(args: readonly Expression[]): DependencyDirective | null {
  const register = args[0] === undefined ? undefined : operandRegister(args[0], SCOPE);
  const value = valueIn(args[1]);
  if (register?.class !== 'gr' || value === undefined) return null;
  return { kind: 'registerValue', register: register.number, value };
}

/** The first of the words that the statement's tokens spell, in quotes, behind `@` or bare. */
function wordIn<Word extends string>(
  { first, last }: Statement,
  tokens: readonly Token[],
  words: readonly Word[],
): Word | null {
  for (let at = first; at <= last; at++) {
    const text = tokens[at]!.text.replace(/^["@]|"$/g, '');
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
  }
  return null;
}

/** Predicates by name, ranges (`p1-p4`) included, read from the tokens: the comma behind a relation may be missing. */
function predicatesIn({ first, last }: Statement, tokens: readonly Token[]): number[] {
  const predicates: number[] = [];
  let range = false;
  for (let at = first; at <= last; at++) {
    const { text } = tokens[at]!;
    const register = resolveRegister(text);
    if (register?.class === 'pr' && register.number >= 0) {
      const from = range ? predicates.at(-1)! + 1 : register.number;
      for (let number = from; number <= register.number; number++) predicates.push(number);
      range = false;
    } else if (text === '-') range = predicates.length > 0;
  }
  return predicates;
}

export function setOf(predicates: readonly number[]): PredicateSet {
  return predicates.length === 0 ? NO_PREDICATES : predicateSet(...predicates);
}
