/** `pvasm completion`: a script that a shell reads to complete commands, options and their values. */
import { basename } from 'node:path';
import yargs from 'yargs';
import { ExitCode } from '../failure.ts';
import { fishCompletion } from '../fish.ts';
import type { CommandLine, OptionTable } from '../options/command.ts';
import { withConsole, writeOut } from '../output.ts';

/**
 * @param given null: for the shell that runs, or bash
 * @param commands all of them, with `everywhere` what each of them takes
 */
export function completionCommand(
  given: string | null,
  commands: readonly CommandLine[],
  everywhere: OptionTable,
): ExitCode {
  const shell = given ?? basename(process.env.SHELL ?? 'bash');
  if (shell === 'fish') {
    writeOut(fishCompletion(commands, everywhere));
    return ExitCode.clean;
  }
  // yargs reads these variables, and has no other interface for it.
  process.env.SHELL = shell;
  process.env.ZSH_NAME = shell === 'zsh' ? shell : '';
  withConsole(() => yargs([]).scriptName('pvasm').showCompletionScript());
  return ExitCode.clean;
}
