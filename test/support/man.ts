/** docs/pvasm.1, the manual page: what `pvasm --help` and the README say, as man(7) has it. */
import { readFileSync } from 'node:fs';
import { COMMANDS, GLOBAL_OPTIONS } from '../../src/cli/options/all.ts';
import { GCC_FLAGS } from '../../src/cli/options/common.ts';
import { type DescribedOption, describedCommand, describedOptions } from '../../src/cli/options/described.ts';

/** What stands in the page and no option says. */
const DESCRIPTION = `pvasm reads IA-64 assembly of operating system kernels, finds every instruction that a hypervisor must see, rewrites each into a macro whose arguments name every register that it hits, and emits one listing for each hypervisor. Which registers a macro may destroy is proven by liveness in every configuration of the source; 'pvasm report' says why.

Data goes to standard output, messages to standard error. The same input gives the same bytes.`;

const EXIT: readonly (readonly [string, string])[] = [
  ['0', 'clean'],
  ['1', 'findings: of check, of verify, a site that stays native'],
  ['2', 'usage, input or internal error; nothing was written'],
];

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ['NO_COLOR', 'set to anything: no colours, unless --color asks for them'],
  ['FORCE_COLOR', 'colours where no terminal is; 0 or false: none'],
  ['PVASM_TARGET', 'the target of pvasm as'],
  ['PVASM_AS', 'the assembler that pvasm as runs (ia64-linux-gnu-as)'],
];

const FILES: readonly (readonly [string, string])[] = [
  ['pvasm.toml', 'what a project always says, found from the working directory upward; see docs/configuration.md'],
];

/** Text as roff reads it: nothing in it is a request, an escape or a hyphen where a minus is meant. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replace(/^\./gm, '\\&.');
}

function term(title: string, text: string): string {
  return `.TP\n${title}\n${roff(text)}\n`;
}

function optionTerm({ name, letter, takesValue, choices, describe, byDefault }: DescribedOption): string {
  const value =
    choices.length > 0 ? choices.map((each) => `\\fB${roff(each)}\\fR`).join('|') : `\\fI${roff(valueName(name))}\\fR`;
  const short = letter === null ? '' : `\\fB\\-${letter}\\fR, `;
  const text = byDefault === null ? describe : `${describe} (${byDefault})`;
  return term(`${short}\\fB\\-\\-${roff(name)}\\fR${takesValue ? ` ${value}` : ''}`, text);
}

/** What an option is called says more of its value than a type would; but for `--at`. */
function valueName(option: string): string {
  return option.length < 3 ? 'VALUE' : option.split('-').at(-1)!.toUpperCase();
}

function commandSection(
  name: string,
  synopsis: string,
  describe: string,
  help: string,
  options: readonly DescribedOption[],
): string {
  const more = help.split('\n\n').slice(1).join('\n\n');
  return [
    `.SS pvasm ${roff(name)}${synopsis === '' ? '' : ` \\fI${roff(synopsis)}\\fR`}\n`,
    `${roff(capital(describe))}.\n`,
    ...(more === '' ? [] : [`.PP\n${roff(more)}\n`]),
    ...options.map(optionTerm),
  ].join('');
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}

function terms(list: readonly (readonly [string, string])[]): string {
  return list.map(([title, text]) => term(`\\fB${roff(title)}\\fR`, text)).join('');
}

/** The page as its file has it. No date: the same words give the same bytes. */
export function manualPage(): string {
  const { version, description } = JSON.parse(readFileSync('package.json', 'utf8'));
  const commands = COMMANDS.map(describedCommand);
  return [
    '.\\" Made of the commands\\(aq own words: npm run man\n',
    `.TH PVASM 1 "" "pvasm ${version}" "User Commands"\n`,
    `.SH NAME\npvasm \\- ${roff(description.replace(/\.$/, ''))}\n`,
    '.SH SYNOPSIS\n.B pvasm\n.I COMMAND FILE\n\\&... [\\fIoptions\\fR] [\\fIflags of gcc\\fR] [@\\fIFILE\\fR]\n',
    `.SH DESCRIPTION\n${DESCRIPTION.split('\n\n').map(roff).join('\n.PP\n')}\n`,
    '.SH COMMANDS\n',
    ...commands.map(({ name, synopsis, describe, help, options }) =>
      commandSection(name, synopsis, describe, help, options),
    ),
    `.SH OPTIONS OF EVERY COMMAND\n${describedOptions(GLOBAL_OPTIONS).map(optionTerm).join('')}`,
    `.PP\n${roff(GCC_FLAGS)}\n`,
    `.SH EXIT STATUS\n${terms(EXIT)}`,
    `.SH ENVIRONMENT\n${terms(ENVIRONMENT)}`,
    `.SH FILES\n${terms(FILES)}`,
    '.SH SEE ALSO\n.BR as (1),\n.BR cpp (1)\n.PP\nThe pages in the folder docs of the package: \\fBpvasm explain\\fR prints those of rules.\n',
  ].join('');
}
