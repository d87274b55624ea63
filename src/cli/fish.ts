/** Completion for fish, which yargs does not know. */
import type { CommandLine, OptionTable } from './options/command.ts';
import {
  type DescribedCommand,
  type DescribedOption,
  describedCommand,
  describedOptions,
} from './options/described.ts';

export function fishCompletion(all: readonly CommandLine[], everywhere: OptionTable): string {
  const commands = all.map(describedCommand);
  const names = commands.map(({ name }) => name).join(' ');
  const none = `not __fish_seen_subcommand_from ${names}`;
  return [
    '# Completion of pvasm for fish: pvasm completion fish > ~/.config/fish/completions/pvasm.fish',
    ...commands.map(({ name, describe }) => line(`-n ${quoted(none)} -f -a ${name}`, describe)),
    line(`-n ${quoted(none)} -l help -s h`, 'what a command takes'),
    line(`-n ${quoted(none)} -l version`, 'the version'),
    ...commands.flatMap(commandLines),
    ...describedOptions(everywhere).map((option) => optionLine(`__fish_seen_subcommand_from ${names}`, option)),
    '',
  ].join('\n');
}

function commandLines({ name, options, choices }: DescribedCommand): string[] {
  const seen = `__fish_seen_subcommand_from ${name}`;
  return [
    ...options.map((option) => optionLine(seen, option)),
    ...(choices.length === 0 ? [] : [line(`-n ${quoted(seen)} -f -a ${quoted(choices.join(' '))}`)]),
  ];
}

function optionLine(condition: string, { name, letter, takesValue, choices, describe }: DescribedOption): string {
  const short = letter === null ? '' : ` -s ${letter}`;
  const value = !takesValue ? '' : choices.length === 0 ? ' -r' : ` -x -a ${quoted(choices.join(' '))}`;
  return line(`-n ${quoted(condition)} -l ${name}${short}${value}`, describe);
}

function line(rest: string, describe = ''): string {
  return `complete -c pvasm ${rest}${describe === '' ? '' : ` -d ${quoted(describe)}`}`;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
