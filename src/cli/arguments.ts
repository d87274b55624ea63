/**
 * The preprocessor flags as gcc takes them: `-I dir`, `-Idir`, `-DX=1`, `-U X`, `-include file` and `@file`, in any
 * order among other options. They are taken out before yargs sees the rest, because their order matters and because
 * `-include` is no option yargs can spell.
 */
import type { Command } from '../preprocess/types.ts';
import { Failure } from './failure.ts';
import { STANDARD_INPUT } from './files.ts';

export interface CompilerFlags {
  readonly includeDirs: readonly string[];
  readonly commands: readonly Command[];
}

export interface SplitArguments extends CompilerFlags {
  /** What is left for the command's own options. */
  readonly rest: readonly string[];
}

const maximumNesting = 10;

/** Splits `argv`; `read` gives the text of an `@file`. Throws a Failure for a flag without its value. */
export function splitArguments(argv: readonly string[], read: (path: string) => string): SplitArguments {
  const words = expandResponseFiles(argv, read, 0);
  const includeDirs: string[] = [];
  const defines: Command[] = [];
  const includes: Command[] = [];
  const rest: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') {
      // What follows are files, whatever they begin with.
      rest.push(...words.slice(at + 1).map((file) => (file.startsWith('-') && file !== '-' ? `./${file}` : file)));
      break;
    }
    if (word === '--configs' && at + 1 < words.length) {
      rest.push(`${word}=${words[++at]}`); // its value is flags, and they are not ours
      continue;
    }
    const flag = word === '-include' ? word : word.slice(0, 2);
    const known = word === '-include' || (/^-[IDU]/.test(word) && !word.startsWith('--'));
    if (!known) {
      rest.push(word);
      continue;
    }
    const value = word.length > flag.length ? word.slice(flag.length) : words[++at];
    if (value === undefined) throw new Failure(`option ${flag} needs a value`);
    if (flag === '-I') includeDirs.push(value);
    else if (flag === '-D') defines.push({ kind: 'define', text: value });
    else if (flag === '-U') defines.push({ kind: 'undef', name: value });
    else includes.push({ kind: 'include', path: value });
  }
  // yargs would drop a lone dash.
  const named = rest.map((word) => (word === '-' ? STANDARD_INPUT : word));
  // gcc processes all -D and -U before any -include (CPP manual, "Invocation").
  return { includeDirs, commands: [...defines, ...includes], rest: named };
}

function expandResponseFiles(argv: readonly string[], read: (path: string) => string, depth: number): string[] {
  if (depth > maximumNesting) throw new Failure(`@file is nested more than ${maximumNesting} deep`);
  const words: string[] = [];
  for (const word of argv) {
    if (word.length > 1 && word.startsWith('@'))
      words.push(...expandResponseFiles(splitWords(read(word.slice(1))), read, depth + 1));
    else words.push(word);
  }
  return words;
}

/** Words as gcc splits a response file: blanks separate, quotes and backslashes protect. */
function splitWords(text: string): string[] {
  const words: string[] = [];
  for (const match of text.matchAll(/(?:"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|\\[\s\S]|[^\s"'\\])+/g))
    words.push(match[0].replace(/"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|\\([\s\S])/g, unquote));
  return words;
}

function unquote(_: string, double?: string, single?: string, escaped?: string): string {
  return escaped ?? (double ?? single ?? '').replace(/\\([\s\S])/g, '$1');
}
