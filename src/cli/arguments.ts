/**
 * The preprocessor flags as gcc takes them: `-I dir`, `-Idir`, `-DX=1`, `-U X`, `-include file` and `@file`, in any
 * order among other options. They are taken out before yargs sees the rest, because their order matters and because
 * `-include` is no option yargs can spell.
 */
import type { Command } from '../preprocess/types.ts';
import { type FlagUse, preprocessorWords, readFlag } from './compiler-flags.ts';
import { Failure } from './failure.ts';
import { STANDARD_INPUT } from './files.ts';
import { withSlashes } from './path-text.ts';

export interface CompilerFlags {
  /** In the order they are searched: -iquote, -I, -isystem, -idirafter. */
  readonly includeDirs: readonly string[];
  readonly commands: readonly Command[];
}

export interface SplitArguments extends CompilerFlags {
  /** What is left for the command's own options. */
  readonly rest: readonly string[];
  /** Words of an `@file` that look like flags and are none of gcc's that we know: ignored. Each once. */
  readonly unknown: readonly string[];
}

interface Word {
  readonly text: string;
  /** From an `@file`. */
  readonly fromFile: boolean;
}

const maximumNesting = 10;

/** Short options of our own, which no flag of gcc is taken for. `-o` is among gcc's, but ours. */
const OWN = /^-[othk]/;

/** Splits `argv`; `read` gives the text of an `@file`. Throws a Failure for a flag without its value, or an unknown one. */
export function splitCommandLine(argv: readonly string[], read: (path: string) => string): SplitArguments {
  const words = expandResponseFiles(
    argv.map((text) => ({ text, fromFile: false })),
    read,
    0,
  );
  const found: Record<FlagUse, string[]> = {
    quote: [],
    directory: [],
    system: [],
    after: [],
    include: [],
    define: [],
    undef: [],
    ignored: [],
  };
  const defines: Command[] = [];
  const rest: string[] = [];
  const unknown = new Set<string>();
  const take = (use: FlagUse, value: string): void => {
    found[use].push(use === 'define' || use === 'undef' ? value : withSlashes(value));
    if (use === 'define') defines.push({ kind: 'define', text: value });
    if (use === 'undef') defines.push({ kind: 'undef', name: value });
  };
  for (let at = 0; at < words.length; at++) {
    const { text, fromFile } = words[at]!;
    if (text === '--') {
      // What follows are files, whatever they begin with.
      rest.push(...words.slice(at + 1).map((file) => asFile(file.text)));
      break;
    }
    if (text === '--configs' && at + 1 < words.length) {
      rest.push(`${text}=${words[++at]!.text}`); // its value is flags, and they are not ours
      continue;
    }
    const inner = preprocessorWords(text);
    if (inner !== null) {
      const { includeDirs, commands } = splitCommandLine(inner, read);
      found.directory.push(...includeDirs);
      for (const command of commands)
        if (command.kind === 'include') found.include.push(command.path);
        else defines.push(command);
      continue;
    }
    const flag = isFlag(text) ? readFlag(text) : undefined;
    if (flag === undefined) rest.push(text);
    else if (flag !== null) take(flag.use, flag.value ?? flagValue(text, words[++at]));
    else if (fromFile) unknown.add(text);
    else throw new Failure(`unknown option ${text}; try 'pvasm --help'`);
  }
  return {
    includeDirs: [...found.quote, ...found.directory, ...found.system, ...found.after],
    // gcc processes all -D and -U before any -include (CPP manual, "Invocation").
    commands: [...defines, ...found.include.map((path): Command => ({ kind: 'include', path }))],
    // yargs would drop a lone dash.
    rest: rest.map((word) => (word === '-' ? STANDARD_INPUT : word)),
    unknown: [...unknown],
  };
}

/** Options with two dashes are ours, but for `--param` and `--sysroot=`. */
function isFlag(word: string): boolean {
  if (/^--(param$|param=|sysroot=)/.test(word)) return true;
  return /^-[^-]/.test(word) && !OWN.test(word);
}

function asFile(word: string): string {
  return (word.startsWith('-') && word !== '-') || word === '' ? `./${word}` : word;
}

function flagValue(flag: string, next: Word | undefined): string {
  if (next === undefined) throw new Failure(`option ${flag} needs a value`);
  return next.text;
}

function expandResponseFiles(argv: readonly Word[], read: (path: string) => string, depth: number): Word[] {
  if (depth > maximumNesting) throw new Failure(`@file is nested more than ${maximumNesting} deep`);
  const words: Word[] = [];
  for (const [at, word] of argv.entries()) {
    if (word.text === '--') return [...words, ...argv.slice(at)];
    if (word.text.length > 1 && word.text.startsWith('@')) {
      const inner = splitWords(read(word.text.slice(1))).map((text) => ({ text, fromFile: true }));
      words.push(...expandResponseFiles(inner, read, depth + 1));
    } else words.push(word);
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
