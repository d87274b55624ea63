/** The command line: `pvasm COMMAND FILE... [options]`. Each command's own options stand in a module of `options/`. */
import yargs, { type Argv } from 'yargs';
import { type CompilerFlags, splitCommandLine } from './arguments.ts';
import { type ExitCode, Failure } from './failure.ts';
import { readText } from './files.ts';
import { auditOptions } from './options/audit.ts';
import { buildOptions } from './options/build.ts';
import { checkOptions } from './options/check.ts';
import type { CommandLine, GlobalOptions } from './options/command.ts';
import { GCC_FLAGS } from './options/common.ts';
import { diffOptions } from './options/diff.ts';
import { explainOptions } from './options/explain.ts';
import { headerOptions } from './options/header.ts';
import { lspOptions } from './options/lsp.ts';
import { callWords, refuseWrongUse, withSuggestion } from './options/mistakes.ts';
import { patchOptions } from './options/patch.ts';
import { reportOptions } from './options/report.ts';
import { rewriteOptions } from './options/rewrite.ts';
import { targetOptions, targetsOptions } from './options/targets.ts';
import { asOptions, initOptions } from './options/tree.ts';
import { verifyOptions } from './options/verify.ts';
import { VERSION } from './version.ts';

/** In the order of the help. */
const COMMANDS = [
  rewriteOptions,
  buildOptions,
  reportOptions,
  auditOptions,
  checkOptions,
  diffOptions,
  explainOptions,
  patchOptions,
  headerOptions,
  targetOptions,
  targetsOptions,
  verifyOptions,
  lspOptions,
  asOptions,
  initOptions,
];

const GLOBAL_OPTIONS = {
  strict: {
    type: 'boolean',
    describe:
      'a missing header is an error (where registers are chosen: yes); --no-strict: a warning, and a name that it defines may be a register that is taken',
    global: true,
  },
  conventions: {
    type: 'string',
    array: true,
    nargs: 1,
    default: [] as string[],
    requiresArg: true,
    describe: 'a file of conventions (TOML) or a shipped name, behind linux-ia64; none: not that either',
    global: true,
  },
  config: {
    type: 'string',
    requiresArg: true,
    describe: 'in place of the nearest pvasm.toml; --no-config: none',
    global: true,
  },
  configs: {
    type: 'string',
    array: true,
    nargs: 1,
    requiresArg: true,
    default: [] as string[],
    describe: 'configurations: all, or a set of flags: "-DCONFIG_SMP -UCONFIG_NUMA"; repeats',
    global: true,
  },
} as const;

const WORDS = callWords(COMMANDS, GLOBAL_OPTIONS);

/** What a command line asks for. */
export type Call = () => Promise<ExitCode>;

/**
 * Reads the arguments of a call; null when it was answered already (help, version, completion). Throws a Failure for what
 * no command understands.
 */
export function readCommandLine(argv: readonly string[]): Call | null {
  const { rest, unknown, ...flags } = splitCommandLine(argv, readText);
  for (const word of unknown) process.stderr.write(`pvasm: ${word} is not known, and has no effect\n`);
  const parser = emptyParser(rest);
  for (const command of COMMANDS) addCommand(parser, command, flags);
  try {
    parser.completion('completion', 'print a script for shell completion').parse();
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
