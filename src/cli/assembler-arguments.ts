/** The command line of `pvasm as`: what is ours, what the assembler reads, and all the rest, which goes to it as it is. */
import type { Command } from '../preprocess/types.ts';
import { readOption } from './assembler-options.ts';
import { Failure } from './failure.ts';
import { STANDARD_INPUT } from './files.ts';

export interface AssemblerArguments {
  /** The sources; none: standard input. */
  readonly files: readonly string[];
  /** All options of the assembler, in order. */
  readonly options: readonly string[];
  /** What options say of the source: `--defsym`, `--alternate`. */
  readonly commands: readonly Command[];
  /** `-I`: where it looks for files that a source includes, behind the working directory. */
  readonly includeDirs: readonly string[];
  /** `--MD`: where the assembler writes what the object is made of. */
  readonly depfile: string | null;
  /** It only prints something. */
  readonly answers: boolean;
  readonly targets: readonly string[];
  /** `--config FILE`; `--no-config`: false. */
  readonly config: string | false | null;
  readonly keepGoing: boolean;
}

type Mutable = { -readonly [key in keyof AssemblerArguments]: AssemblerArguments[key] } & {
  files: string[];
  options: string[];
  targets: string[];
  commands: Command[];
  includeDirs: string[];
};

/**
 * The words behind `as`; null for another command's call, and for one that asks pvasm for help. `gcc-as` is how bin/gcc-as/as calls it,
 * which is taken for the assembler, and so answers as the assembler does.
 */
export function assemblerWords(argv: readonly string[]): readonly string[] | null {
  const isAssembler = argv[0] === 'gcc-as' || (argv[0] === 'as' && !argv.includes('--help'));
  return isAssembler ? argv.slice(1) : null;
}

/** Splits the words behind `as`, `@file` expanded. Throws a Failure for an option of ours without its value. */
export function splitAssemblerLine(words: readonly string[]): AssemblerArguments {
  const found: Mutable = {
    ...{ files: [], options: [], targets: [], commands: [], includeDirs: [], depfile: null },
    ...{ answers: false, config: null, keepGoing: false },
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') break; // the assembler reads no word behind it
    if (word === '-') found.files.push(STANDARD_INPUT);
    else if (!word.startsWith('-')) found.files.push(word);
    else {
      const own = takeOwn(found, word, words[at + 1]);
      at += own ?? takeOther(found, word, words[at + 1]);
    }
  }
  return found;
}

/** The number of further words that an option of pvasm took; null if it is no option of pvasm. */
function takeOwn(found: Mutable, word: string, next: string | undefined): number | null {
  const target = /^(?:--target=|-t)(.+)$/.exec(word);
  if (target !== null) {
    found.targets.push(target[1]!);
    return 0;
  }
  if (word === '-t' || word === '--target' || word === '--config') {
    if (next === undefined) throw new Failure(`option ${word} needs a value`);
    if (word === '--config') found.config = next;
    else found.targets.push(next);
    return 1;
  }
  if (word.startsWith('--config=')) found.config = word.slice('--config='.length);
  else if (word === '--no-config') found.config = false;
  else if (word === '--keep-going') found.keepGoing = true;
  else return null;
  return 0;
}

/** The same for an option of the assembler. */
function takeOther(found: Mutable, word: string, next: string | undefined): number {
  found.options.push(word);
  const option = readOption(word, next);
  if (option === null) return 0;
  if (option.use === 'answers') found.answers = true;
  if (option.command !== null) found.commands.push(option.command);
  if (option.taken > 0) found.options.push(next!);
  if (option.use === 'folder' && option.value !== null) found.includeDirs.push(option.value);
  if (option.use === 'depfile' && option.value !== null) found.depfile = option.value;
  return option.taken;
}
