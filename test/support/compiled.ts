/** samples/compiled: what a compiler makes of kernel code, its listings, and what they cost. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { assembleText, countInstructions } from './assemble.ts';

export const LEVELS = ['O0', 'O1', 'O2', 'O3'] as const;

export function compiledSample(level: string): { readonly name: string; readonly text: string } {
  const name = `samples/compiled/kernel.${level}.s`;
  return { name, text: readFileSync(join(projectRoot, name), 'latin1') };
}

/** The object of a compiler's file or its listing, under -x; what the assembler says is thrown. */
export function assembleCompiled(text: string): Buffer {
  const { object, messages } = assembleText(text, { preprocess: false });
  if (object === null || messages !== '') throw new Error(messages);
  return object;
}

/**
 * The lines of docs/figures.md for a sample: its size, and what each listing adds to that.
 *
 * @param listings by target
 */
export function costRows(name: string, native: string, listings: ReadonlyMap<string, string>): string[] {
  const own = countInstructions(assembleCompiled(native));
  const cells = ({ instructions, stops, bytes }: typeof own) => [instructions, stops, bytes];
  const head = `| ${name} | native | ${cells(own).join(' | ')} |`;
  const rows = [...listings].map(([target, text]) => {
    const added = cells(countInstructions(assembleCompiled(text))).map((count, at) => `+${count - cells(own)[at]!}`);
    return `|  | \`${target}\` | ${added.join(' | ')} |`;
  });
  return [head, ...rows];
}
