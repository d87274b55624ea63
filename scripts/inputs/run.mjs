import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Runs a program to its end.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{cwd?: string, input?: string | Buffer, env?: NodeJS.ProcessEnv}} [options]
 * @returns {{status: number | null, stdout: string, stderr: string}} output decoded as latin-1, one character a byte;
 *   status null when the program could not be started
 */
export function run(program, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    ...options,
    encoding: 'latin1',
    maxBuffer: 1 << 30,
  });
  if (error !== undefined) return { status: null, stdout: '', stderr: error.message };
  return { status, stdout, stderr };
}

/**
 * As {@link run}, but an exit status other than 0 is thrown as an error that shows the command and what it said.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{cwd?: string, input?: string | Buffer, env?: NodeJS.ProcessEnv}} [options]
 * @returns {string} stdout, latin-1
 */
export function mustRun(program, args, options = {}) {
  const { status, stdout, stderr } = run(program, args, options);
  if (status !== 0) throw new Error(failureText(program, args, status, stderr));
  return stdout;
}

/**
 * The command and the end of what it said, both short enough to read.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {number | null} status
 * @param {string} stderr
 */
export function failureText(program, args, status, stderr) {
  const command = `${program} ${args.join(' ')}`;
  const shown = command.length > 200 ? `${command.slice(0, 200)}...` : command;
  return `${shown}\nexit status ${status}\n${stderr.trim().slice(-2000)}`;
}

/**
 * Where a program stands on PATH, or null.
 *
 * @param {string} program
 */
export function onPath(program) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder === '') continue;
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not in this folder
    }
  }
  return null;
}
