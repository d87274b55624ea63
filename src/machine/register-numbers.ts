/**
 * The registers that liveness follows, numbered densely: general registers (r16-r31 once for each bank), floating-point,
 * predicate, branch and application registers. Control registers, psr and memory are effects but never scratch.
 */
import { FIRST_STACKED } from './purposes.ts';
import type { Register, RegisterClass } from './register.ts';
import { isProgramRegister } from './register-classes.ts';
import { RESOURCE_COUNT, registerByName, resourceRegister } from './register-table.ts';

/** Register bank: 0 while an interruption is taken, 1 otherwise (SDM vol. 2, 3.3.1). */
export type Bank = 0 | 1;

const BANKED_FIRST = 16;
const BANKED_COUNT = 16;
const GENERAL = 0;
const BANK0 = GENERAL + 128;
const FLOATING = BANK0 + BANKED_COUNT;
const PREDICATE = FLOATING + 128;
const BRANCH = PREDICATE + 64;
const APPLICATION = BRANCH + 8;

/** Followed register numbers of `r5`, `p6`, `b0`. r16-r31 are bank 1's. */
export const general = (number: number): number => GENERAL + number;
export const predicate = (number: number): number => PREDICATE + number;
export const branch = (number: number): number => BRANCH + number;

const applicationNames: string[] = [];

const FIRST: Readonly<Partial<Record<RegisterClass, number>>> = {
  gr: GENERAL,
  fr: FLOATING,
  pr: PREDICATE,
  br: BRANCH,
};

/** Gives application registers and their fields numbers in the order of the resources. */
function followed({ class: kind, number, name, resource }: Register): number {
  const first = FIRST[kind];
  if (first !== undefined) return first + number;
  if (!isProgramRegister(resource)) return -1;
  return APPLICATION + applicationNames.push(name) - 1;
}

const bank1 = new Int16Array(RESOURCE_COUNT).fill(-1);
for (let resource = 0; resource < RESOURCE_COUNT; resource++) bank1[resource] = followed(resourceRegister(resource));
const bank0 = bank1.map((register) => otherBank(register));

function otherBank(register: number): number {
  const offset = register - GENERAL - BANKED_FIRST;
  return offset >= 0 && offset < BANKED_COUNT ? BANK0 + offset : register;
}

/** The followed register of a resource while a bank is current; -1 for other resources. Indexed by bank, then resource. */
export const registerOf: readonly [Int16Array, Int16Array] = [bank0, bank1];

/** How many registers are followed. */
export const REGISTER_COUNT = APPLICATION + applicationNames.length;

/** r16-r31 of bank 0, and every register there is. */
export const BANK0_REGISTERS: readonly number[] = Array.from({ length: BANKED_COUNT }, (_, offset) => BANK0 + offset);
export const ALL_REGISTERS: readonly number[] = Array.from({ length: REGISTER_COUNT }, (_, register) => register);

const STACKED_COUNT = 96;

/** The registers that a frame has, as many as it may have: r32 and up. */
export const STACKED_REGISTERS: readonly number[] = Array.from(
  { length: STACKED_COUNT },
  (_, offset) => GENERAL + FIRST_STACKED + offset,
);

/** Does a call, or a return, make the name mean another register? */
export function isStacked(register: number): boolean {
  const number = register - GENERAL;
  return number >= FIRST_STACKED && number < FIRST_STACKED + STACKED_COUNT;
}

/** The register that the name of `register` means while `bank` is current: r16 of bank 1 becomes r16 of bank 0. */
export function inBank(register: number, bank: Bank): number {
  return bank === 0 ? otherBank(register) : register;
}

/** True for r16-r31 of either bank. */
export function isBanked(register: number): boolean {
  return (register >= GENERAL + BANKED_FIRST && register < GENERAL + BANKED_FIRST + BANKED_COUNT) || isBank0(register);
}

/** False for a register of the bank that is not current: no name means it. */
export function isCurrent(register: number, bank: Bank): boolean {
  return !isBanked(register) || isBank0(register) === (bank === 0);
}

export function isBank0(register: number): boolean {
  return register >= BANK0 && register < BANK0 + BANKED_COUNT;
}

export function isPredicate(register: number): boolean {
  return register >= PREDICATE && register < PREDICATE + 64;
}

/** Number of a predicate register, 0-63. */
export function predicateNumber(register: number): number {
  return register - PREDICATE;
}

/** General registers, of both banks, are numbered below. */
export const GENERAL_COUNT: number = FLOATING;

export function isGeneral(register: number): boolean {
  return register < FLOATING;
}

export function isFloating(register: number): boolean {
  return register >= FLOATING && register < PREDICATE;
}

export function isBranch(register: number): boolean {
  return register >= BRANCH && register < APPLICATION;
}

export function isApplication(register: number): boolean {
  return register >= APPLICATION;
}

/** `r8`, `r20` for both banks (the bank is said elsewhere), `p6`, `b0`, `ar.pfs`. */
export function registerName(register: number): string {
  if (register >= APPLICATION) return applicationNames[register - APPLICATION]!;
  if (register >= BRANCH) return `b${register - BRANCH}`;
  if (register >= PREDICATE) return `p${register - PREDICATE}`;
  if (register >= FLOATING) return `f${register - FLOATING}`;
  if (register >= BANK0) return `r${register - BANK0 + BANKED_FIRST}`;
  return `r${register}`;
}

/** Followed register of an architectural name (`r20` is bank 1's); -1 when there is none. */
export function registerNamed(name: string): number {
  const register = registerByName(name);
  return register === undefined || register.name !== name || register.resource < 0 ? -1 : bank1[register.resource]!;
}
