/** The registers by name, number and resource. */
import type { Register, RegisterClass } from './register.ts';
import { registers } from './registers.data.ts';

const byName = new Map<string, Register>();
const operandsByName = new Map<string, Register>();
/** What an operand cannot name: a label may well be called `memory`. */
const UNNAMED: readonly RegisterClass[] = ['state', 'field', 'file'];
const byResource: Register[] = [];
const byNumber = new Map<RegisterClass, Register[]>();

for (const { register, names } of registers) add(register, names);

/** How many resources there are; their numbers are 0 to one less. */
export const RESOURCE_COUNT = byResource.length;

/** The register or other state with a resource number. */
export function resourceRegister(resource: number): Register {
  return byResource[resource]!;
}

/** A register by one of its architectural names; not `in0` and its kind, which depend on the frame. */
export function registerByName(name: string): Register | undefined {
  return byName.get(name);
}

/** What an operand of that name means: as `registerByName`, but nothing that only our tables call so. */
export function operandByName(name: string): Register | undefined {
  return operandsByName.get(name);
}

/** The registers of a class by number, with gaps. */
export function registersOf(kind: RegisterClass): readonly (Register | undefined)[] {
  return byNumber.get(kind) ?? [];
}

/** A register by its number in its class. */
export function registerByNumber(kind: RegisterClass, number: number): Register | undefined {
  return byNumber.get(kind)?.[number];
}

function add(register: Register, names: readonly string[]): void {
  for (const name of names) byName.set(name, register);
  if (!UNNAMED.includes(register.class)) for (const name of names) operandsByName.set(name, register);
  if (register.resource >= 0) byResource[register.resource] = register;
  if (register.number < 0) return;
  let list = byNumber.get(register.class);
  if (list === undefined) {
    list = [];
    byNumber.set(register.class, list);
  }
  list[register.number] = register;
}
