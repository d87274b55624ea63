/** What is wrong with a command line and yargs does not see, and the word that was probably meant. */
import type { Options } from 'yargs';
import { suggestion } from '../../config/suggestion.ts';
import { Failure } from '../failure.ts';
import type { CommandLine } from './command.ts';

/** The words that command lines are made of. */
export interface CallWords {
  readonly commands: readonly string[];
  /** Options with a value that a command takes once. */
  readonly once: readonly string[];
  /** Options with a value that repeat, in one command at least. */
  readonly repeated: readonly string[];
  readonly switches: readonly string[];
}

/** The words of `commands` and of the options that all of them have. */
export function callWords(commands: readonly CommandLine[], everywhere: Readonly<Record<string, Options>>): CallWords {
  const options = [everywhere, ...commands.map((each) => each.options ?? {})].flatMap((table) => Object.entries(table));
  const namesOf = (fits: (option: Options) => boolean) => [
    ...new Set(options.filter(([, option]) => fits(option)).map(([name]) => name)),
  ];
  const repeated = namesOf(({ array }) => array === true);
  return {
    commands: commands.map(({ usage }) => usage.split(' ')[0]!),
    once: namesOf(({ type, array }) => type !== 'boolean' && array !== true).filter((name) => !repeated.includes(name)),
    repeated,
    switches: [...namesOf(({ type }) => type === 'boolean'), 'help', 'version'],
  };
}

/** An option given twice, or negated where there is nothing to negate. Throws a Failure. */
export function refuseWrongUse({ once, repeated }: CallWords, args: Readonly<Record<string, unknown>>): true {
  for (const name of [...once, ...repeated]) {
    const value = args[name];
    const all = Array.isArray(value) ? value : [value];
    if (name !== 'config' && all.some((each) => typeof each === 'boolean'))
      throw new Failure(`there is no option --no-${name}`);
    if (once.includes(name) && all.length > 1) throw new Failure(`--${name} is given more than once`);
  }
  return true;
}

/** The message of yargs, with the word that was probably meant. */
export function withSuggestion(known: CallWords, message: string, words: readonly string[]): string {
  const value = /Given: "(.*)", Choices: (.*)$/.exec(message);
  if (value !== null) {
    const choices = [...value[2]!.matchAll(/"([^"]*)"/g)].map((choice) => choice[1]!);
    return `${message}${suggestion(value[1]!, choices)}`;
  }
  const options = [...known.once, ...known.repeated, ...known.switches];
  const misspelt = /^Not enough/.test(message) ? words.find((word) => isUnknown(word, options)) : undefined;
  // An option that is not known has taken what was an argument.
  if (misspelt !== undefined) return withSuggestion(known, `Unknown argument: ${nameOf(misspelt)}`, words);
  const unknown = /^Unknown arguments?: (.*)$/.exec(message)?.[1]?.split(', ') ?? [];
  for (const each of unknown) {
    if (options.includes(each)) return `${message}; this command has no --${each}`;
    const isOption = words.some((word) => word === `--${each}` || word.startsWith(`--${each}=`));
    const meant = suggestion(each, isOption ? options : known.commands);
    if (meant !== '') return `${message}${isOption ? meant.replace("'", "'--") : meant}`;
  }
  return message;
}

function isUnknown(word: string, options: readonly string[]): boolean {
  return (
    /^--[a-z]/.test(word) && ![nameOf(word), nameOf(word).replace(/^no-/, '')].some((name) => options.includes(name))
  );
}

/** `keep-going` of `--keep-going=x`. */
function nameOf(word: string): string {
  return word.slice(2).replace(/=.*$/s, '');
}

const COLOURS: Readonly<Record<string, readonly string[]>> = { always: ['--color'], never: ['--no-color'], auto: [] };

/** `--color=always` and its like, which other tools take, as the switch that this one has. Throws a Failure for another word. */
export function colourSwitch(word: string): readonly string[] {
  const when = /^--colou?r=(.*)$/s.exec(word)?.[1];
  if (when === undefined) return [word];
  const meant = Object.hasOwn(COLOURS, when) ? COLOURS[when] : undefined;
  if (meant === undefined) throw new Failure(`--color: '${when}' is none of ${Object.keys(COLOURS).join(', ')}`);
  return meant;
}
