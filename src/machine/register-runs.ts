/** Lists of registers as people read them. */
import type { RegisterClass } from './register.ts';
import { registerByName } from './register-table.ts';

/** Classes of numbered registers, in the order in which they are listed. */
const order: readonly RegisterClass[] = ['gr', 'fr', 'pr', 'br'];

/** Without duplicates, by class and number. */
export function sortRegisters(names: Iterable<string>): string[] {
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0));
}

/** Ranks by name: every routine of a report lists all registers. */
const ranks = new Map<string, number>();

function rank(name: string): number {
  let found = ranks.get(name);
  if (found === undefined) {
    const register = registerByName(name);
    const place = register?.name === name ? order.indexOf(register.class) : -1;
    found = place < 0 ? 1e6 : place * 1000 + register!.number;
    ranks.set(name, found);
  }
  return found;
}

/** `r2-r4`, `r8`, `p6-p9`: runs of three and more are drawn together. */
export function registerRuns(names: Iterable<string>): string[] {
  const parts: string[] = [];
  const sorted = sortRegisters(names);
  for (let at = 0; at < sorted.length; ) {
    let last = at;
    while (last + 1 < sorted.length && rank(sorted[last + 1]!) === rank(sorted[last]!) + 1 && rank(sorted[at]!) < 1e6)
      last++;
    if (last - at >= 2) parts.push(`${sorted[at]}-${sorted[last]}`);
    else parts.push(...sorted.slice(at, last + 1));
    at = last + 1;
  }
  return parts;
}
