/** Which memory accesses may fault. */
import type { ProgramInstruction } from './program.ts';

/**
 * May the instruction raise a data fault? Speculative loads (`ld8.s`, `ld8.sa`) defer theirs, and `lfetch` without
 * `.fault` raises none (SDM vol. 1, 4.4.4 and 4.4.6).
 */
export function mayFault({ effects, statement }: ProgramInstruction): boolean {
  if (!effects.readsMemory && !effects.writesMemory) return false;
  if (statement.kind !== 'instruction') return true;
  const [base, ...completers] = statement.mnemonic.split('.');
  if (base === 'lfetch') return completers.includes('fault');
  return !completers.includes('s') && !completers.includes('sa');
}
