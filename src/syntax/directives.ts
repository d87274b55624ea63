/** cpp directives in text before preprocessing: their ends and names, and the regions that conditionals divide a file into. */
import { type Token, TokenKind } from './token.ts';

const HASH = 35;

/** Index of the last token of the directive that starts at `at`: the one before the Newline. */
export function directiveEnd(tokens: readonly Token[], at: number, last: number): number {
  let end = at;
  while (end < last && tokens[end + 1]!.kind !== TokenKind.Newline) end++;
  return end;
}

/** Index of the first token at or behind `at`, up to `last`, that is neither blank nor comment; `last + 1` if none. */
export function skipTrivia(tokens: readonly Token[], at: number, last: number): number {
  let next = at;
  while (next <= last && (tokens[next]!.kind === TokenKind.Space || tokens[next]!.kind === TokenKind.Comment)) next++;
  return next;
}

/** `define` of `# define X`; empty when no name follows the `#`. */
export function directiveName(tokens: readonly Token[], at: number, last: number): string {
  if (tokens[at]!.text !== '#') return '';
  const name = skipTrivia(tokens, at + 1, last);
  return name <= last && tokens[name]!.kind === TokenKind.Identifier ? tokens[name]!.text : '';
}

export interface DefineHead {
  readonly name: string;
  readonly parameters: readonly string[] | null;
  readonly variadic: boolean;
  /** Token range of the body without trivia around it; `bodyLast < bodyFirst` when it is empty. */
  readonly bodyFirst: number;
  readonly bodyLast: number;
}

/** Reads `#define NAME(a, b...) body` in `tokens[at..last]`; null when it is malformed. */
export function readDefine(tokens: readonly Token[], at: number, last: number): DefineHead | null {
  const keyword = skipTrivia(tokens, at + 1, last);
  const nameAt = skipTrivia(tokens, keyword + 1, last);
  if (nameAt > last || tokens[nameAt]!.kind !== TokenKind.Identifier) return null;
  let next = nameAt + 1;
  let parameters: string[] | null = null;
  let variadic = false;
  if (next <= last && tokens[next]!.text === '(') {
    parameters = [];
    next++;
    for (; next <= last && tokens[next]!.text !== ')'; next++) {
      const token = tokens[next]!;
      if (token.kind === TokenKind.Identifier) parameters.push(token.text);
      else if (token.text === '...') variadic = true;
      else if (token.text !== ',' && token.kind !== TokenKind.Space && token.kind !== TokenKind.Comment) return null;
    }
    if (next > last) return null;
    next++;
    // `...` alone is named __VA_ARGS__; `args...` keeps its name.
    if (variadic && tokens[previous(tokens, next - 2)]!.text === '...') {
      const before = tokens[previous(tokens, previous(tokens, next - 2) - 1)]!.text;
      if (before === '(' || before === ',') parameters.push('__VA_ARGS__');
    }
  }
  const bodyFirst = skipTrivia(tokens, next, last);
  let bodyLast = last;
  while (bodyLast >= bodyFirst && isTrivia(tokens[bodyLast]!)) bodyLast--;
  return { name: tokens[nameAt]!.text, parameters, variadic, bodyFirst, bodyLast };
}

function isTrivia(token: Token): boolean {
  return token.kind === TokenKind.Space || token.kind === TokenKind.Comment;
}

function previous(tokens: readonly Token[], at: number): number {
  let next = at;
  while (next > 0 && isTrivia(tokens[next]!)) next--;
  return next;
}

/** The content of a branch of a conditional: assembly, C code that the assembler never sees (`foreign`), or nothing (`#if 0`). */
export type Region = 'assembly' | 'foreign' | 'dead';

/** The open conditionals, outermost first. */
export interface Conditionals {
  readonly stack: Conditional[];
}

interface Conditional {
  branch: Region;
  otherwise: Region;
  /** The region that the conditionals around this one are in. */
  readonly outer: Region;
}

export function newConditionals(): Conditionals {
  return { stack: [] };
}

/** The region of the text after the last directive: C or dead if any conditional around it makes it so. */
function region(state: Conditionals): Region {
  const top = state.stack.at(-1);
  if (top === undefined) return 'assembly';
  if (top.outer === 'foreign' || top.branch === 'foreign') return 'foreign';
  return top.outer === 'dead' ? 'dead' : top.branch;
}

/**
 * The region of the lines after a directive, whose Newline is at `at`, up to the next directive. Foreign code ends before the
 * token `last`, a dead branch with it. Where there are no lines between, the region is assembly.
 */
export function regionEnd(
  tokens: readonly Token[],
  at: number,
  last: number,
  conditionals: Conditionals,
): { readonly kind: Region; readonly last: number } {
  const kind = region(conditionals);
  if (kind === 'assembly' || at >= last) return { kind: 'assembly', last: at };
  const end = linesEnd(tokens, at, last);
  return kind === 'foreign' && end === at ? { kind: 'assembly', last: at } : { kind, last: end };
}

/** The last Newline before the next line that starts with `#`, searched from the Newline at `at`. */
function linesEnd(tokens: readonly Token[], at: number, last: number): number {
  let newline = at;
  for (let next = at; next <= last; next++) {
    if (tokens[next]!.kind !== TokenKind.Newline) continue;
    newline = next;
    const start = skipTrivia(tokens, next + 1, last);
    if (start <= last && tokens[start]!.text.charCodeAt(0) === HASH) return newline;
  }
  return last;
}

/** Updates the state of the conditionals by the directive `tokens[at..last]`. */
export function enterDirective(
  state: Conditionals,
  name: string,
  tokens: readonly Token[],
  at: number,
  last: number,
): void {
  const top = state.stack.at(-1);
  switch (name) {
    case 'if':
    case 'ifdef':
    case 'ifndef':
      state.stack.push({ ...branches(name, condition(tokens, at, last)), outer: region(state) });
      break;
    case 'elif':
      if (top !== undefined) {
        const next = branches('if', condition(tokens, at, last));
        // After `#ifdef __ASSEMBLY__` every later branch is C; else the condition of the `#elif` decides.
        top.branch = top.otherwise === 'assembly' ? next.branch : top.otherwise;
        top.otherwise = top.otherwise === 'assembly' ? next.otherwise : top.otherwise;
      }
      break;
    case 'else':
      if (top !== undefined) top.branch = top.otherwise;
      break;
    case 'endif':
      state.stack.pop();
      break;
  }
}

/** The tokens of a directive after its name, without trivia. */
function condition(tokens: readonly Token[], at: number, last: number): string[] {
  const words: string[] = [];
  for (let next = skipTrivia(tokens, at + 1, last) + 1; next <= last; next++) {
    if (!isTrivia(tokens[next]!)) words.push(tokens[next]!.text);
  }
  return words;
}

/** Macros that are defined when a header is read for assembly, not for C: those of Linux, gcc and BSD. */
const ASSEMBLY_MACROS = new Set(['__ASSEMBLY__', '__ASSEMBLER__', 'LOCORE', '_LOCORE']);

function isAssemblyMacro(word: string | undefined): boolean {
  return word !== undefined && ASSEMBLY_MACROS.has(word);
}

/** The regions of the branch of `#if`, `#ifdef` or `#ifndef` with this condition, and of its `#else`. */
function branches(name: string, words: readonly string[]): { branch: Region; otherwise: Region } {
  if (name === 'ifndef') return { branch: isAssemblyMacro(words[0]) ? 'foreign' : 'assembly', otherwise: 'assembly' };
  if (name === 'ifdef') return { branch: 'assembly', otherwise: isAssemblyMacro(words[0]) ? 'foreign' : 'assembly' };
  if (words.length === 1 && words[0] === '0') return { branch: 'dead', otherwise: 'assembly' };
  if (words.length === 1 && words[0] === '1') return { branch: 'assembly', otherwise: 'dead' };
  const bare = words.filter((word) => word !== '(' && word !== ')');
  // `defined X` alone: its other branch is C. `! defined X`, alone or with more conditions: this branch is C.
  if (bare.length === 2 && bare[0] === 'defined' && isAssemblyMacro(bare[1]))
    return { branch: 'assembly', otherwise: 'foreign' };
  if (!bare.includes('||')) {
    for (let at = 0; at + 2 < bare.length; at++) {
      if (bare[at] === '!' && bare[at + 1] === 'defined' && isAssemblyMacro(bare[at + 2]))
        return { branch: 'foreign', otherwise: 'assembly' };
    }
  }
  return { branch: 'assembly', otherwise: 'assembly' };
}
