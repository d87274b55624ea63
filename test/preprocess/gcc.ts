/** Runs of gcc -E on small texts. */
import { run } from '../support/run.ts';
import { linesOfText } from './support.ts';

/** What gcc -E makes of a text that it reads from its standard input. */
export function gcc(text: string, flags: readonly string[] = []): { lines: string[]; messages: string } {
  const fixed = ['-E', '-x', 'assembler-with-cpp', '-nostdinc', '-undef', '-std=gnu89', '-w'];
  const { stdout, stderr } = run('gcc', [...fixed, ...flags, '-'], { input: Buffer.from(text, 'latin1') });
  return { lines: linesOfText(stdout), messages: stderr };
}
