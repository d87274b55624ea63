/** grammar/register-purposes.tsv: registers that the tool treats by themselves, by what they are for. */
import text from '../../grammar/register-purposes.tsv';
import type { Register } from './register.ts';
import { registerByName, registersOf } from './register-table.ts';
import { tableRows } from './tsv.ts';

export type RegisterPurpose =
  | 'zero'
  | 'always-true'
  | 'stack-pointer'
  | 'global-pointer'
  | 'return-link'
  | 'instruction-pointer'
  | 'frame-marker'
  | 'previous-frame'
  | 'rse-configuration'
  | 'backing-store'
  | 'backing-store-stores'
  | 'rse-nats'
  | 'spill-nats'
  | 'compare-value'
  | 'loop-count'
  | 'epilog-count'
  | 'interruption-collection'
  | 'interrupts'
  | 'alignment-check'
  | 'data-translation'
  | 'interrupted-psr'
  | 'interrupted-address'
  | 'interrupted-frame'
  | 'fault-address'
  | 'insert-size'
  | 'interrupt-vector'
  | 'page-table';

const byPurpose = new Map(tableRows(text).map(([purpose, name]) => [purpose!, registerByName(name!)]));

/** The register of a purpose. @throws Error when the table has no line for it, or the line names no register */
export function registerFor(purpose: RegisterPurpose): Register {
  const register = byPurpose.get(purpose);
  if (register === undefined) throw new Error(`grammar/register-purposes.tsv has no register for '${purpose}'`);
  return register;
}

const FRAME_MARKER = registerFor('frame-marker').resource;

/** The number of the first rotating register of a class: every use of one depends on the frame marker (SDM vol. 1, 4.5.1). */
function firstRotating(kind: 'gr' | 'fr' | 'pr'): number {
  return registersOf(kind).findIndex((each) => each?.consults.includes(FRAME_MARKER));
}

export const FIRST_ROTATING = {
  gr: firstRotating('gr'),
  fr: firstRotating('fr'),
  pr: firstRotating('pr'),
} as const;

/** The number of the first stacked general register. */
export const FIRST_STACKED: number = registersOf('gr').findIndex((each) => each?.role === 'stacked');

/** The predicate that is always true: spelled where an instruction has none. */
export const TRUE_PREDICATE: string = registerFor('always-true').name;

/** The general register that is always 0. */
export const ZERO_REGISTER: string = registerFor('zero').name;

/** The registers of a class that the software conventions call scratch, by number; without the return link. */
export function scratchRegisters(kind: 'gr' | 'pr' | 'br'): readonly Register[] {
  const link = registerFor('return-link');
  return registersOf(kind).flatMap((each) => (each?.role === 'scratch' && each !== link ? [each] : []));
}

/**
 * Stand-ins for any register of a class, in text that is decoded for its form alone. `general` is one that every instruction
 * takes (addl reads r0 to r3 only); `stacked` is one that only some do.
 */
export const STAND_IN = {
  general: scratchRegisters('gr')[0]!.name,
  stacked: registersOf('gr').filter((each) => each?.role === 'stacked')[8]!.name,
  predicate: scratchRegisters('pr')[0]!.name,
  branch: scratchRegisters('br')[0]!.name,
  kernel: registersOf('ar').find((each) => each?.role === 'kernel')!.name,
} as const;
