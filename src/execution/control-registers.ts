/** Control registers by number: their names, and which of them an interruption writes. */
import { registerFor } from '../machine/purposes.ts';
import { registerByNumber, registersOf } from '../machine/register-table.ts';

export const CONTROL_NAMES: readonly string[] = Array.from(
  { length: 128 },
  (_, number) => registerByNumber('cr', number)?.name ?? '',
);

const COLLECTION = registerFor('interruption-collection').resource;
const collected = registersOf('cr').flatMap((each) => (each?.consults.includes(COLLECTION) ? [each] : []));
const numbers: ReadonlySet<number> = new Set(collected.map(({ number }) => number));

/** The registers that an interruption writes: every access to them depends on psr.ic (SDM vol. 2, 3.3.5). */
export const COLLECTED_NAMES: readonly string[] = collected.map(({ name }) => name);

export function isCollected(register: number): boolean {
  return numbers.has(register);
}
