/**
 * The preprocessor flags as gcc takes them: `-I dir`, `-Idir`, `-DX=1`, `-U X`, `-include file` and `@file`, in any
 * order among other options. They are taken out before yargs sees the rest, because their order matters and because
 * `-include` is no option yargs can spell.
 */
import type { Command } from '../preprocess/types.ts';
import { assemblerCommands } from './assembler-options.ts';
import { assemblerFlags, type FlagUse, preprocessorWords, readFlag } from './compiler-flags.ts';
import { type DependencyRequest, quoted } from './depfile.ts';
import { Failure } from './failure.ts';
import { STANDARD_INPUT } from './files.ts';
import { withSlashes } from './path-text.ts';
import { splitWords } from './response-file.ts';

export interface CompilerFlags {
  /** In the order they are searched: -iquote, -I, -isystem, -idirafter. */
  readonly includeDirs: readonly string[];
  /** How many of them are of -iquote. */
  readonly quoteDirs: number;
  readonly commands: readonly Command[];
  /** Null: no dependency file. */
  readonly dependencies: DependencyRequest | null;
  /** False: `-P`, no line markers in what is made. */
  readonly lineMarkers: boolean;
}

export interface SplitArguments extends CompilerFlags {
  /** What is left for the command's own options. */
  readonly rest: readonly string[];
  /** Words of an `@file` that look like flags but are unknown: they are ignored. Each once. */
  readonly unknown: readonly string[];
}

interface Word {
  readonly text: string;
  /** From an `@file`. */
  readonly fromFile: boolean;
}

const maximumNesting = 10;

/** Short options of our own, which no flag of gcc is taken for. `-o` is among gcc's, but ours. */
const OWN = /^-[othkj]/;

/** The flags of a call, by what they are for. */
interface Found {
  readonly values: Record<FlagUse, string[]>;
  readonly defines: Command[];
}

/**
 * Splits `argv`; `read` gives the text of an `@file`. Flags in an `@file` about dependency files and line markers have no
 * effect: it holds the flags of another build, whose outputs they are about. Throws a Failure for a flag without its value,
 * or an unknown one.
 */
export function splitCommandLine(argv: readonly string[], read: (path: string) => string): SplitArguments {
  const words = expandResponseFiles(
    argv.map((text) => ({ text, fromFile: false })),
    read,
    0,
  );
  const found = nothingFound();
  const rest: string[] = [];
  const unknown = new Set<string>();
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
    const forAssembler = assemblerFlags(text);
    if (forAssembler !== null) {
      found.values.assembler.push(...forAssembler);
      continue;
    }
    const inner = preprocessorWords(text);
    if (inner !== null) {
      for (let each = 0; each < inner.length; each++) {
        const flag = readFlag(inner[each]!);
        if (flag !== null) take(found, flag.use, flag.value ?? flagValue(inner[each]!, inner[++each]), fromFile);
        else if (fromFile) unknown.add(inner[each]!);
        else throw new Failure(`unknown option ${inner[each]!}; try 'pvasm --help'`);
      }
      continue;
    }
    const flag = isFlag(text) ? readFlag(text) : undefined;
    if (flag === undefined) rest.push(text);
    else if (flag !== null) take(found, flag.use, flag.value ?? flagValue(text, words[++at]?.text), fromFile);
    else if (fromFile) unknown.add(text);
    else throw new Failure(`unknown option ${text}; try 'pvasm --help'`);
  }
  const { values, defines } = found;
  return {
    includeDirs: [...values.quote, ...values.directory, ...values.system, ...values.after],
    quoteDirs: values.quote.length,
    // gcc processes all -D and -U before any -include (CPP manual, "Invocation").
    commands: [
      ...defines,
      ...assemblerCommands(values.assembler),
      ...values.macros.map((path): Command => ({ kind: 'include', path, macrosOnly: true })),
      ...values.include.map((path): Command => ({ kind: 'include', path })),
    ],
    dependencies: dependencyRequest(values),
    lineMarkers: !values.switch.includes('-P'),
    // yargs would drop a lone dash.
    rest: rest.map((word) => (word === '-' ? STANDARD_INPUT : word)),
    unknown: [...unknown],
  };
}

function nothingFound(): Found {
  const values: Record<FlagUse, string[]> = {
    quote: [],
    directory: [],
    system: [],
    after: [],
    include: [],
    macros: [],
    define: [],
    undef: [],
    depfile: [],
    dependent: [],
    quotedDependent: [],
    switch: [],
    assembler: [],
    ignored: [],
  };
  return { values, defines: [] };
}

/** Values that are text, not paths. */
const TEXTS: ReadonlySet<FlagUse> = new Set(['define', 'undef', 'dependent', 'quotedDependent', 'switch', 'assembler']);
/** Flags about the outputs of the build that a response file was written for. */
const OUTPUTS: ReadonlySet<FlagUse> = new Set(['depfile', 'dependent', 'quotedDependent', 'switch']);

function take({ values, defines }: Found, use: FlagUse, value: string, fromFile: boolean): void {
  if (fromFile && OUTPUTS.has(use)) return;
  values[use].push(TEXTS.has(use) ? value : withSlashes(value));
  if (use === 'define') defines.push({ kind: 'define', text: value });
  if (use === 'undef') defines.push({ kind: 'undef', name: value });
}

/** Of several files the last one counts, as in gcc. Throws a Failure for what takes -MD, and comes without it. */
function dependencyRequest(values: Found['values']): DependencyRequest | null {
  const { depfile, dependent, quotedDependent, system, after } = values;
  const says = (word: string) => values.switch.includes(word);
  if (!says('-MD') && !says('-MMD')) {
    const given = ['-MF', '-MT', '-MQ', '-MP'].find((_, at) => [depfile, dependent, quotedDependent][at]?.length);
    const orphan = given ?? (says('-MP') ? '-MP' : null);
    if (orphan !== null) throw new Failure(`${orphan} takes -MD or -MMD`);
    return null;
  }
  return {
    systemDirs: says('-MD') ? [] : [...system, ...after],
    file: depfile.at(-1) ?? null,
    targets: [...dependent, ...quotedDependent.map(quoted)],
    phony: says('-MP'),
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

function flagValue(flag: string, next: string | undefined): string {
  if (next === undefined) throw new Failure(`option ${flag} needs a value`);
  return next;
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
