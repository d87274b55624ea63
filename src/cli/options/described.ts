/** Commands and options as plain words, for what is made of them beside the help. */
import type { Options } from 'yargs';
import type { CommandLine } from './command.ts';

export interface DescribedOption {
  readonly name: string;
  /** Its short form, without the dash; null for none. */
  readonly letter: string | null;
  readonly describe: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
  /** The default in words; null when it needs no mention. */
  readonly byDefault: string | null;
}

export interface DescribedCommand {
  readonly name: string;
  /** Behind the name: `<files..>`. */
  readonly synopsis: string;
  readonly describe: string;
  readonly options: readonly DescribedOption[];
  /** What its first argument may be, where it has a fixed choice. */
  readonly choices: readonly string[];
  /** In place of the usage, and behind the options; empty for neither. */
  readonly help: string;
}

export function describedCommand({
  usage,
  describe,
  options = {},
  positionals = {},
  help = '',
}: CommandLine): DescribedCommand {
  const [name, ...rest] = usage.split(' ');
  const [first] = Object.values(positionals);
  return {
    name: name!,
    synopsis: rest.join(' '),
    describe,
    options: describedOptions(options),
    choices: (first?.choices ?? []).map(String),
    help,
  };
}

export function describedOptions(table: Readonly<Record<string, Options>>): DescribedOption[] {
  return Object.entries(table)
    .filter(([, { hidden }]) => hidden !== true)
    .map(([name, { alias, describe = '', type, choices = [], default: value }]) => ({
      name,
      letter: typeof alias === 'string' && alias.length === 1 ? alias : null,
      describe,
      takesValue: type !== 'boolean',
      choices: choices.map(String),
      byDefault: typeof value === 'string' ? value : null,
    }));
}
