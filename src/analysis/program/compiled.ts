/** Which instructions of a program a compiler wrote. Requires: the instructions laid out. */
import { inlineAssembly } from '../../machine/compilers.ts';
import type { SourceText } from '../../syntax/source.ts';

interface Spelled {
  readonly file: SourceText;
  /** Offset of its first character. */
  readonly start: number;
  /** Index of its `.proc`, or -1. */
  readonly routine: number;
}

/**
 * By instruction, 1 where a compiler wrote it: in a routine, and not in inline assembly. Nothing of a source that the C
 * preprocessor reads is a compiler's.
 */
export function compiledInstructions(instructions: readonly Spelled[]): Uint8Array {
  const compiled = new Uint8Array(instructions.length);
  const known = new Map<SourceText, readonly (readonly [number, number])[]>();
  let at = 0;
  let last: SourceText | null = null;
  let before = 0;
  for (const [index, { file, start, routine }] of instructions.entries()) {
    let inline = known.get(file);
    if (inline === undefined) {
      inline = inlineAssembly(file.text);
      known.set(file, inline);
    }
    // Instructions mostly stand in the order of the text, so the search goes on where it ended.
    if (file !== last || start < before) at = 0;
    last = file;
    before = start;
    while (at < inline.length && inline[at]![1] <= start) at++;
    const isInline = at < inline.length && inline[at]![0] <= start;
    if (routine >= 0 && file.dialect === 'gas' && !isInline) compiled[index] = 1;
  }
  return compiled;
}
