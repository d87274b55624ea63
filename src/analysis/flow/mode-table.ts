/** Instructions that set the register bank, psr.ic or the frame, from grammar/modes.tsv. */
import table from '../../../grammar/modes.tsv';
import type { Bank } from '../../machine/register-numbers.ts';
import { resourceNamed } from '../../machine/resources.ts';
import type { ProgramInstruction } from '../program/program.ts';

const banks = new Map<string, Bank>();
const collection = new Map<string, 0 | 1>();
const emptying = new Set<string>();
for (const line of table.split('\n')) {
  if (line === '' || line.startsWith('#')) continue;
  const [mnemonic, mode, value] = line.split('\t') as [string, string, '0' | '1'];
  if (mode === 'frame') emptying.add(mnemonic);
  else (mode === 'bank' ? banks : collection).set(mnemonic, Number(value) as 0 | 1);
}

const PSR_IC = resourceNamed('psr.ic');

/** The bank that an instruction of this mnemonic switches to; null when it switches none. */
export function bankSetBy(mnemonic: string): Bank | null {
  return banks.get(mnemonic) ?? null;
}

/** Does the instruction write psr.ic? */
export function changesCollection(instruction: ProgramInstruction): boolean {
  return instruction.effects.writes.includes(PSR_IC);
}

/** psr.ic behind an instruction that changes it, when its predicate is true; null: cannot be told. */
export function collectionSetBy(mnemonic: string): 0 | 1 | null {
  return collection.get(mnemonic) ?? null;
}

/** Does an instruction of this mnemonic leave a frame without any stacked registers? */
export function emptiesFrame(mnemonic: string): boolean {
  return emptying.has(mnemonic);
}
