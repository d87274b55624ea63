/**
 * Resources: everything that an instruction can depend on, as small integers, in the order of grammar/registers.tsv.
 * GR 16-31 are the registers of the current bank. r0, f0, f1 and p0 have numbers too, but no effect ever names them.
 */

import type { RegisterClass } from './register.ts';
import { RESOURCE_COUNT, registerByName, registersOf, resourceRegister } from './register-table.ts';

export { RESOURCE_COUNT };

/** `r8`, `p6`, `ar.pfs`, `cr.ifa`, `psr.ic`, `cfm`, `memory`. */
export function resourceName(resource: number): string {
  return resourceRegister(resource).name;
}

/** Resource of a name as the tables spell it; -1 when there is none. */
export function resourceNamed(name: string): number {
  return registerByName(name)?.resource ?? -1;
}

/** Asked for at every operand, so from one array for each class. */
function numbered(kind: RegisterClass): (number: number) => number {
  const resources = Int16Array.from(registersOf(kind), (register) => register?.resource ?? -1);
  return (number) => resources[number] ?? -1;
}

/** Resources of general, floating-point, predicate, branch, application and control registers, by number; -1 if there is none. */
export const GR = numbered('gr');
export const FR = numbered('fr');
export const PR = numbered('pr');
export const BR = numbered('br');
export const AR = numbered('ar');
export const CR = numbered('cr');

/** Resource of a bit of psr; -1 for one that is reserved. */
export const psrBit = numbered('psr');

/** Registers that are always the same: r0, f0, f1, p0. Reading or writing one is no effect. */
export const isConstant: Uint8Array = Uint8Array.from({ length: RESOURCE_COUNT }, (_, resource) =>
  resourceRegister(resource).role === 'constant' ? 1 : 0,
);
