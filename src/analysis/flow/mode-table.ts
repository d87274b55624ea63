/**
 * Instructions that set the register bank, psr.ic, psr.i, psr.dt or the frame, from grammar/modes.tsv; what the register stack
 * engine's mode allows, from grammar/enforced-lazy.tsv.
 */

import lazyTable from '../../../grammar/enforced-lazy.tsv';
import table from '../../../grammar/modes.tsv';
import { registerFor } from '../../machine/purposes.ts';
import type { Bank } from '../../machine/register-numbers.ts';
import { tableRows } from '../../machine/tsv.ts';
import { evaluateNumber } from '../../syntax/evaluate.ts';
import type { Program, ProgramInstruction } from '../program/program.ts';

const banks = new Map<string, Bank>();
const psrIc = new Map<string, 0 | 1>();
const translation = new Map<string, 0 | 1>();
const interrupts = new Map<string, 0 | 1>();
const emptying = new Set<string>();
const settings = new Map([
  ['bank', banks],
  [registerFor('interruption-collection').name, psrIc],
  [registerFor('data-translation').name, translation],
  [registerFor('interrupts').name, interrupts],
]);
for (const line of table.split('\n')) {
  if (line === '' || line.startsWith('#')) continue;
  const [mnemonic, mode, value] = line.split('\t') as [string, string, '0' | '1'];
  if (mode === 'frame') emptying.add(mnemonic);
  else settings.get(mode)!.set(mnemonic, Number(value) as 0 | 1);
}

/** The address that rfi goes to. */
export const RESUME: number = registerFor('interrupted-address').resource;

const PSR_IC = registerFor('interruption-collection').resource;

/** The bank that an instruction of this mnemonic switches to; null when it switches none. */
export function bankSetBy(mnemonic: string): Bank | null {
  return banks.get(mnemonic) ?? null;
}

/** Does the instruction write psr.ic? */
export function changesPsrIc(instruction: ProgramInstruction): boolean {
  return instruction.effects.writes.includes(PSR_IC);
}

/** psr.ic behind an instruction that changes it, when its predicate is true; null: cannot be told. */
export function psrIcSetBy(mnemonic: string): 0 | 1 | null {
  return psrIc.get(mnemonic) ?? null;
}

/** psr.i behind an instruction that changes it, when its predicate is true; null: cannot be told. */
export function interruptsSetBy(mnemonic: string): 0 | 1 | null {
  return interrupts.get(mnemonic) ?? null;
}

const PSR_DT = registerFor('data-translation').resource;

/** psr.dt behind an instruction: 1: it is set; 0: it may be cleared; null: it is as before. */
export function translationBehind({ effects, statement }: ProgramInstruction): 0 | 1 | null {
  if (!effects.known) return 0;
  if (!effects.writes.includes(PSR_DT)) return null;
  if (statement.kind !== 'instruction' || translation.get(statement.mnemonic) !== 1) return 0;
  return effects.predicate === 0 && !effects.mayWrites.includes(PSR_DT) ? 1 : null;
}

/** Does the instruction surely clear psr.dt (true), or change it in another way (false)? Null: neither. */
export function clearsTranslation({ effects, statement }: ProgramInstruction): boolean | null {
  if (effects.known && !effects.writes.includes(PSR_DT)) return null;
  const clears = statement.kind === 'instruction' && translation.get(statement.mnemonic) === 0;
  return clears && effects.predicate === 0 && !effects.mayWrites.includes(PSR_DT);
}

/** Does an instruction of this mnemonic leave a frame without any stacked registers? */
export function emptiesFrame(mnemonic: string): boolean {
  return emptying.has(mnemonic);
}

/** The bank behind an instruction that runs on `bank`. */
export function bankBehind({ instructions }: Program, instruction: number, bank: Bank): Bank {
  const { statement } = instructions[instruction]!;
  return (statement.kind === 'instruction' ? bankSetBy(statement.mnemonic) : null) ?? bank;
}

const stoppedEngine = new Set(tableRows(lazyTable).map(([form]) => form!));

/** Does the instruction fault while the register stack engine is in another mode than enforced lazy? */
export function needsStoppedEngine({ effects: { form } }: ProgramInstruction): boolean {
  return form !== null && stoppedEngine.has(form.id);
}

const AR_RSC = registerFor('rse-configuration').resource;
const MODE_BITS = 3n;

/** Is it a mode in which the engine may work on its own, in a value of ar.rsc? */
export function isEngineOn(rsc: bigint): boolean {
  return (rsc & MODE_BITS) !== 0n;
}

/** Does the instruction surely let the engine work on its own (true), or write ar.rsc in another way (false)? Null: neither. */
export function startsEngine({ effects, statement }: ProgramInstruction): boolean | null {
  if (effects.known && !effects.writes.includes(AR_RSC)) return null;
  if (statement.kind !== 'instruction' || effects.predicate !== 0) return false;
  const [input] = statement.inputs;
  const value = input === undefined ? undefined : evaluateNumber(input);
  return value !== undefined && isEngineOn(value);
}
