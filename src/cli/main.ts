/** The command line: `pvasm COMMAND FILE... [options]`. Each command is loaded only when it is the one that was called. */
import yargs from 'yargs';
import { splitArguments } from './arguments.ts';
import type { CommandArguments } from './commands/command.ts';
import { ExitCode, Failure } from './failure.ts';
import { readText } from './files.ts';
import { shippedTargetNames } from './options.ts';
import { VERSION } from './version.ts';

async function run(argv: readonly string[]): Promise<number> {
  const { includeDirs, commands, rest } = splitArguments(argv, readText);
  let code: number = ExitCode.clean;
  const flags = { includeDirs, commands };
  const parser = yargs([...rest])
    .scriptName('pvasm')
    .version(VERSION)
    .usage(
      '$0 COMMAND FILE... [-I DIR] [-D NAME=VALUE] [-U NAME] [-include FILE] [@FILE]\n\nParavirtualizes IA-64 kernel assembly.',
    )
    .option('strict', { type: 'boolean', default: false, describe: 'a missing header is an error', global: true })
    .option('conventions', {
      type: 'string',
      array: true,
      default: [] as string[],
      requiresArg: true,
      describe: 'a file of conventions (TOML), behind the shipped ones',
      global: true,
    })
    .command(
      'rewrite <files..>',
      'plain source to macro-ised source',
      (command) =>
        command
          .positional('files', { type: 'string', array: true, demandOption: true })
          .option('target', targetOption)
          .option('output', { alias: 'o', type: 'string', requiresArg: true, describe: 'write DIR/<name>' })
          .option('configs', configsOption)
          .option('in-place', { type: 'boolean', describe: 'change the files themselves' })
          .option('diff', { type: 'boolean', describe: 'print what would change' })
          .conflicts('in-place', ['output', 'diff']),
      async (args) => {
        const { rewriteCommand } = await import('./commands/rewrite.ts');
        code = rewriteCommand({
          ...common(args),
          output: args.output ?? null,
          inPlace: args.inPlace === true,
          diff: args.diff === true,
        });
      },
    )
    .command(
      'build <files..>',
      'one listing for each file and target',
      (command) =>
        command
          .positional('files', { type: 'string', array: true, demandOption: true })
          .option('target', targetOption)
          .option('configs', configsOption)
          .option('output', { alias: 'o', type: 'string', requiresArg: true, describe: 'write DIR/<target>/<name>' }),
      async (args) => {
        const { buildCommand } = await import('./commands/build.ts');
        code = buildCommand({ ...common(args), output: args.output ?? null });
      },
    )
    .command(
      'report <files..>',
      'what each target costs and changes, and why that is safe',
      (command) =>
        command
          .positional('files', { type: 'string', array: true, demandOption: true })
          .option('target', { ...targetOption, default: reportTargets })
          .option('format', formatOption),
      async (args) => {
        const { reportCommand } = await import('./commands/report.ts');
        code = reportCommand({ ...common(args), format: args.format });
      },
    )
    .command(
      'audit <files..>',
      'every privileged and sensitive instruction, and why a hypervisor must see it',
      (command) =>
        command
          .positional('files', { type: 'string', array: true, demandOption: true })
          .option('target', targetOption)
          .option('format', formatOption),
      async (args) => {
        const { auditCommand } = await import('./commands/audit.ts');
        code = auditCommand({ ...common(args), format: args.format });
      },
    )
    .command(
      'check [files..]',
      'the lint: what would break, or slow down, a guest',
      (command) =>
        command
          .positional('files', { type: 'string', array: true, default: [] as string[] })
          .option('configs', {
            type: 'string',
            array: true,
            nargs: 1,
            requiresArg: true,
            default: [] as string[],
            describe: 'all, or a set of flags: "-DCONFIG_SMP -UCONFIG_NUMA"; repeats',
          })
          .option('target', { ...ownTarget, describe: 'a target that the macros must serve; repeats' })
          .option('format', {
            choices: ['text', 'gcc', 'json', 'sarif', 'github'] as const,
            default: 'text' as const,
            requiresArg: true,
            describe: 'how findings are printed',
          })
          .option('color', { type: 'boolean', describe: 'colours (on a terminal: yes)' })
          .option('fix', { type: 'boolean', default: false, describe: 'change the files where the repair is certain' })
          .option('max-warnings', { type: 'string', requiresArg: true, describe: 'fail only beyond so many warnings' })
          .option('baseline', { type: 'string', requiresArg: true, describe: 'a file with the number of old findings' })
          .option('write-baseline', {
            type: 'string',
            requiresArg: true,
            describe: 'write that file from the findings of now',
          })
          .option('config', { type: 'string', requiresArg: true, describe: 'in place of the nearest pvasm.toml' })
          .option('print-config', {
            type: 'string',
            requiresArg: true,
            describe: 'print what holds for a file, and why',
          }),
      async (args) => {
        const { checkCommand } = await import('./commands/check.ts');
        const {
          files,
          conventions,
          strict,
          configs,
          format,
          fix,
          target,
          color,
          baseline,
          writeBaseline,
          config,
          printConfig,
        } = args;
        code = checkCommand({
          ...flags,
          files: files.map(String),
          conventions,
          strict,
          configs,
          format,
          fix,
          targets: target ?? null,
          color: color ?? null,
          maxWarnings: numberOf('--max-warnings', args.maxWarnings),
          baseline: baseline ?? null,
          writeBaseline: writeBaseline ?? null,
          config: config ?? null,
          printConfig: printConfig ?? null,
        });
      },
    )
    .command(
      'diff <files..>',
      'the source and its variants, for review',
      (command) =>
        command
          .positional('files', { type: 'string', array: true, demandOption: true })
          .option('target', targetOption)
          .option('format', {
            choices: ['unified', 'side'] as const,
            requiresArg: true,
            describe: 'unified, or side by side (on a terminal: side)',
          })
          .option('width', { type: 'string', requiresArg: true, describe: 'columns, side by side' })
          .option('color', { type: 'boolean', describe: 'colours (on a terminal: yes)' }),
      async (args) => {
        const { diffCommand } = await import('./commands/diff.ts');
        code = diffCommand({
          ...common(args),
          format: args.format ?? null,
          width: widthOf(args.width),
          color: args.color ?? null,
        });
      },
    )
    .command(
      'explain <what> [register]',
      'why a register is free or not at FILE:LINE; what a rule (PV001) is about',
      (command) =>
        command
          .positional('what', { type: 'string', demandOption: true, describe: 'FILE:LINE, or the ID of a rule' })
          .positional('register', { type: 'string', describe: 'r8, b6, p6 ...' })
          .option('in', {
            type: 'string',
            array: true,
            nargs: 1,
            requiresArg: true,
            default: [] as string[],
            describe: 'a source that includes FILE; repeats',
          }),
      async (args) => {
        const { explainCommand } = await import('./commands/explain.ts');
        const { files: _, ...rest } = common({ ...args, files: [], target: ['native'] });
        code = explainCommand({ ...rest, what: args.what, register: args.register ?? null, sources: args.in });
      },
    )
    .command('targets', 'the targets that ship with the tool', {}, () => {
      process.stdout.write(`${shippedTargetNames().join('\n')}\n`);
    })
    .completion('completion', 'print a script for shell completion')
    .demandCommand(1, 'no command given')
    .strict()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Failure(`${message}; try 'pvasm --help'`);
    });
  const common = (args: {
    files?: unknown;
    target?: unknown;
    strict: boolean;
    configs?: unknown;
    conventions: string[];
  }): CommandArguments => ({
    ...flags,
    files: (args.files as string[]).map(String),
    targets: args.target as string[],
    strict: args.strict,
    everyConfiguration: args.configs === 'all',
    conventions: args.conventions,
  });
  await parser.parseAsync();
  return code;
}

const configsOption = {
  choices: ['all'],
  requiresArg: true,
  describe: 'prove registers free in every combination of the conditions that the files test',
} as const;

const ownTarget = { alias: 't', type: 'string', array: true, requiresArg: true, nargs: 1 } as const;

const targetOption = {
  ...ownTarget,
  default: ['native', 'xen'],
  describe: 'a target, with :a or :b for its alternative; repeats',
} as const;

/** A count, as an option gives it; null when it does not. */
function numberOf(option: string, given: string | undefined): number | null {
  if (given === undefined) return null;
  if (!/^\d{1,9}$/.test(given)) throw new Failure(`${option}: '${given}' is not a number`);
  return Number(given);
}

/** Columns for side by side; null when none were asked for. */
function widthOf(given: string | undefined): number | null {
  if (given === undefined) return null;
  if (!/^[1-9]\d{0,4}$/.test(given)) throw new Failure(`'${given}' is no width`);
  return Number(given);
}

/** A report compares the alternatives. */
const reportTargets = ['native', 'xen:a', 'xen:b', 'xen'];

const formatOption = {
  choices: ['text', 'md', 'json'],
  default: 'text',
  requiresArg: true,
  describe: 'how it is printed',
} as const;

function report(error: unknown): number {
  const message =
    error instanceof Failure
      ? error.message
      : `internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  process.stderr.write(`pvasm: ${message}\n`);
  return ExitCode.error;
}

/** Runs one call and returns its exit code; whatever goes wrong is told on standard error. */
export async function main(argv: readonly string[]): Promise<number> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`pvasm ... | head`) is no failure.
    if (error.code === 'EPIPE') process.exit(ExitCode.clean);
    throw error;
  });
  return run(argv).catch(report);
}
