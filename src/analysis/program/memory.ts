/** Which memory accesses may fault. */
import { isOfClass } from '../../machine/classes.ts';
import type { ProgramInstruction } from './program.ts';

/** May the instruction raise a data fault? One that is not known may. */
export function mayFault({ effects }: ProgramInstruction): boolean {
  return (effects.readsMemory || effects.writesMemory) && !isOfClass(effects.form, 'faultless');
}
