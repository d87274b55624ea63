/** The class of a register, by its canonical name or its resource. */
import type { Register, RegisterClass } from './register.ts';
import { registerByName, resourceRegister } from './register-table.ts';

/** The class of the register of a name; null where it names none. */
export function classOfName(name: string): RegisterClass | null {
  return registerByName(name)?.class ?? null;
}

/** The number of a register in its class, by a name of it; -1 when it has none, or the name is no register's. */
export function numberOfName(name: string): number {
  return registerByName(name)?.number ?? -1;
}

export const isGeneralRegister = (name: string): boolean => classOfName(name) === 'gr';
export const isPredicateRegister = (name: string): boolean => classOfName(name) === 'pr';
export const isBranchRegister = (name: string): boolean => classOfName(name) === 'br';

/** One of the application registers that the kernel keeps for itself: `ar.k0` to `ar.k7`. */
export const isKernelRegister = (name: string): boolean => registerByName(name)?.role === 'kernel';

const OF_PROGRAMS: readonly RegisterClass[] = ['gr', 'fr', 'pr', 'br', 'ar', 'field'];

/** Whether a resource is a register that a program works with: general, floating-point, predicate, branch, application. */
export function isProgramRegister(resource: number): boolean {
  return isOfProgram(resourceRegister(resource));
}

/** Application registers that are reserved, or ignored, have no name that a program would use. */
function isOfProgram({ class: kind, role }: Register): boolean {
  return OF_PROGRAMS.includes(kind) && !(kind === 'ar' && (role === 'reserved' || role === 'ignored'));
}
