/**
 * The entry for calls that need nothing but the preprocessor: `rewrite`, `build` and `as` of files without sites, most of a
 * kernel's. It is a bundle of its own, without parser, tables of instructions and yargs, and gives up where any of them has to
 * decide: it has written and said nothing then, and what it has read goes on to main.ts.
 */
import { expandAssemblerMacros } from '../macros/expand.ts';
import type { Preprocessed } from '../preprocess/types.ts';
import { surelyParses } from '../syntax/sure.ts';
import { splitCommandLine } from './arguments.ts';
import { assemblerWords } from './assembler-arguments.ts';
import { assembleUntouched } from './commands/as.ts';
import { buildUntouched, type Judge, readPlainly, rewriteUntouched } from './commands/untouched.ts';
import type { ExitCode } from './failure.ts';
import { beginReading, keepBytes, type ReadBytes, readText } from './files.ts';
import { outputPath, sourceArguments } from './options/common.ts';

export interface PlainCall {
  /** The exit code; null: the call is for main.ts. */
  readonly code: number | null;
  /** What was read so far. */
  readonly bytes: ReadBytes;
}

/** Does a call, or leaves it as it is. */
export function plainCall(argv: readonly string[]): PlainCall {
  beginReading();
  const bytes = keepBytes();
  return { code: attempt(argv), bytes };
}

function attempt(argv: readonly string[]): number | null {
  try {
    const assembler = assemblerWords(argv);
    if (assembler !== null) return assembleUntouched(assembler);
    return argv[0] === 'rewrite' || argv[0] === 'build' ? untouched(argv) : null;
  } catch {
    return null; // the same error occurs again in the whole tool, which reports it
  }
}

function untouched(argv: readonly string[]): ExitCode | null {
  const { rest, unknown, ...flags } = splitCommandLine(argv, readText);
  const words = unknown.length > 0 ? null : readWords(rest.slice(1));
  if (words === null || flags.dependencies?.file === '-') return null;
  const { files, targets: target, output, keepGoing } = words;
  const named = target.length > 0 ? { target } : {};
  const common = sourceArguments(flags, {
    files,
    ...named,
    strict: true,
    config: undefined,
    configs: [],
    conventions: [],
  });
  if (rest[0] === 'build') {
    const call = readPlainly({ ...common, output, keepGoing, linkTogether: false, jobs: 1 });
    return call === null ? null : buildUntouched(call, judge);
  }
  if (keepGoing) return null;
  const call = readPlainly({ ...common, output, inPlace: false, withHeaders: false, diff: false });
  return call === null ? null : rewriteUntouched(call, judge);
}

interface Words {
  readonly files: string[];
  readonly targets: string[];
  readonly output: string;
  readonly keepGoing: boolean;
}

/** The usual words of a build rule; null where another stands among them. */
function readWords(words: readonly string[]): Words | null {
  const files: string[] = [];
  const targets: string[] = [];
  const outputs: string[] = [];
  let keepGoing = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const [, name, joined] = /^(-o|--output|-t|--target)(?:=(.*))?$/s.exec(word) ?? [];
    if (name !== undefined) {
      const value = joined ?? words[++at];
      if (value === undefined || value === '' || value.startsWith('-')) return null;
      (name === '-o' || name === '--output' ? outputs : targets).push(value);
    } else if (word === '--keep-going' || word === '-k') keepGoing = true;
    else if (word === '' || word.startsWith('-') || word.endsWith('.lds.S')) return null;
    else files.push(word);
  }
  const [output] = outputs;
  if (files.length === 0 || outputs.length !== 1 || outputPath(output) === null) return null;
  return { files, targets, output: output!, keepGoing };
}

/** Finds nothing wrong where that is certain. */
const judge: Judge = ({ tokens, diagnostics }: Preprocessed) => {
  if (diagnostics.length > 0) return null;
  const expanded = expandAssemblerMacros(tokens);
  return expanded.diagnostics.length === 0 && surelyParses(expanded.tokens) ? [] : null;
};
