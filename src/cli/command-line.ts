/** The command line: `pvasm COMMAND FILE... [options]`, one function for each command and its options. */
import yargs, { type Argv } from 'yargs';
import { suggestion } from '../config/suggestion.ts';
import { type CompilerFlags, splitCommandLine } from './arguments.ts';
import type { CommandArguments } from './commands/command.ts';
import { ExitCode, Failure } from './failure.ts';
import { readText, STANDARD_INPUT } from './files.ts';
import { writeOut } from './output.ts';
import { withSlashes } from './path-text.ts';
import { shippedTargetNames } from './shipped.ts';
import { addAs, addInit } from './tree-commands.ts';
import { VERSION } from './version.ts';

/** What a command line asks for. A command's module is loaded when it is called, and no other. */
export type Call = () => Promise<ExitCode>;

type Parser = Argv<{
  strict: boolean | undefined;
  conventions: string[];
  configs: string[];
  config: string | undefined;
}>;

/**
 * Reads the arguments of a call; null when it was answered already (help, version, completion). Throws a Failure for what
 * no command understands.
 */
export function readCommandLine(argv: readonly string[]): Call | null {
  const { rest, unknown, ...flags } = splitCommandLine(argv, readText);
  for (const word of unknown) process.stderr.write(`pvasm: ${word} is not known, and has no effect\n`);
  const parser = emptyParser(rest);
  for (const add of [
    addRewrite,
    addBuild,
    addReport,
    addAudit,
    addCheck,
    addDiff,
    addExplain,
    addPatch,
    addHeader,
    addTarget,
    addTargets,
    addVerify,
    addAs,
  ])
    add(parser, flags);
  addInit(parser, choose);
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

function choose(call: Call): never {
  throw new Chosen(call);
}

function emptyParser(words: readonly string[]): Parser {
  return (
    yargs([...words])
      .scriptName('pvasm')
      .version(VERSION)
      .usage(
        '$0 COMMAND FILE... [-I DIR] [-D NAME=VALUE] [-U NAME] [-include FILE] [@FILE]\n\nParavirtualizes IA-64 kernel assembly.',
      )
      .option('strict', {
        type: 'boolean',
        describe:
          'a missing header is an error (where registers are chosen: yes); --no-strict: a warning, and a name that it defines may be a register that is taken',
        global: true,
      })
      .option('conventions', {
        type: 'string',
        array: true,
        nargs: 1,
        default: [] as string[],
        requiresArg: true,
        describe: 'a file of conventions (TOML) or a shipped name, behind linux-ia64; none: not that either',
        global: true,
      })
      .option('config', {
        type: 'string',
        requiresArg: true,
        describe: 'in place of the nearest pvasm.toml; --no-config: none',
        global: true,
      })
      .option('configs', {
        type: 'string',
        array: true,
        nargs: 1,
        requiresArg: true,
        default: [] as string[],
        describe: 'configurations: all, or a set of flags: "-DCONFIG_SMP -UCONFIG_NUMA"; repeats',
        global: true,
      })
      .alias('help', 'h')
      .epilogue(EPILOGUE)
      // Numbers are names of files like any other, and a dot is a part of a name.
      .parserConfiguration({ 'parse-numbers': false, 'parse-positional-numbers': false, 'dot-notation': false })
      .demandCommand(1, 'no command given')
      .check(refuseWrongUse)
      .strict()
      .exitProcess(false)
      .fail((message, error) => {
        if (error instanceof Failure) throw error;
        throw new Failure(`${withSuggestion(message.trim(), words)}; try 'pvasm --help'`);
      })
  );
}

const EPILOGUE =
  `Flags of gcc are taken as gcc takes them. -MD -MMD -MF -MT -MQ -MP: build, rewrite and check write a dependency file. -P: no
line markers in what is made.`.replace(/\n/g, ' ');

/** Options with a value that a command takes once, and those that repeat. All others are switches. */
const ONCE = [
  'states',
  'seed',
  'entry',
  'steps',
  'output',
  'format',
  'width',
  'max-warnings',
  'baseline',
  'write-baseline',
  'config',
  'print-config',
  'at',
  'operation',
  'pictures',
];
const REPEATED = ['target', 'conventions', 'configs', 'in'];

/** An option given twice, or negated where there is nothing to negate. Throws a Failure. */
function refuseWrongUse(args: Readonly<Record<string, unknown>>): true {
  for (const name of [...ONCE, ...REPEATED]) {
    const value = args[name];
    const all = Array.isArray(value) ? value : [value];
    if (name !== 'config' && all.some((each) => typeof each === 'boolean'))
      throw new Failure(`there is no option --no-${name}`);
    if (ONCE.includes(name) && all.length > 1) throw new Failure(`--${name} is given more than once`);
  }
  return true;
}

/** Words of the commands and their options, for what was misspelt. */
const COMMANDS = [
  'rewrite',
  'build',
  'report',
  'audit',
  'check',
  'diff',
  'explain',
  'patch',
  'header',
  'targets',
  'target',
  'verify',
  'as',
  'init',
  'completion',
];
const SWITCHES = [
  'strict',
  'in-place',
  'with-headers',
  'diff',
  'fix',
  'color',
  'keep-going',
  'link-together',
  'list',
  'show-suppressed',
  'with-includers',
  'refused',
  'help',
  'version',
];
const OPTIONS = [...ONCE, ...REPEATED, ...SWITCHES];

/** The message of yargs, with the word that was probably meant. */
function withSuggestion(message: string, words: readonly string[]): string {
  const value = /Given: "(.*)", Choices: (.*)$/.exec(message);
  if (value !== null) {
    const choices = [...value[2]!.matchAll(/"([^"]*)"/g)].map((choice) => choice[1]!);
    return `${message}${suggestion(value[1]!, choices)}`;
  }
  const unknown = /^Unknown arguments?: (.*)$/.exec(message)?.[1]?.split(', ') ?? [];
  for (const each of unknown) {
    if (OPTIONS.includes(each)) return `${message}; this command has no --${each}`;
    const isOption = words.some((word) => word === `--${each}` || word.startsWith(`--${each}=`));
    const meant = suggestion(each, isOption ? OPTIONS : COMMANDS);
    if (meant !== '') return `${message}${isOption ? meant.replace("'", "'--") : meant}`;
  }
  return message;
}

const filesArgument = { type: 'string', array: true, demandOption: true } as const;

const targetOption = {
  alias: 't',
  type: 'string',
  array: true,
  requiresArg: true,
  nargs: 1,
  describe: 'a target, with :a or :b for its alternative, or joined ones, native+xen:d or :e; repeats',
} as const;

/** Where neither the call nor pvasm.toml names a target. */
const DEFAULT_TARGETS = ['native', 'xen'];
/** What can be executed beside the source. */
const VERIFIED_TARGETS = ['xen:a', 'xen:b', 'xen'];
/** A report compares the alternatives. */
const REPORT_TARGETS = ['native', 'xen:a', 'xen:b', 'xen'];

const formatOption = {
  choices: ['text', 'md', 'json'],
  default: 'text',
  requiresArg: true,
  describe: 'how it is printed',
} as const;

const colorOption = { type: 'boolean', describe: 'colours (on a terminal: yes)' } as const;

interface CommonOptions {
  readonly files: readonly unknown[];
  readonly target?: readonly string[] | undefined;
  readonly strict: boolean | undefined;
  /** `--no-config`: false, whatever yargs' types say. */
  readonly config: string | false | undefined;
  readonly configs: readonly string[];
  readonly conventions: readonly string[];
}

function common(flags: CompilerFlags, args: CommonOptions): CommandArguments {
  return {
    ...flags,
    files: args.files.map(String),
    targets: args.target ?? null,
    defaultTargets: DEFAULT_TARGETS,
    strict: args.strict ?? true,
    config: args.config ?? null,
    configs: args.configs,
    conventions: args.conventions,
  };
}

/** The folder that -o names; null for standard output, `-o -`. */
function outputFolder(output: string | null): string | null {
  if (output === '') throw new Failure('option -o needs the name of a folder');
  return output === '-' || output === STANDARD_INPUT ? null : output;
}

function addRewrite(parser: Parser, flags: CompilerFlags): void {
  parser.command(
    'rewrite <files..>',
    'plain source to macro-ised source',
    (command) =>
      command
        .positional('files', filesArgument)
        .option('target', targetOption)
        .option('output', { alias: 'o', type: 'string', requiresArg: true, describe: 'write DIR/<name>' })
        .option('in-place', { type: 'boolean', describe: 'change the files themselves' })
        .option('with-headers', { type: 'boolean', implies: 'in-place', describe: 'in place, headers with sites too' })
        .option('diff', { type: 'boolean', describe: 'print what would change' })
        .conflicts('in-place', ['output', 'diff'])
        .epilogue(EPILOGUE),
    (args) =>
      choose(async () => {
        const { output = null, inPlace = false, withHeaders = false, diff = false } = args;
        const call = { ...common(flags, args), output: outputFolder(output), inPlace, withHeaders, diff };
        const { readPlainly, rewriteUntouched } = await import('./commands/untouched.ts');
        const plain = readPlainly(call);
        const done = plain === null ? null : await rewriteUntouched(plain);
        if (done !== null) return done;
        const { rewriteCommand } = await import('./commands/rewrite.ts');
        return rewriteCommand(plain ?? call);
      }),
  );
}

function addBuild(parser: Parser, flags: CompilerFlags): void {
  parser.command(
    'build <files..>',
    'one listing for each file and target',
    (command) =>
      command
        .positional('files', filesArgument)
        .option('target', targetOption)
        .option('output', { alias: 'o', type: 'string', requiresArg: true, describe: 'write DIR/<target>/<name>' })
        .option('keep-going', {
          alias: 'k',
          type: 'boolean',
          default: false,
          describe: 'write listings although a site stays native in them, which still exits 1',
        })
        .option('link-together', {
          type: 'boolean',
          default: false,
          describe: 'symbols of all but the first target have names of their own: one image holds all listings',
        })
        .epilogue(EPILOGUE),
    (args) =>
      choose(async () => {
        const output = outputFolder(args.output ?? null);
        const { keepGoing, linkTogether } = args;
        const call = { ...common(flags, args), output, keepGoing, linkTogether };
        const { buildUntouched, readPlainly } = await import('./commands/untouched.ts');
        const plain = readPlainly(call);
        const done = plain === null || linkTogether ? null : await buildUntouched(plain);
        if (done !== null) return done;
        const { buildCommand } = await import('./commands/build.ts');
        return buildCommand(plain ?? call);
      }),
  );
}

function addReport(parser: Parser, flags: CompilerFlags): void {
  parser.command(
    'report <files..>',
    'what each target costs and changes, and why that is safe',
    (command) =>
      command
        .positional('files', filesArgument)
        .option('target', targetOption)
        .option('format', { ...formatOption, choices: ['text', 'md', 'json', 'html'] as const })
        .option('pictures', {
          type: 'string',
          requiresArg: true,
          describe: 'write SVG pictures to a folder: costs, slots, and of each handler liveness and flow',
        })
        .option('at', {
          type: 'string',
          requiresArg: true,
          describe: 'only a handler, a macro or FILE:LINE: what changed, what it clobbers, whether it fits',
        })
        .option('operation', { type: 'string', requiresArg: true, describe: 'only sites of an operation: THASH' })
        .option('refused', {
          type: 'boolean',
          default: false,
          describe: 'only what stays native, or in place where a call was asked for, and why',
        })
        .option('alternatives', {
          // Without a default: a default would be in conflict with the others.
          type: 'boolean',
          describe: 'all ways to serve native and one other target, beside each other: what each takes and executes',
        })
        .conflicts('alternatives', ['at', 'operation']),
    (args) =>
      choose(async () => {
        if (args.alternatives === true) {
          const { alternativesCommand } = await import('./commands/alternatives.ts');
          const { format } = args;
          if (format === 'html') throw new Failure('--alternatives takes --format text, md or json');
          return alternativesCommand({ ...common(flags, args), defaultTargets: REPORT_TARGETS, format });
        }
        const { reportCommand } = await import('./commands/report.ts');
        const { format, pictures = null, at = null, operation = null, refused } = args;
        const question = { at: at === null ? null : withSlashes(at), operation, refused };
        return reportCommand({ ...common(flags, args), defaultTargets: REPORT_TARGETS, format, pictures, question });
      }),
  );
}

function addAudit(parser: Parser, flags: CompilerFlags): void {
  parser.command(
    'audit <files..>',
    'every privileged and sensitive instruction, and why a hypervisor must see it',
    (command) =>
      command.positional('files', filesArgument).option('target', targetOption).option('format', formatOption),
    (args) =>
      choose(async () => {
        const { auditCommand } = await import('./commands/audit.ts');
        return auditCommand({ ...common(flags, { ...args, strict: args.strict ?? false }), format: args.format });
      }),
  );
}

const includersOption = {
  type: 'boolean',
  default: false,
  describe: 'in place of a header, the sources tracked by git that include it',
} as const;

const changedOption = {
  type: 'string',
  requiresArg: true,
  describe: 'only what git says has changed since a revision, and what includes it; without files: all it tracks',
} as const;

function addCheck(parser: Parser, flags: CompilerFlags): void {
  parser.command(
    'check [files..]',
    'the lint: what would break, or slow down, a guest',
    (command) =>
      command
        .positional('files', { type: 'string', array: true, default: [] as string[] })
        .option('target', targetOption)
        .option('format', {
          choices: ['text', 'gcc', 'json', 'sarif', 'github'] as const,
          default: 'text' as const,
          requiresArg: true,
          describe: 'how findings are printed',
        })
        .option('color', colorOption)
        .option('fix', { type: 'boolean', default: false, describe: 'change the files where the repair is certain' })
        .option('with-includers', includersOption)
        .option('changed-since', changedOption)
        .option('show-suppressed', { type: 'boolean', default: false, describe: 'list accepted findings, and why' })
        .option('max-warnings', { type: 'string', requiresArg: true, describe: 'fail only beyond so many warnings' })
        .option('baseline', { type: 'string', requiresArg: true, describe: 'a file with the number of old findings' })
        .option('write-baseline', {
          type: 'string',
          requiresArg: true,
          describe: 'write that file from the findings of now',
        })
        .option('print-config', {
          type: 'string',
          requiresArg: true,
          describe: 'print what holds for a file, and why',
        })
        .epilogue(EPILOGUE),
    (args) =>
      choose(async () => {
        const { checkCommand } = await import('./commands/check.ts');
        const { format, fix, showSuppressed, withIncluders, changedSince = null, color = null } = args;
        const { baseline = null, writeBaseline = null } = args;
        const given = {
          ...common(flags, { ...args, strict: args.strict ?? false }),
          ...{ format, fix, showSuppressed, withIncluders, changedSince, color, baseline, writeBaseline },
          maxWarnings: numberOf('--max-warnings', args.maxWarnings),
          printConfig: args.printConfig ?? null,
        };
        return checkCommand(given);
      }),
  );
}

/** A count, as an option gives it, `least` or more; null when it does not. */
function numberOf(option: string, given: string | undefined, least = 0): number | null {
  if (given === undefined) return null;
  if (!/^\d{1,9}$/.test(given)) throw new Failure(`${option}: '${given}' is not a number`);
  if (Number(given) < least) throw new Failure(`${option}: ${given} is too few; at least ${least}`);
  return Number(given);
}

function addDiff(parser: Parser, flags: CompilerFlags): void {
  parser.command(
    'diff <files..>',
    'the source and its variants, for review',
    (command) =>
      command
        .positional('files', filesArgument)
        .option('target', targetOption)
        .option('format', {
          choices: ['unified', 'side', 'html'] as const,
          requiresArg: true,
          describe: 'unified, side by side (on a terminal: side), or a page for the browser',
        })
        .option('width', { type: 'string', requiresArg: true, describe: 'columns, side by side' })
        .option('color', colorOption),
    (args) =>
      choose(async () => {
        const { diffCommand } = await import('./commands/diff.ts');
        const { format = null, color = null } = args;
        return diffCommand({ ...common(flags, args), format, width: widthOf(args.width), color });
      }),
  );
}

/** Columns for side by side; null when none were asked for. */
function widthOf(given: string | undefined): number | null {
  if (given === undefined) return null;
  if (!/^[1-9]\d{0,4}$/.test(given)) throw new Failure(`'${given}' is no width`);
  return Number(given);
}

function addVerify(parser: Parser, flags: CompilerFlags): void {
  parser.command(
    'verify [files..]',
    'listings executed beside their source; without files, the bodies of targets beside their instructions',
    (command) =>
      command
        .positional('files', { type: 'string', array: true, default: [] as string[] })
        .option('target', targetOption)
        .option('states', { type: 'string', requiresArg: true, describe: 'states for each entry (100), or body (24)' })
        .option('seed', { type: 'string', requiresArg: true, describe: 'the first state (1)' })
        .option('entry', { type: 'string', requiresArg: true, describe: 'only this vector or routine' })
        .option('steps', { type: 'string', requiresArg: true, describe: 'the most instructions of an entry (20000)' }),
    (args) =>
      choose(async () => {
        const { verifyCommand } = await import('./commands/verify.ts');
        return verifyCommand({
          ...common(flags, { ...args, strict: args.strict ?? true }),
          defaultTargets: VERIFIED_TARGETS,
          states: numberOf('--states', args.states, 1),
          seed: numberOf('--seed', args.seed),
          steps: numberOf('--steps', args.steps, 1),
          entry: args.entry ?? null,
        });
      }),
  );
}

function addExplain(parser: Parser, flags: CompilerFlags): void {
  parser.command(
    'explain <what> [register]',
    'why a register is free or not at FILE:LINE; what a rule (PV001), thash or XSI_IFA is',
    (command) =>
      command
        .positional('what', {
          type: 'string',
          demandOption: true,
          describe: 'FILE:LINE, a rule, an operation, an instruction, a name of a target',
        })
        .positional('register', { type: 'string', describe: 'r8, b6, p6 ...' })
        .option('in', {
          type: 'string',
          array: true,
          nargs: 1,
          requiresArg: true,
          default: [] as string[],
          describe: 'a source that includes FILE; repeats',
        }),
    (args) =>
      choose(async () => {
        const { explainCommand } = await import('./commands/explain.ts');
        const { files: _, ...rest } = common(flags, {
          ...args,
          strict: args.strict ?? false,
          files: [],
          target: ['native'],
        });
        return explainCommand({ ...rest, what: args.what, register: args.register ?? null, sources: args.in });
      }),
  );
}

function addPatch(parser: Parser): void {
  parser.command(
    'patch <object>',
    'the sites of a joint listing, assembled or linked, as one target has them',
    (command) =>
      command
        .positional('object', { type: 'string', demandOption: true, describe: 'an object file or a linked image' })
        .option('target', {
          alias: 't',
          type: 'string',
          requiresArg: true,
          describe: 'the target whose code to put to the sites: native, xen ...',
        })
        .option('output', { alias: 'o', type: 'string', requiresArg: true, describe: 'the file to write' })
        .option('list', {
          type: 'boolean',
          default: false,
          describe: 'print the sites and what each target has there',
        }),
    (args) =>
      choose(async () => {
        const { patchCommand } = await import('./commands/patch.ts');
        const { object, target = null, output = null, list } = args;
        if (Array.isArray(target)) throw new Failure('patch takes one target: what stands at a site is for one');
        if (target === null && !list) throw new Failure('patch needs -t TARGET, or --list');
        if (target === null && output !== null) throw new Failure('-o needs -t TARGET: which code is to be written');
        if (target !== null && output === null) throw new Failure('patch needs -o FILE');
        if (list && target !== null) throw new Failure('--list prints the sites, -t patches them: give one of the two');
        return patchCommand({ object, target, output: outputFolder(output), list });
      }),
  );
}

function addHeader(parser: Parser, flags: CompilerFlags): void {
  parser.command(
    'header [files..]',
    "a target's macros for cpp and gas, which build macro-ised source without pvasm",
    (command) =>
      command
        .positional('files', {
          type: 'string',
          array: true,
          default: [] as string[],
          describe: 'macro-ised sources, whose code is to be that of their listings',
        })
        .option('target', targetOption)
        .option('output', { alias: 'o', type: 'string', requiresArg: true, describe: 'the header to write' }),
    (args) =>
      choose(async () => {
        const { headerCommand } = await import('./commands/header.ts');
        return headerCommand({ ...common(flags, args), output: outputFolder(args.output ?? null) });
      }),
  );
}

function addTarget(parser: Parser): void {
  parser.command(
    'target <targets..>',
    'check target files by themselves: every operation, in every shape of its assignment',
    (command) =>
      command.positional('targets', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'a target file, or the name of a shipped target',
      }),
    (args) =>
      choose(async () => {
        const { targetCommand } = await import('./commands/target.ts');
        return targetCommand({ targets: args.targets.map(String) });
      }),
  );
}

function addTargets(parser: Parser): void {
  parser.command('targets', 'the targets that ship with the tool', {}, () =>
    choose(async () => {
      writeOut(`${shippedTargetNames().join('\n')}\n`);
      return ExitCode.clean;
    }),
  );
}
