/** Standard output: what a command has to say, once it is known. */
import { ExitCode } from './failure.ts';

let watched = false;

/** Writes text to standard output: latin-1, as all text of the tool is, unless another encoding is asked for. */
export function writeOut(text: string, encoding: 'latin1' | 'utf8' = 'latin1'): void {
  if (!watched) process.stdout.on('error', endQuietly);
  watched = true;
  process.stdout.write(text, encoding);
}

/** A reader that has seen enough (`pvasm ... | head`) is no failure. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(ExitCode.clean);
  throw error;
}
