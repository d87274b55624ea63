/** Standard output: results of commands, written when they are complete. */
import { writeSync } from 'node:fs';
import { Failure } from './failure.ts';
import { systemMessage } from './files.ts';

const STANDARD_OUTPUT = 1;

let started = false;

/** A call begins: nothing went to standard output yet. */
export function beginOutput(): void {
  started = false;
}

/** Whether something of this call went to standard output already. */
export function hasWritten(): boolean {
  return started;
}

/**
 * Writes text to standard output: latin-1, as all text of the tool is, unless another encoding is asked for. It is written
 * when this returns. Throws a Failure when it cannot be: a full disk, a reader that has gone.
 */
export function writeOut(text: string, encoding: 'latin1' | 'utf8' = 'latin1'): void {
  started = true;
  const bytes = Buffer.from(text, encoding);
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(STANDARD_OUTPUT, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN')
        throw new Failure(`standard output: cannot write: ${systemMessage(error)}`);
      pause(); // a pipe that does not block is full
    }
  }
}

/** What a library prints meanwhile by `console.log`, which tells nobody of a write that fails, is written by `writeOut`. */
export function withConsole<T>(action: () => T): T {
  const { log } = console;
  console.log = (...words) => writeOut(`${words.join(' ')}\n`, 'utf8');
  try {
    return action();
  } finally {
    console.log = log;
  }
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}

/**
 * Whether to colour: as the call says, else FORCE_COLOR (force-color.org), NO_COLOR (no-color.org), else on a terminal.
 *
 * @param given `--color` or `--no-color`; null for neither
 */
export function wantsColour(given: boolean | null): boolean {
  const { FORCE_COLOR: force = '', NO_COLOR: none = '' } = process.env;
  if (given !== null) return given;
  if (force !== '') return force !== '0' && force !== 'false';
  return none === '' && process.stdout.isTTY === true;
}
