/** Which settings of names matter to the conditions of a file, and which make a condition come out as desired. */

import { withoutSplices } from '../syntax/splice.ts';
import { type Token, TokenKind } from '../syntax/token.ts';
import type { MacroDefinition } from './definition.ts';
import { macroTokens } from './definition.ts';
import { identifierEnd, skipBlanks } from './scan.ts';
import {
  type ConditionalBranch,
  type ConditionalGroup,
  conditionOf,
  type DirectiveSegment,
  directiveTokens,
  type FileStructure,
  isGuard,
} from './structure.ts';
import type { Preprocessed } from './types.ts';

/** The values of a name (null: not defined) that a condition accepts. */
export interface Constraint {
  readonly name: string;
  accepts(value: string | null): boolean;
}

/** By name, the values that matter, that of the base run first. */
export type SettingValues = ReadonlyMap<string, readonly (string | null)[]>;

export function segmentOf(structure: FileStructure, branch: ConditionalBranch): DirectiveSegment {
  return structure.segments[branch.segment] as DirectiveSegment;
}

export function localGroups(structure: FileStructure): ConditionalGroup[] {
  return structure.groups.filter((group) => !isGuard(structure, group));
}

/**
 * The names that conditions test and that no local file defines itself, nor are settled. Function-like macros
 * are tools of conditions, no settings.
 */
export function variedNames(
  structures: readonly FileStructure[],
  base: Preprocessed,
  settled: ReadonlySet<string>,
): Map<string, (string | null)[]> {
  const own = new Set(structures.flatMap(definedNames));
  const values = new Map<string, Set<string | null>>();
  const tests = new Map<string, Map<string, Test>>();
  for (const structure of structures) {
    for (const branch of localGroups(structure).flatMap(({ branches }) => branches)) {
      if (branch.keyword === 'else') continue;
      const segment = segmentOf(structure, branch);
      const tokens = directiveTokens(structure.file, segment);
      for (const name of conditionOf(structure.file, segment).names) {
        const macro = base.macros.get(name);
        if (own.has(name) || settled.has(name) || (macro !== undefined && macro.parameters !== null)) continue;
        const known = values.get(name) ?? new Set([replacementOf(macro)]);
        for (const value of testedValues(tokens, name, known.values().next().value!)) known.add(value);
        values.set(name, known);
        const asked = tests.get(name) ?? new Map<string, Test>();
        for (const [key, test] of testsOf(tokens, name, segment.keyword)) asked.set(key, test);
        tests.set(name, asked);
      }
    }
  }
  return new Map([...values].map(([name, known]) => [name, distinguishable(known, [...tests.get(name)!.values()])]));
}

/** What a condition may make of a name's value, as text to compare. */
type Test = (value: string | null) => string;

/** By mention of a name in a condition: what is asked of it, with a key that is the same for the same question. */
function testsOf(tokens: readonly Token[], name: string, keyword: string): (readonly [key: string, test: Test])[] {
  return tokens.flatMap(({ text }, index): (readonly [string, Test])[] => {
    if (text !== name) return [];
    const before = tokens[index - 1]?.text === '(' ? tokens[index - 2] : tokens[index - 1];
    if (keyword.endsWith('def') || before?.text === 'defined') return [['defined', (value) => String(value === null)]];
    const compared = comparison(tokens, index);
    if (compared === null) return [['value', (value) => value ?? '0']];
    // What is no number may be one when it is expanded.
    const test: Test = (value) => (Number.isFinite(Number(value)) ? String(compare(compared, value)) : value!);
    return [[`${compared.operator} ${compared.number}`, test]];
  });
}

/** Of values between which no test can tell, the first. A value that is told from all others already is asked nothing more. */
function distinguishable(values: Iterable<string | null>, tests: readonly Test[]): (string | null)[] {
  const all = [...values];
  const alone: (string | null)[] = [];
  let classes = [all];
  for (const test of tests) {
    classes = classes.flatMap((members) => {
      const byOutcome = new Map<string, (string | null)[]>();
      for (const value of members) {
        const outcome = test(value);
        const same = byOutcome.get(outcome);
        if (same === undefined) byOutcome.set(outcome, [value]);
        else same.push(value);
      }
      const parts = [...byOutcome.values()];
      for (const part of parts) if (part.length === 1) alone.push(part[0]!);
      return parts.filter(({ length }) => length > 1);
    });
  }
  const first = new Set([...alone, ...classes.map((members) => members[0]!)]);
  return all.filter((value) => first.has(value));
}

/** The names that a file's own directives define or undefine. */
export function definedNames(structure: FileStructure): string[] {
  return structure.segments
    .filter((segment) => segment.kind === 'directive')
    .filter(({ keyword }) => keyword === 'define' || keyword === 'undef')
    .map((segment) => segment.definition?.name ?? firstWord(structure.file.text, segment));
}

/** Its tokens are mostly needed by nobody: many macros of a header are never used. */
function firstWord(text: string, { keywordEnd, end }: DirectiveSegment): string {
  const start = skipBlanks(text, keywordEnd, end);
  return withoutSplices(text.slice(start, identifierEnd(text, start)));
}

/** The text of a macro's body; null when there is no such macro. */
export function replacementOf(macro: MacroDefinition | undefined): string | null {
  return macro === undefined ? null : textOf(macroTokens(macro));
}

function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ text, spaceBefore }, index) => (spaceBefore && index > 0 ? ' ' : '') + text).join('');
}

const MIRRORED: Readonly<Record<string, string>> = {
  '<': '>',
  '>': '<',
  '<=': '>=',
  '>=': '<=',
  '==': '==',
  '!=': '!=',
};

/** The comparison `name op number` (or the other way round) that stands around the token at `index`. */
function comparison(tokens: readonly Token[], index: number): Comparison | null {
  for (const [side, mirrored] of [
    [1, false],
    [-1, true],
  ] as const) {
    const operator = tokens[index + side]?.text ?? '';
    const number = tokens[index + 2 * side];
    if (
      MIRRORED[operator] === undefined ||
      number?.kind !== TokenKind.Number ||
      !/^(0x[\da-f]+|\d+)$/i.test(number.text)
    )
      continue;
    return { operator: mirrored ? MIRRORED[operator]! : operator, number: Number(number.text) };
  }
  return null;
}

/** The values of a name between which a condition can tell: those it compares with, else set and not set. */
function testedValues(tokens: readonly Token[], name: string, base: string | null): (string | null)[] {
  const values: (string | null)[] = [];
  tokens.forEach((token, index) => {
    if (token.text !== name) return;
    const compared = comparison(tokens, index);
    if (compared !== null)
      values.push(
        ...[0, 1, -1].map((offset) => String(compared.number + offset)).filter((value) => matters(compared, value)),
      );
    else if (base === null) values.push('1');
    else values.push(...(base === '0' ? [null, '1'] : [null]));
  });
  return values;
}

interface Comparison {
  readonly operator: string;
  readonly number: number;
}

/** Of the numbers around the one compared with, the two that lie on either side. */
function matters({ operator, number }: Comparison, value: string): boolean {
  const distance = Number(value) - number;
  return distance === 0 || distance === (operator === '<' || operator === '>=' ? -1 : 1);
}

function compare({ operator, number }: Comparison, value: string | null): boolean {
  const actual = Number(value ?? 0);
  switch (operator) {
    case '==':
      return actual === number;
    case '!=':
      return actual !== number;
    case '<':
      return actual < number;
    case '<=':
      return actual <= number;
    case '>':
      return actual > number;
    default:
      return actual >= number;
  }
}

/** What names must be for a branch's condition to come out as desired: each list does it. Empty when none surely does. */
export function solve(
  structure: FileStructure,
  branch: ConditionalBranch,
  desired: boolean,
  values: SettingValues,
): Constraint[][] {
  const segment = segmentOf(structure, branch);
  const { terms, any } = conditionOf(structure.file, segment);
  if (terms !== null) {
    const wanted = terms.map(({ name, negated }) => ({
      name,
      accepts: (value: string | null) => ((value !== null) !== negated) === desired,
    }));
    const possible = wanted.filter(({ name, accepts }) => values.get(name)?.some(accepts) === true);
    // One term decides a conjunction that is to fail or a disjunction that is to hold; else all terms are needed.
    if (any === desired) return possible.map((term) => [term]);
    return possible.length === wanted.length ? [wanted] : [];
  }
  const constraint = valueConstraint(directiveTokens(structure.file, segment), desired);
  return constraint !== null && values.get(constraint.name)?.some(constraint.accepts) === true ? [[constraint]] : [];
}

/** For `#if NAME`, `#if !NAME` and `#if NAME == 4`. */
function valueConstraint(tokens: readonly Token[], desired: boolean): Constraint | null {
  const index = tokens.findIndex(({ kind }) => kind === TokenKind.Identifier);
  if (index === -1) return null;
  const name = tokens[index]!.text;
  const negated = tokens.length === 2 && tokens[0]!.text === '!';
  if (tokens.length === 1 || negated)
    return { name, accepts: (value) => ((value !== null && value !== '0') !== negated) === desired };
  const compared = tokens.length === 3 ? comparison(tokens, index) : null;
  return compared && { name, accepts: (value) => compare(compared, value) === desired };
}
