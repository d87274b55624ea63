/** Registers as a report names them. */
import { resourceName } from '../machine/index.ts';

/** Classes of registers, in the order in which they are listed. */
const order = 'rfpb';

/** Names of those resources that are registers a program works with: general, floating-point, predicate, branch, ar. */
export function registerNames(resources: Iterable<number>): string[] {
  return sortRegisters([...resources].map(resourceName).filter((name) => /^([rfpb]\d+|ar\..*)$/.test(name)));
}

/** Without duplicates, by class and number. */
export function sortRegisters(names: Iterable<string>): string[] {
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0));
}

function rank(name: string): number {
  const match = /^([rfpb])(\d+)$/.exec(name);
  return match === null ? 1e6 : order.indexOf(match[1]!) * 1000 + Number(match[2]);
}

/** `r2-r3 r8 p6-p9`: runs of three and more are drawn together. */
export function registerRanges(names: readonly string[]): string {
  const parts: string[] = [];
  const sorted = sortRegisters(names);
  for (let at = 0; at < sorted.length; ) {
    let last = at;
    while (last + 1 < sorted.length && rank(sorted[last + 1]!) === rank(sorted[last]!) + 1 && rank(sorted[at]!) < 1e6) last++;
    if (last - at >= 2) parts.push(`${sorted[at]}-${sorted[last]}`);
    else parts.push(...sorted.slice(at, last + 1));
    at = last + 1;
  }
  return parts.length === 0 ? '-' : parts.join(' ');
}

export function isBranchRegister(name: string): boolean {
  return /^b\d$/.test(name);
}

export function isGeneralRegister(name: string): boolean {
  return /^r\d+$/.test(name);
}
