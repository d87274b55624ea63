/** The shapes of register assignments: which arguments are equal, and which are registers that the body names. Used to try targets. */

import { registerFor, STAND_IN, scratchRegisters, TRUE_PREDICATE, ZERO_REGISTER } from '../machine/purposes.ts';
import { isGeneralRegister } from '../machine/register-classes.ts';
import { registersOf } from '../machine/register-table.ts';
import type { Slot } from '../project/operation-table.ts';
import type { Operation } from '../project/operations.ts';
import type { CanonicalArguments } from './problems.ts';
import type { TargetMacro } from './target.ts';

const KERNEL_REGISTERS = registersOf('ar').flatMap((each) => (each?.role === 'kernel' ? [each.name] : []));
const SCRATCH_PREDICATES = scratchRegisters('pr').map(({ name }) => name);
/** The number of them that are qualifying predicates; the others are scratch. */
const GUARDS = 4;

/** Most special registers of a hypercall; a body that names more names a whole bank. */
const FEW = 4;

/** Lists of qualifying predicates to try: some, and none if the macro distinguishes that. */
function guardLists(count: number, tellsNone: boolean): string[][] {
  const some = SCRATCH_PREDICATES.slice(0, count);
  return tellsNone && count > 0 ? [some, some.map(() => TRUE_PREDICATE)] : [some];
}

/** The Cartesian product of lists. */
function products(lists: readonly (readonly string[])[]): string[][] {
  return lists.reduce<string[][]>((all, list) => all.flatMap((start) => list.map((one) => [...start, one])), [[]]);
}

const COLLECTION = registerFor('interruption-collection').number;
/** Single bits of a 24-bit mask of psr, and what kernels set and clear at once. */
const EVERY_MASK = [
  ...Array.from({ length: 24 }, (_, bit) => 1 << bit),
  (1 << COLLECTION) | (1 << registerFor('alignment-check').number),
  (1 << COLLECTION) | (1 << registerFor('interrupts').number),
].map(String);
/** Most shapes that are tried for one operation. */
const MOST_SHAPES = 6000;

/**
 * All shapes to try a target's macro with: with and without predicates; with operands that are equal, r0, or named by the body; with
 * scratch registers, fewer of them, and `-` in their place.
 */
export function* everyShape(
  { slots, predicates }: Operation,
  { needs, named }: TargetMacro,
): Iterable<CanonicalArguments> {
  const special = [...named()].filter((name) => isGeneralRegister(name) && name !== ZERO_REGISTER).slice(0, FEW * 4);
  const few = special.length > FEW ? special.slice(0, 1) : special;
  let left = MOST_SHAPES;
  for (const operands of operandLists(slots, few)) {
    for (const general of generalLists(needs.gr, few)) {
      for (let tests = 0; tests <= needs.pr; tests++) {
        const scratch = [...general, ...SCRATCH_PREDICATES.slice(GUARDS, GUARDS + tests)];
        for (const guards of guardLists(predicates.length, true)) {
          if (left-- <= 0) return;
          yield { predicates: guards, operands, scratch };
        }
      }
    }
  }
}

function* operandLists(slots: readonly Slot[], special: readonly string[]): Iterable<string[]> {
  const choices = slots.map(({ kind }, index) => {
    if (kind === 'immediate') return EVERY_MASK;
    return kind === 'kernelRegister'
      ? KERNEL_REGISTERS
      : [`r${index + 40}`, STAND_IN.stacked, ZERO_REGISTER, ...special];
  });
  const seen = new Set<string>();
  for (const list of products(choices)) {
    // r0 cannot be written.
    if (slots[0]?.name === 'd' && list[0] === ZERO_REGISTER) continue;
    if (seen.has(list.join())) continue;
    seen.add(list.join());
    yield list;
  }
}

/** Lists of up to `most` registers, which are distinct except for `-`. */
function* generalLists(most: number, special: readonly string[]): Iterable<string[]> {
  for (let length = 0; length <= most; length++) {
    const places = Array.from({ length }, (_, index) => [`r${index + 50}`, ...special, '-']);
    for (const list of products(places)) {
      const registers = list.filter((name) => name !== '-');
      if (new Set(registers).size === registers.length) yield list;
    }
  }
}
