/** The entry of the tool: one call, from its arguments to its exit code. */
import { readCommandLine } from './command-line.ts';
import { ExitCode, Failure } from './failure.ts';
import { systemMessage } from './files.ts';

async function run(argv: readonly string[]): Promise<ExitCode> {
  const call = readCommandLine(argv);
  return call === null ? ExitCode.clean : call();
}

function report(error: unknown): ExitCode {
  const message =
    error instanceof Failure
      ? error.message
      : `internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  process.stderr.write(`pvasm: ${message}\n`);
  return ExitCode.error;
}

/** Runs one call and returns its exit code; whatever goes wrong is told on standard error. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  // A stream that cannot be written (a message, the help) says so behind all calls, where nobody catches it.
  process.on('uncaughtException', (error) => {
    process.exitCode = ExitCode.error;
    try {
      report(new Failure(systemMessage(error)));
    } finally {
      process.exit(ExitCode.error);
    }
  });
  return run(argv).catch(report);
}
