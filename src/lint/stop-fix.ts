/** The fix for a missing stop or serialization. */
import type { ProgramInstruction } from '../analysis/program/program.ts';
import type { Fix } from './finding.ts';

/**
 * Puts a stop behind an instruction. None where it was not spelled in its place by hand (a macro made it), or where it
 * stands in an explicit bundle, whose template may not have that stop.
 */
export function stopBehind({ use, file, end, bundle }: ProgramInstruction): { readonly fix?: Fix } {
  if (use !== null || bundle >= 0) return {};
  return { fix: { title: 'put a stop behind it', edits: [{ file, start: end, end, text: ' ;;' }] } };
}

/** Puts a stop in front of an instruction. */
export function stopInFront({ use, file, start, bundle }: ProgramInstruction): { readonly fix?: Fix } {
  if (use !== null || bundle >= 0) return {};
  return { fix: { title: 'put a stop in front of it', edits: [{ file, start, end: start, text: ';; ' }] } };
}

/** Puts a serialization in front of an instruction, stops around it: so it holds on every path to the instruction. */
export function serializedInFront(
  { use, file, start, bundle }: ProgramInstruction,
  mnemonic: string,
): { readonly fix?: Fix } {
  if (use !== null || bundle >= 0) return {};
  return {
    fix: { title: `put ${mnemonic} in front of it`, edits: [{ file, start, end: start, text: `;; ${mnemonic} ;; ` }] },
  };
}
