/** The command as a user calls it. */
import { join } from 'node:path';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { failureText } from '../../scripts/inputs/run.mjs';
import { KeptProcess } from './kept-process.ts';
import { run } from './run.ts';

export const launcher = join(projectRoot, 'bin/pvasm.js');

export interface Called {
  /** The exit code; null when the process could not be started. */
  readonly status: number | null;
  /** Latin-1, one character a byte. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  /** Working directory; the project's when left out. */
  readonly cwd?: string;
  /** On top of the environment of the tests; undefined: not there. */
  readonly env?: NodeJS.ProcessEnv;
  /** Standard input. */
  readonly input?: string;
  /** The Node that runs it; the running one when left out. */
  readonly node?: string;
}

/**
 * `pvasm ARGS`. Calls without input are made in one process for each Node, which is kept: what a process itself does (start, signals, standard
 * input) is tested with processes of its own, `run(process.execPath, [launcher, ...])`.
 */
export function callPvasm(
  args: readonly string[],
  { cwd = projectRoot, env = {}, input = '', node = process.execPath }: Surroundings = {},
): Called {
  const all = { ...process.env, ...env };
  if (input === '') {
    const server = servers.get(node) ?? new KeptProcess(node, SERVER, [join(projectRoot, 'dist')]);
    servers.set(node, server);
    const called = server.call({ args, cwd, env: all });
    if (called !== null) return { status: called.answer as number, stdout: called.stdout, stderr: called.stderr };
    servers.delete(node); // the call has ended the process
  }
  return run(node, [launcher, ...args], { cwd, env: all, input });
}

/** As {@link callPvasm}; an exit code other than 0 is an error. */
export function mustCallPvasm(args: readonly string[], surroundings: Surroundings = {}): string {
  const { status, stdout, stderr } = callPvasm(args, surroundings);
  if (status !== 0) throw new Error(failureText('pvasm', args, status, stderr));
  return stdout;
}

const SERVER = join(import.meta.dirname, 'pvasm-server.mjs');

/** By Node. */
const servers = new Map<string, KeptProcess>();
