/** The conditional directives (gas's cond.c): their tests, and how much of the result is known before assembly. */
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { type Token, TokenKind } from '../syntax/token.ts';
import { diagnosticAt, type MacroState } from './definition-types.ts';
import { evaluateTokens } from './expression.ts';
import { textOf, wordAt } from './statements.ts';

/** The result of a test; null when it depends on something that only the assembler knows. */
export type Answer = boolean | null;

/** The input of a test. */
export interface GasCondition {
  readonly tokens: readonly Token[];
  /** The directive's operands are `tokens[from..end)`. */
  readonly from: number;
  readonly end: number;
  /** The directive's name: the place of messages. */
  readonly place: Token;
  readonly state: MacroState;
  readonly diagnostics: Diagnostic[];
}

type Test = (question: GasCondition) => Answer;

function comparison(holds: (value: bigint) => boolean): Test {
  return ({ tokens, from, end, place, state, diagnostics }) => {
    if (from >= end) {
      diagnostics.push(diagnosticAt('error', `'${place.text}' needs an expression`, place));
      return false;
    }
    const value = evaluateTokens(tokens, from, end, state.symbols);
    if (value === undefined) {
      diagnostics.push(diagnosticAt('error', `bad expression in '.${place.text}'`, tokens[from]!, tokens[end - 1]!));
      return false;
    }
    return value === null ? null : holds(value);
  };
}

function defined(wanted: boolean): Test {
  return ({ tokens, from, end, place, state, diagnostics }) => {
    const { text } = wordAt(tokens, from, end);
    if (text === '') {
      diagnostics.push(diagnosticAt('error', `'.${place.text}' needs a name`, place));
      return false;
    }
    const isDefined = state.symbols.has(text);
    if (!isDefined) state.undefinedNames.add(text);
    return isDefined === wanted;
  };
}

function sameText(wanted: boolean, quoted: boolean): Test {
  return ({ tokens, from, end, place, diagnostics }) => {
    let comma = from;
    while (comma < end && (tokens[comma]!.text !== ',' || tokens[comma]!.kind !== TokenKind.Punctuator)) comma++;
    if (comma === end) {
      diagnostics.push(diagnosticAt('error', `'.${place.text}' needs two operands`, place));
      return false;
    }
    if (quoted && (tokens[from]!.kind !== TokenKind.String || tokens[comma + 1]?.kind !== TokenKind.String)) {
      diagnostics.push(diagnosticAt('error', `'.${place.text}' compares two strings in double quotes`, place));
      return false;
    }
    return (textOf(tokens, from, comma) === textOf(tokens, comma + 1, end)) === wanted;
  };
}

function blank(wanted: boolean): Test {
  return ({ from, end }) => from >= end === wanted;
}

/** The directives that open a conditional, without their dot. */
export const CONDITIONS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['if', comparison((value) => value !== 0n)],
  ['ifne', comparison((value) => value !== 0n)],
  ['ifeq', comparison((value) => value === 0n)],
  ['ifge', comparison((value) => value >= 0n)],
  ['ifgt', comparison((value) => value > 0n)],
  ['ifle', comparison((value) => value <= 0n)],
  ['iflt', comparison((value) => value < 0n)],
  ['ifdef', defined(true)],
  ['ifndef', defined(false)],
  ['ifnotdef', defined(false)],
  ['ifc', sameText(true, false)],
  ['ifnc', sameText(false, false)],
  ['ifeqs', sameText(true, true)],
  ['ifnes', sameText(false, true)],
  ['ifb', blank(true)],
  ['ifnb', blank(false)],
]);

/** One open conditional. */
export interface OpenConditional {
  /** The directive that opened it. */
  readonly place: Token;
  /** Whether the code around it is assembled at all. */
  readonly outer: boolean;
  /** Whether the current branch is assembled. */
  active: boolean;
  /** Whether some branch is certainly taken, so that no later one is. */
  decided: boolean;
  /** Whether the result of one of its tests is unknown: then all branches that may be taken are kept. */
  unknown: boolean;
  seenElse: boolean;
}

/** Opens a conditional. @param outer whether the code around it is assembled */
export function openConditional(place: Token, outer: boolean, answer: Answer): OpenConditional {
  return {
    place,
    outer,
    active: outer && answer !== false,
    decided: outer && answer === true,
    unknown: outer && answer === null,
    seenElse: false,
  };
}

/** Goes on to the next branch. @param answer the result of the `.elseif`; true for `.else` */
export function nextBranch(conditional: OpenConditional, answer: Answer): void {
  conditional.active = conditional.outer && !conditional.decided && answer !== false;
  if (answer === true) conditional.decided = true;
  if (answer === null && conditional.active) conditional.unknown = true;
}
