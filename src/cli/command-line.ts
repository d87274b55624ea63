/** The command line: `pvasm COMMAND FILE... [options]`. Each command's own options are in a module of `options/`. */
import yargs, { type Argv } from 'yargs';
import { type CompilerFlags, splitCommandLine } from './arguments.ts';
import { type ExitCode, Failure } from './failure.ts';
import { readText } from './files.ts';
import { COMMANDS, GLOBAL_OPTIONS } from './options/all.ts';
import type { CommandLine, GlobalOptions } from './options/command.ts';
import { GCC_FLAGS } from './options/common.ts';
import { callWords, colourSwitch, refuseWrongUse, withSuggestion } from './options/mistakes.ts';
import { withConsole } from './output.ts';
import { VERSION } from './version.ts';

const WORDS = callWords(COMMANDS, GLOBAL_OPTIONS);

/** What a command line asks for. */
export type Call = () => Promise<ExitCode>;

/**
 * Reads the arguments of a call; null when it was answered already (help, version, completion). Throws a Failure for what
 * no command understands.
 */
export function readCommandLine(argv: readonly string[]): Call | null {
  // A shell that completes hands over what was typed so far: an option may have no value yet.
  const isAsked = argv[0] === '--get-yargs-completions';
  const { rest: words, unknown, ...flags } = splitCommandLine(isAsked ? [] : argv, readText);
  for (const word of unknown) process.stderr.write(`pvasm: ${word} is not known, and has no effect\n`);
  const parser = emptyParser(isAsked ? argv : words.flatMap(colourSwitch));
  for (const command of COMMANDS) addCommand(parser, command, flags);
  try {
    withConsole(() => parser.parse());
  } catch (thrown) {
    if (thrown instanceof Chosen) return thrown.call;
    throw thrown;
  }
  return null;
}

/** What a handler throws: from one that returns, yargs goes on to lay out its help, which takes longer than all the rest. */
class Chosen {
  constructor(readonly call: Call) {}
}

function emptyParser(words: readonly string[]): Argv<GlobalOptions> {
  return (
    yargs([...words])
      .scriptName('pvasm')
      .version(VERSION)
      .usage(
        '$0 COMMAND FILE... [-I DIR] [-D NAME=VALUE] [-U NAME] [-include FILE] [@FILE]\n\nParavirtualizes IA-64 kernel assembly.',
      )
      .options(GLOBAL_OPTIONS)
      .alias('help', 'h')
      .epilogue(GCC_FLAGS)
      // Numbers are names of files like any other, and a dot is a part of a name.
      .parserConfiguration({ 'parse-numbers': false, 'parse-positional-numbers': false, 'dot-notation': false })
      .demandCommand(1, 'no command given')
      .check((args) => refuseWrongUse(WORDS, args))
      .strict()
      .exitProcess(false)
      .fail((message, error) => {
        if (error instanceof Failure) throw error;
        throw new Failure(`${withSuggestion(WORDS, message.trim(), words)}; try 'pvasm --help'`);
      })
  );
}

function addCommand(parser: Argv<GlobalOptions>, command: CommandLine, flags: CompilerFlags): void {
  const { usage, describe, positionals = {}, options = {}, hidden = [], help, epilogue } = command;
  parser.command(
    usage,
    describe,
    (own) => {
      for (const [name, positional] of Object.entries(positionals)) own.positional(name, positional);
      own.options(options);
      for (const name of hidden) own.hide(name);
      if (help !== undefined) own.usage(help);
      return epilogue === undefined ? own : own.epilogue(epilogue);
    },
    (args) => {
      throw new Chosen(async () => command.run(args, flags));
    },
  );
}
