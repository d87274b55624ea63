/** Options that several commands have, and how their values are read. */
import { DEFAULT_TARGETS } from '../../expand/shipped-targets.ts';
import type { CompilerFlags } from '../arguments.ts';
import type { CommandArguments } from '../commands/command.ts';
import type { Judge } from '../commands/untouched.ts';
import { type ExitCode, Failure } from '../failure.ts';
import { STANDARD_INPUT } from '../files.ts';
import type { GlobalOptions } from './command.ts';

export const GCC_FLAGS =
  'Flags of gcc are taken as gcc takes them. -MD -MMD -MF -MT -MQ -MP: build, rewrite and check write a dependency file. -P: no line markers in what is made.';

export const requiredFiles = { type: 'string', array: true, demandOption: true } as const;
export const optionalFiles = { type: 'string', array: true, default: [] as string[] } as const;

export const targetOption = {
  alias: 't',
  type: 'string',
  array: true,
  requiresArg: true,
  nargs: 1,
  describe: 'a target, with :a or :b for its alternative, or joined ones, native+xen:c, :d or :e; repeats',
} as const;

/** Where neither the call nor pvasm.toml names a target. */

export const formatOption = {
  choices: ['text', 'md', 'json'],
  default: 'text',
  requiresArg: true,
  describe: 'how it is printed',
} as const;

export const colorOption = { type: 'boolean', describe: 'colours (on a terminal: yes)' } as const;

export const watchOption = {
  type: 'boolean',
  default: false,
  describe: 'again whenever a file changes that was read, until it is stopped',
} as const;

/** Once, or for each change of what it reads. */
export async function onceOrWatching(
  watches: boolean,
  files: readonly string[],
  call: () => Promise<ExitCode>,
): Promise<ExitCode> {
  if (!watches) return call();
  const { watching } = await import('../watch.ts');
  return watching(files, call);
}

interface SourceOptions extends GlobalOptions {
  readonly files: readonly unknown[];
  readonly target?: readonly string[] | undefined;
}

/** What every command that reads sources is given: a missing header is an error unless the call says otherwise. */
export function sourceArguments(flags: CompilerFlags, args: SourceOptions): CommandArguments {
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

/** The same for a command that chooses no registers: a missing header is an error only where the call says so. */
export function lenientArguments(flags: CompilerFlags, args: SourceOptions): CommandArguments {
  return sourceArguments(flags, { ...args, strict: args.strict ?? false });
}

/** An option `-o` that names a file or folder. */
export const outputOption = <const D extends string>(describe: D) =>
  ({ alias: 'o', type: 'string', requiresArg: true, describe }) as const;

/** The path that -o names; null for standard output, `-o -`, and where it is not given. */
export function outputPath(output: string | undefined): string | null {
  if (output === '') throw new Failure('option -o needs the name of a folder');
  return output === undefined || output === '-' || output === STANDARD_INPUT ? null : output;
}

/** A count, as an option gives it, `least` or more; null when it does not. */
export function numberOf(option: string, given: string | undefined, least = 0): number | null {
  if (given === undefined) return null;
  if (!/^\d{1,9}$/.test(given)) throw new Failure(`${option}: '${given}' is not a number`);
  if (Number(given) < least) throw new Failure(`${option}: ${given} is too few; at least ${least}`);
  return Number(given);
}

/** Parses what the preprocessor makes of a source without sites. */
export async function parserJudge(): Promise<Judge> {
  const { readCode } = await import('../../project/code.ts');
  return (run) => [...run.diagnostics, ...readCode(run).errors];
}
