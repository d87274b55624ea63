/** Predicates that are written on part of a way only. */
import type { Effects } from '../../machine/effects.ts';
import { PRESENT } from './gone.ts';

/**
 * Predicates that a compare wrote only where its own predicate holds, and that held nothing before: `(p6) cmp.eq p8,p9=...`
 * leaves a p8 of which nobody knows anything where p6 is false. Within one block; behind a branch it may be known that it held.
 */
export class Partly {
  readonly #written = new Map<number, { readonly what: number; readonly under: number }>();

  /** @param what what had destroyed the register's value before */
  write(register: number, { predicate, unconditionalWrites }: Effects, resource: number, what: number): void {
    const before = this.#written.get(register);
    const part = predicate !== 0 && unconditionalWrites?.includes(resource) !== true;
    if (part && before === undefined && what !== PRESENT) this.#written.set(register, { what, under: predicate });
    // Two writes under different predicates may be all that there can be.
    else if (!part || before?.under !== predicate) this.#written.delete(register);
  }

  whatWas(register: number): number {
    return this.#written.get(register)?.what ?? PRESENT;
  }
}
