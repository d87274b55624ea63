/** What a command of the command line is: its words, its options, and what it does with them. */
import type { ArgumentsCamelCase, InferredOptionTypes, Options, PositionalOptions } from 'yargs';
import type { CompilerFlags } from '../arguments.ts';
import type { ExitCode } from '../failure.ts';

export type OptionTable = Readonly<Record<string, Options>>;
type PositionalTable = Readonly<Record<string, PositionalOptions>>;

/** What every command takes; `all.ts` describes it. */
export interface GlobalOptions {
  readonly strict: boolean | undefined;
  /** `--no-config`: false, whatever yargs' types say. */
  readonly config: string | false | undefined;
  readonly configs: readonly string[];
  readonly conventions: readonly string[];
}

/** The description of a command for yargs. */
export interface CommandLine<P extends PositionalTable = PositionalTable, O extends OptionTable = OptionTable> {
  /** The command and its positional arguments: `build <files..>`. */
  readonly usage: string;
  readonly describe: string;
  readonly positionals?: P;
  readonly options?: O;
  /** Global options that its help does not name. */
  readonly hidden?: readonly (keyof GlobalOptions)[];
  /** In place of the usage in the command's own help. */
  readonly help?: string;
  /** The text after the options in its help. */
  readonly epilogue?: string;
  /**
   * Loads the command's module, and no other command's, and runs it. `flags` are those of gcc. Throws a Failure for options
   * that do not go together, and for values that an option does not take.
   */
  run(
    args: ArgumentsCamelCase<InferredOptionTypes<P> & InferredOptionTypes<O> & GlobalOptions>,
    flags: CompilerFlags,
  ): Promise<ExitCode>;
}

/** A command whose `run` is given the types that its tables say. */
export function commandLine<const P extends PositionalTable, const O extends OptionTable>(
  command: CommandLine<P, O>,
): CommandLine {
  return command as unknown as CommandLine;
}
