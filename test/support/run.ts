/** Programs that tests start by the hundred: the assembler, gcc, the linker. */
import { join } from 'node:path';
import { failureText } from '../../scripts/inputs/run.mjs';
import { KeptProcess } from './kept-process.ts';

export interface Ended {
  /** Null when the program could not be started, or was killed. */
  readonly status: number | null;
  /** Latin-1, one character a byte. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** The whole environment; that of the tests when left out. */
  readonly env?: NodeJS.ProcessEnv;
  /** Standard input; a string is latin-1. */
  readonly input?: Buffer | string;
}

let server: KeptProcess | undefined;

/**
 * Runs a program to its end, as `run` of scripts/inputs/run.mjs does, by a small process that is kept: Node starts a program by
 * `fork`, which for a worker that holds half a gigabyte takes longer than many of the programs run.
 */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Ended {
  const { cwd = process.cwd(), env = process.env, input } = options;
  server ??= new KeptProcess(process.execPath, join(import.meta.dirname, 'run-server.mjs'), []);
  const request = { program, args, cwd, env, input: input?.toString('latin1') ?? null };
  const called = server.call(request);
  if (called === null) throw new Error(`the process that runs programs ended at ${program}`);
  const { status, error } = called.answer as { status: number | null; error: string | null };
  if (error !== null) return { status: null, stdout: '', stderr: error };
  return { status, stdout: called.stdout, stderr: called.stderr };
}

/** As {@link run}; an exit status other than 0 is an error. Gives what the program wrote to standard output. */
export function mustRun(program: string, args: readonly string[], options: RunOptions = {}): string {
  const { status, stdout, stderr } = run(program, args, options);
  if (status !== 0) throw new Error(failureText(program, args, status, stderr));
  return stdout;
}
