/** The entry of the tool: one call, from its arguments to its exit code. */
import { assemblerWords } from './assembler-arguments.ts';
import { ExitCode, Failure } from './failure.ts';
import { beginReading, type ReadBytes, systemMessage, takeBytes } from './files.ts';
import { beginOutput, hasWritten, writeOut } from './output.ts';

async function run(argv: readonly string[]): Promise<number> {
  const assembler = assemblerWords(argv);
  if (assembler !== null) {
    // Its options are the assembler's. It runs for each file of a kernel, so nothing is loaded that it does not need.
    const { asCommand } = await import('./commands/as.ts');
    return asCommand(assembler);
  }
  const { readCommandLine } = await import('./command-line.ts');
  const call = readCommandLine(argv);
  return call === null ? ExitCode.clean : call();
}

async function report(argv: readonly string[], error: unknown): Promise<ExitCode> {
  const failure =
    error instanceof Failure
      ? error
      : new Failure(`internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.stderr.write(`pvasm: ${failure.message}\n`);
  const { errorDocument } = await import('./error-document.ts'); // only of a call that fails: it needs much of the lint
  const document = hasWritten() ? null : errorDocument(argv, failure);
  if (document !== null) writeOut(document, 'utf8');
  return ExitCode.error;
}

/**
 * Runs one call and returns its exit code; errors are written to standard error. A process may make several calls, one
 * behind the other.
 *
 * @param bytes what plain.ts has read for it
 */
export async function main(argv: readonly string[], bytes: ReadBytes = new Map()): Promise<number> {
  beginOutput();
  beginReading();
  takeBytes(bytes);
  if (!process.listeners('uncaughtException').includes(reportUncaught)) process.on('uncaughtException', reportUncaught);
  return run(argv).catch((error) => report(argv, error));
}

/** Does a thread's share of a call. */
export async function serveThread(): Promise<void> {
  const { serveBuild } = await import('./threads/thread.ts');
  serveBuild();
}

/** Reports errors that no call can catch: a stream that cannot be written fails after the call has ended. */
function reportUncaught(error: unknown): void {
  process.exitCode = ExitCode.error;
  try {
    process.stderr.write(`pvasm: ${systemMessage(error)}\n`);
  } finally {
    process.exit(ExitCode.error);
  }
}
