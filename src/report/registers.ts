/** Registers as a report names them. */

import { classOfName, isProgramRegister } from '../machine/register-classes.ts';
import { registerRuns, sortRegisters } from '../machine/register-runs.ts';
import { registerByName, resourceRegister } from '../machine/register-table.ts';
import { RESOURCE_COUNT, resourceName, resourceNamed } from '../machine/resources.ts';

/** Names of those resources that are registers a program works with: general, floating-point, predicate, branch, ar. */
export function registerNames(resources: Iterable<number>): string[] {
  return sortRegisters([...resources].filter(isProgramRegister).map(resourceName));
}

const allRegisters = registerNames(Array.from({ length: RESOURCE_COUNT }, (_, resource) => resource));

/** `r2-r3 r8 p6-p9`; `-` where there are none. */
export function registerRanges(names: readonly string[]): string {
  return names.length === 0 ? '-' : registerRuns(names).join(' ');
}

/** By class, the registers that summaries speak of. */
const summarized = (
  [
    ['gr', 'r'],
    ['fr', 'f'],
    ['pr', 'p'],
    ['br', 'b'],
    ['ar', 'ar'],
  ] as const
).map(
  ([kind, label]) =>
    [label, allRegisters.filter((name) => classOfName(name) === kind && !isConstantNamed(name))] as const,
);

/** Registers that change their meaning when one of these resources is written: r16-r31 with the bank (psr.bn). */
export function dependentRegisters(written: Iterable<number>): string[] {
  const changed = new Set(written);
  return allRegisters.filter((name) =>
    resourceRegister(resourceNamed(name)).consults.some((resource) => changed.has(resource)),
  );
}

/**
 * As `registerRanges`, with `all f` for a whole class and `all ar but ar.bsp` for nearly one. `all` is what there is;
 * constants and fields of registers (`ar.fpsr.sf0.flags`) are left out.
 */
export function registerSummary(names: readonly string[], all: readonly string[]): string {
  const parts: string[] = [];
  const own = new Set(names);
  const there = new Set(all);
  for (const [kind, listed] of summarized) {
    const members = listed.filter((name) => there.has(name));
    const inside = members.filter((name) => own.has(name));
    if (inside.length === 0) continue;
    if (inside.length === members.length) parts.push(`all ${kind}`);
    else if (kind === 'ar' && inside.length * 2 > members.length)
      parts.push(`all ar but ${members.filter((name) => !own.has(name)).join(' ')}`);
    else parts.push(registerRanges(inside));
  }
  return parts.length === 0 ? '-' : parts.join(', ');
}

function isConstantNamed(name: string): boolean {
  return registerByName(name)?.role === 'constant';
}
