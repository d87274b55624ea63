/** The options of the GNU assembler that mean something to pvasm: grammar/assembler-options.tsv. */
import table from '../../grammar/assembler-options.tsv';
import { tableRows } from '../machine/tsv.ts';
import type { Command } from '../preprocess/types.ts';

type Use = 'value' | 'symbol' | 'macros' | 'depfile' | 'folder' | 'answers';

/** A word of the command line as the table has it, with the value that is joined to it. */
interface Known {
  readonly use: Use;
  readonly joined: string | null;
}

/** An option, and what it says of the source. */
export interface ReadOption {
  readonly use: Use;
  /** Null: it takes none, or none is left. */
  readonly value: string | null;
  /** How many words its value takes behind it: 0 or 1. */
  readonly taken: number;
  /** Null: it says nothing of the source. */
  readonly command: Command | null;
}

/** Reads the option that `word` is; null for one that is only passed on. */
export function readOption(word: string, next: string | undefined): ReadOption | null {
  const known = knownOption(word);
  if (known === null) return null;
  const { use, joined } = known;
  if (use === 'answers') return { use, value: null, taken: 0, command: null };
  if (use === 'macros') return { use, value: null, taken: 0, command: { kind: 'assembly', line: '.altmacro' } };
  const value = joined ?? next ?? null;
  const says = use === 'symbol' && value !== null;
  const command: Command | null = says ? { kind: 'assembly', line: value.replace('=', ' = ') } : null;
  return { use, value, taken: joined === null && next !== undefined ? 1 : 0, command };
}

/** What the words that gcc hands to the assembler (`-Wa,` and `-Xassembler`) say of the source. */
export function assemblerCommands(words: readonly string[]): Command[] {
  const commands: Command[] = [];
  for (let at = 0; at < words.length; at++) {
    const option = readOption(words[at]!, words[at + 1]);
    if (option === null) continue;
    if (option.command !== null) commands.push(option.command);
    at += option.taken;
  }
  return commands;
}

let options: readonly (readonly [string, Use])[] | undefined;

function knownOption(word: string): Known | null {
  options ??= tableRows(table).map(([option, use]) => [option!, use as Use] as const);
  for (const [option, use] of options) {
    if (/^-[^-]$/.test(option)) continue;
    const [name, ...value] = word.replace(/^--?/, '').split('=');
    // getopt takes a long option by its beginning; one letter is a short option.
    const isShortened = name!.length > 2 && option.slice(2).startsWith(name!);
    if (option.slice(2) === name || isShortened) return { use, joined: value.length > 0 ? value.join('=') : null };
  }
  const short = options.find(([option]) => /^-[^-]$/.test(option) && word.startsWith(option));
  if (short === undefined) return null;
  return { use: short[1], joined: word.length > 2 ? word.slice(2) : null };
}
