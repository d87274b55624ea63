/**
 * The TLB: a log of inserts and purges, on top of the pages that the world maps.
 *
 * Source: SDM vol. 2, 4.1.1 (translation registers and caches), 4.1.1.6-4.1.1.8 (inserts, purges, serialization).
 */
import { Undefined } from './signals.ts';

export type TranslationKind = 'data' | 'code';

export interface TranslatedPage {
  readonly first: bigint;
  readonly behind: bigint;
}

interface Change {
  readonly page: TranslatedPage;
  /** Null: translations of data and of code. */
  readonly kind: TranslationKind | null;
  /** True for an insert, false for a purge. */
  readonly present: boolean;
  /** True for an insert into a translation register, and for a purge that affects these. */
  readonly ofRegisters: boolean;
  /** Whether it was serialized, so that accesses see it. */
  settled: boolean;
}

const EVERYWHERE: TranslatedPage = { first: 0n, behind: 1n << 64n };

export class Translations {
  readonly #changes: Change[];

  constructor(from?: Translations) {
    this.#changes = (from === undefined ? [] : from.#changes).map((change) => ({ ...change }));
  }

  insert(kind: TranslationKind, page: TranslatedPage, ofRegisters: boolean, settled: boolean): void {
    this.#changes.push({ page, kind, present: true, ofRegisters, settled });
  }

  /** @param page null: all translations but those in translation registers */
  purge(kind: TranslationKind | null, page: TranslatedPage | null, ofRegisters: boolean, settled: boolean): void {
    this.#changes.push({ page: page ?? EVERYWHERE, kind, present: false, ofRegisters, settled });
  }

  get isSettled(): boolean {
    return this.#changes.every(({ settled }) => settled);
  }

  settle(): void {
    for (const change of this.#changes) change.settled = true;
  }

  /**
   * Whether there is a translation for an address; null when no insert or purge has affected it.
   *
   * @throws Undefined when the insert or purge was not serialized
   */
  find(kind: TranslationKind, address: bigint): boolean | null {
    let isPurged = false;
    for (let at = this.#changes.length - 1; at >= 0; at--) {
      const change = this.#changes[at]!;
      const { page, present, ofRegisters } = change;
      if (address < page.first || address >= page.behind || (change.kind !== null && change.kind !== kind)) continue;
      if (isPurged && !ofRegisters) continue;
      if (!change.settled) throw new Undefined('a page is used before the change of its translation is serialized');
      if (present || ofRegisters) return present;
      isPurged = true;
    }
    return isPurged ? false : null;
  }
}

/** The page of an address. @param pageSize as a power of two; less than 4 KB is none */
export function translatedPage(address: bigint, pageSize: bigint): TranslatedPage {
  const bits = pageSize < 12n ? 12n : pageSize > 61n ? 61n : pageSize;
  const first = (address >> bits) << bits;
  return { first, behind: first + (1n << bits) };
}
