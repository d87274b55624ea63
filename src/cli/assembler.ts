/** The real assembler, which `pvasm as` calls. */
import { constants } from 'node:os';
import { Failure } from './failure.ts';
import { systemMessage } from './files.ts';

const DEFAULT = 'ia64-linux-gnu-as';

/**
 * Runs it to its end, with this process' standard output and error, and returns its exit code. Throws a Failure where it cannot
 * be started.
 *
 * @param text what it reads from standard input, latin-1; null: what this process would read
 */
export function runAssembler(options: readonly string[], text: string | null): number {
  // Not imported: to load it takes as long as to preprocess a file, which most calls of the bundle only do.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const program = process.env.PVASM_AS || DEFAULT;
  const { status, signal, error } = spawnSync(program, options, {
    stdio: [text === null ? 'inherit' : 'pipe', 'inherit', 'inherit'],
    ...(text === null ? {} : { input: Buffer.from(text, 'latin1') }),
  });
  // One that ends without reading all of its input has said why.
  if (error !== undefined && (error as NodeJS.ErrnoException).code !== 'EPIPE')
    throw new Failure(`cannot run the assembler ${program}: ${systemMessage(error)}; PVASM_AS names another`);
  if (signal !== null) return 128 + constants.signals[signal];
  return status ?? 2;
}
