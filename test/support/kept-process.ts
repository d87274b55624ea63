/** A process that answers one call behind the other, for as long as the tests run. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mustRun } from '../../scripts/inputs/run.mjs';

export interface Answer {
  /** What the script has answered: a line of JSON, parsed. */
  readonly answer: unknown;
  /** What was written meanwhile; latin-1, one character a byte. */
  readonly stdout: string;
  readonly stderr: string;
}

/** Both sides wait for each other in pipes, so a call returns when it is done, as `spawnSync` does. */
export class KeptProcess {
  readonly #process: ChildProcess;
  readonly #requests: number;
  readonly #answers: number;
  readonly #stdout: number;
  readonly #stderr: number;
  readonly #folder: string;

  /** @param script is given `args` and the path of a pipe of requests, a line of JSON each; its answers go to descriptor 3 */
  constructor(node: string, script: string, args: readonly string[]) {
    this.#folder = mkdtempSync(join(tmpdir(), 'pvasm-kept-'));
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
    this.#process = spawn(node, [script, ...args, requests!], {
      stdio: ['ignore', this.#stdout, this.#stderr, answering],
    });
    this.#process.unref();
    closeSync(answering); // now the answers end where the process does
  }

  /** Null when the process ended before it answered; it can be called no more then. */
  call(request: unknown): Answer | null {
    ftruncateSync(this.#stdout);
    ftruncateSync(this.#stderr);
    writeAll(this.#requests, Buffer.from(`${JSON.stringify(request)}\n`));
    const answer = this.#answer();
    if (answer === null) {
      for (const each of [this.#requests, this.#answers, this.#stdout, this.#stderr]) closeSync(each);
      rmSync(this.#folder, { recursive: true });
      return null;
    }
    const [stdout, stderr] = ['stdout', 'stderr'].map((name) => readFileSync(join(this.#folder, name), 'latin1'));
    return { answer: JSON.parse(answer), stdout: stdout!, stderr: stderr! };
  }

  #answer(): string | null {
    const bytes = Buffer.alloc(1024);
    let text = '';
    while (!text.endsWith('\n')) {
      const count = readSync(this.#answers, bytes);
      if (count === 0) return null;
      text += bytes.toString('latin1', 0, count);
    }
    return text;
  }
}

function writeAll(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
}
