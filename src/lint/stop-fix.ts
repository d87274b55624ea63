/** The fix for a missing stop or serialization. */
import type { ProgramInstruction } from '../analysis/program/program.ts';
import type { Fix, SourceRange } from './finding.ts';

/**
 * Puts a stop behind an instruction. None where it was not spelled in its place by hand (a macro made it), or where it
 * stands in an explicit bundle, whose template may not have that stop.
 */
export function stopBehind({ use, file, end, bundle }: ProgramInstruction): { readonly fix?: Fix } {
  if (use !== null || bundle >= 0) return {};
  return { fix: { title: 'put a stop behind it', edits: [{ file, start: end, end, text: ' ;;' }] } };
}

/** Puts a stop at a place in front of what stands there. */
export function stopAt({ file, start }: SourceRange): { readonly fix: Fix } {
  return { fix: { title: 'put a stop in front of it', edits: [{ file, start, end: start, text: ';; ' }] } };
}

/** Puts a serialization there, stops around it: so it holds on every path to what stands there. */
export function serializedAt({ file, start }: SourceRange, mnemonic: string): { readonly fix: Fix } {
  return {
    fix: { title: `put ${mnemonic} in front of it`, edits: [{ file, start, end: start, text: `;; ${mnemonic} ;; ` }] },
  };
}
