/**
 * Under which `#if` conditions a place of a file is compiled, in words: `CONFIG_SMP is not set and X > 2`. Rules that
 * read the source as written, every branch of it, need this to say when their finding holds.
 */
import { countUpTo } from '../syntax/search.ts';
import { type Token, TokenKind } from '../syntax/token.ts';
import type { CppDirective, Statement, Tree } from '../syntax/tree.ts';

export interface StatedCondition {
  /** Words after "when"; null: always. */
  readonly words: string | null;
  /** Never compiled: `#if 0`, or another condition that the source or the command line makes false. */
  readonly never: boolean;
}

const ALWAYS: StatedCondition = { words: null, never: false };

/**
 * The condition at each place of a file, looked up by token index.
 *
 * @param outcome of the directive at an offset: whether its condition holds, where that is no choice
 */
export function conditionsOf(
  tree: Tree,
  outcome: (directive: number) => boolean | null,
): (token: number) => StatedCondition {
  const starts: number[] = [];
  const conditions: StatedCondition[] = [];
  const stack: Branches[] = [];
  const directives = cppDirectives(tree.statements);
  directives.forEach((directive, index) => {
    const decided = outcome(tree.tokens[directive.first]!.start);
    if (!step(stack, directive, words(tree, directive), isGuard(tree, directives, index), decided)) return;
    starts.push(directive.first);
    conditions.push(join(stack));
  });
  return (token) => conditions[countUpTo(starts, token, (start) => start) - 1] ?? ALWAYS;
}

/** One `#if` group: the branch we are in, and what the branches before it tested. */
interface Branches {
  readonly before: readonly Test[];
  readonly now: Test | null;
  readonly guard: boolean;
}

interface Test {
  readonly yes: string;
  readonly no: string;
  readonly constant: boolean | null;
}

/** Moves the stack over a directive; false when the directive is no conditional. */
function step(
  stack: Branches[],
  directive: CppDirective,
  tokens: readonly Token[],
  guard: boolean,
  decided: boolean | null,
): boolean {
  const readTest = (kind: string): Test => {
    const test = testOf(kind, tokens);
    return decided === null ? test : { ...test, constant: decided };
  };
  const top = stack.at(-1);
  switch (directive.name) {
    case 'if':
    case 'ifdef':
    case 'ifndef':
      stack.push({ before: [], now: readTest(directive.name), guard });
      return true;
    case 'elif':
    case 'elifdef':
    case 'elifndef':
    case 'else': {
      if (top === undefined) return false;
      const before = top.now === null ? top.before : [...top.before, top.now];
      const now = directive.name === 'else' ? null : readTest(directive.name.slice(2));
      stack[stack.length - 1] = { before, now, guard: top.guard };
      return true;
    }
    case 'endif':
      return stack.pop() !== undefined;
    default:
      return false;
  }
}

function join(stack: readonly Branches[]): StatedCondition {
  const parts: string[] = [];
  let never = false;
  for (const { before, now, guard } of stack) {
    if (guard) continue;
    for (const test of before) {
      if (test.constant === true) never = true;
      else if (test.constant === null) parts.push(test.no);
    }
    if (now?.constant === false) never = true;
    else if (now !== null && now.constant === null) parts.push(now.yes);
  }
  const distinct = [...new Set(parts)];
  return never || distinct.length > 0 ? { words: distinct.join(' and ') || null, never } : ALWAYS;
}

function testOf(kind: string, tokens: readonly Token[]): Test {
  const first = tokens[0]?.text ?? '';
  if (kind === 'ifdef') return defined(first, false);
  if (kind === 'ifndef') return defined(first, true);
  if (tokens.length === 1 && tokens[0]!.kind === TokenKind.Number)
    return { yes: first, no: first, constant: !/^0+$|^0x0+$/i.test(first) };
  const name = definedOperand(tokens);
  if (name !== null) return defined(name.text, name.negated);
  const text = tokens.map((token, index) => (index > 0 && token.spaceBefore ? ` ${token.text}` : token.text)).join('');
  return { yes: `${text} is true`, no: `${text} is false`, constant: null };
}

function defined(name: string, negated: boolean): Test {
  // A kernel's configuration options are "set"; of other macros C says "defined".
  const verb = name.startsWith('CONFIG_') ? 'set' : 'defined';
  const yes = `${name} is ${verb}`;
  const no = `${name} is not ${verb}`;
  return negated ? { yes: no, no: yes, constant: null } : { yes, no, constant: null };
}

/** The X of `defined(X)`, `defined X` and `!defined(X)` when there is nothing else in the condition. */
function definedOperand(tokens: readonly Token[]): { readonly text: string; readonly negated: boolean } | null {
  const texts = tokens.map((token) => token.text);
  const negated = texts[0] === '!';
  const rest = negated ? texts.slice(1) : texts;
  if (rest[0] !== 'defined') return null;
  if (rest.length === 2) return { text: rest[1]!, negated };
  return rest.length === 4 && rest[1] === '(' && rest[3] === ')' ? { text: rest[2]!, negated } : null;
}

/** `#ifndef X` with `#define X` next: an include guard says nothing about configurations. */
function isGuard(tree: Tree, directives: readonly CppDirective[], index: number): boolean {
  const directive = directives[index]!;
  const next = directives[index + 1];
  if (index !== 0 || directive.name !== 'ifndef' || next?.name !== 'define') return false;
  return next.define?.name === words(tree, directive)[0]?.text;
}

/** The directive's tokens behind its name, without blanks and comments. */
function words(tree: Tree, directive: CppDirective): readonly Token[] {
  const tokens: Token[] = [];
  for (let index = directive.first; index <= directive.last; index++) {
    const token = tree.tokens[index]!;
    if (token.kind !== TokenKind.Space && token.kind !== TokenKind.Comment && token.kind !== TokenKind.Newline)
      tokens.push(token);
  }
  return tokens.slice(directive.name === '' ? 1 : 2);
}

function cppDirectives(statements: readonly Statement[]): readonly CppDirective[] {
  return statements.filter((statement) => statement.kind === 'cpp');
}
