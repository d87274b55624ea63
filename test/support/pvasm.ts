/** The command as a user calls it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { failureText, mustRun, run } from '../../scripts/inputs/run.mjs';

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
    const server = servers.get(node) ?? new Server(node);
    servers.set(node, server);
    const called = server.call(JSON.stringify({ args, cwd, env: all }));
    if (called !== null) return called;
    servers.delete(node); // the call has ended the process
  }
  return run(node, [launcher, ...args], { cwd, env: all, input });
}

/** As {@link pvasm}; an exit code other than 0 is an error. */
export function mustCallPvasm(args: readonly string[], surroundings: Surroundings = {}): string {
  const { status, stdout, stderr } = callPvasm(args, surroundings);
  if (status !== 0) throw new Error(failureText('pvasm', args, status, stderr));
  return stdout;
}

/** By Node. */
const servers = new Map<string, Server>();

/** A kept process. Both sides wait for each other in pipes, so a call returns when it is done, as `spawnSync` does. */
class Server {
  readonly #process: ChildProcess;
  readonly #requests: number;
  readonly #answers: number;
  readonly #stdout: number;
  readonly #stderr: number;
  readonly #folder: string;

  constructor(node: string) {
    this.#folder = mkdtempSync(join(tmpdir(), 'pvasm-server-'));
    const [requests, answers, stdout, stderr] = ['requests', 'answers', 'stdout', 'stderr'].map((name) =>
      join(this.#folder, name),
    );
    mustRun('mkfifo', [requests!, answers!]);
    // Opened for both directions, a pipe waits for nobody on the other side.
    this.#requests = openSync(requests!, 'r+');
    const answering = openSync(answers!, 'r+');
    this.#answers = openSync(answers!, 'r');
    this.#stdout = openSync(stdout!, 'a+');
    this.#stderr = openSync(stderr!, 'a+');
    const script = join(import.meta.dirname, 'pvasm-server.mjs');
    const stdio = ['ignore', this.#stdout, this.#stderr, answering] as const;
    this.#process = spawn(node, [script, join(projectRoot, 'dist'), requests!], {
      stdio: [...stdio],
    });
    this.#process.unref();
    closeSync(answering); // now the answers end where the process does
  }

  /** Null when the process ended before it answered. */
  call(request: string): Called | null {
    ftruncateSync(this.#stdout);
    ftruncateSync(this.#stderr);
    writeSync(this.#requests, `${request}\n`);
    const status = this.#answer();
    if (status === null) {
      for (const each of [this.#requests, this.#answers, this.#stdout, this.#stderr]) closeSync(each);
      rmSync(this.#folder, { recursive: true });
      return null;
    }
    const [stdout, stderr] = ['stdout', 'stderr'].map((name) => readFileSync(join(this.#folder, name), 'latin1'));
    return { status, stdout: stdout!, stderr: stderr! };
  }

  #answer(): number | null {
    const bytes = Buffer.alloc(16);
    let text = '';
    while (!text.endsWith('\n')) {
      const count = readSync(this.#answers, bytes);
      if (count === 0) return null;
      text += bytes.toString('latin1', 0, count);
    }
    return Number(text);
  }
}
