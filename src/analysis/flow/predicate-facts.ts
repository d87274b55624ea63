/**
 * What is known of predicates on one path: which are true and false, and what one says of others. A compare makes its two
 * exclude each other; `(p3) cmp.eq.unc p6,p0=...` leaves a p6 that is true only where p3 is.
 */
import { decidedCompare } from '../../machine/decided-compares.ts';
import { isPredicate, predicateNumber } from '../../machine/register-numbers.ts';
import type { ProgramInstruction } from '../program/program.ts';
import { complementIn, excludedBy, oppositeOf } from './pairs.ts';

/** Predicates that are true and that are false, as bits. */
interface Known {
  readonly yes: bigint;
  readonly no: bigint;
}

const NOTHING: Known = { yes: 0n, no: 0n };
const bit = (predicate: number): bigint => 1n << BigInt(predicate);

const bitsOf = (predicates: readonly number[]): bigint => predicates.reduce((bits, each) => bits | bit(each), 0n);

function without({ yes, no }: Known, predicates: readonly number[]): Known {
  const kept = ~bitsOf(predicates) | bit(0);
  return { yes: yes & kept, no: no & kept };
}

export class PredicateFacts {
  private constructor(
    readonly known: Known,
    /** By predicate: what also holds where it is true, and where it is false. */
    readonly where: ReadonlyMap<number, Known>,
    readonly unless: ReadonlyMap<number, Known>,
  ) {}

  static readonly none = new PredicateFacts({ yes: bit(0), no: 0n }, new Map(), new Map());

  #key: string | undefined;

  /** The same for the same facts. */
  get key(): string {
    this.#key ??= this.#inWords();
    return this.#key;
  }

  #inWords(): string {
    const words = (map: ReadonlyMap<number, Known>): string =>
      [...map]
        .sort(([a], [b]) => a - b)
        .map(([predicate, { yes, no }]) => `${predicate}:${yes}:${no}`)
        .join(' ');
    return `${this.known.yes} ${this.known.no} ${words(this.where)} | ${words(this.unless)}`;
  }

  /** With a predicate known to be true, or false; null: it cannot be. */
  assume(predicate: number, value: boolean): PredicateFacts | null {
    let yes = this.known.yes | (value ? bit(predicate) : 0n);
    let no = this.known.no | (value ? 0n : bit(predicate));
    for (let before = -1n; before !== (yes | (no << 64n)); ) {
      before = yes | (no << 64n);
      for (const [cause, effect] of this.where) {
        if ((yes & bit(cause)) !== 0n) [yes, no] = [yes | effect.yes, no | effect.no];
        else if ((effect.yes & no) !== 0n || (effect.no & yes) !== 0n) no |= bit(cause);
      }
      for (const [cause, effect] of this.unless)
        if ((no & bit(cause)) !== 0n) [yes, no] = [yes | effect.yes, no | effect.no];
    }
    return (yes & no) === 0n ? new PredicateFacts({ yes, no }, this.where, this.unless) : null;
  }

  /** With what an analysis over all paths knows of a predicate: the pair that it is one of (pairs.ts). */
  withPair(predicate: number, pair: number): PredicateFacts {
    const other = excludedBy(pair);
    if (predicate <= 0 || other === 0) return this;
    const facts = this.#implying(predicate, { yes: 0n, no: bit(other) }).#implying(other, {
      yes: 0n,
      no: bit(predicate),
    });
    if (complementIn(pair) === 0) return facts;
    const unless = new Map(facts.unless)
      .set(predicate, { yes: bit(other), no: 0n })
      .set(other, { yes: bit(predicate), no: 0n });
    return new PredicateFacts(facts.known, facts.where, unless);
  }

  /** Behind an instruction. */
  after({ effects, statement }: ProgramInstruction, toRegister: Int16Array): PredicateFacts {
    if (!effects.writes.some((resource) => isPredicate(toRegister[resource]!))) return this; // most
    const written = effects.writes.filter((resource) => isPredicate(toRegister[resource]!));
    const numberOf = (resource: number): number => predicateNumber(toRegister[resource]!);
    const { predicate, unconditionalWrites = [], form } = effects;
    if (predicate > 0 && (this.known.no & bit(predicate)) !== 0n) {
      const cleared = written.filter((resource) => unconditionalWrites.includes(resource)).map(numberOf);
      return this.forget(cleared).#with([], cleared);
    }
    const numbers = written.map(numberOf);
    let facts = this.forget(numbers);
    const decided = statement.kind === 'instruction' ? decidedCompare(effects, statement) : null;
    if (decided !== null && (predicate === 0 || (this.known.yes & bit(predicate)) !== 0n)) {
      const named = (name: string | null): number[] => numbers.filter((number) => name === `p${number}`);
      return facts.#with(named(decided.set), named(decided.cleared));
    }
    if (predicate > 0) {
      // `(p6) cmp.ne.unc p6,p0=...` leaves a p6 that is true only where the one before was.
      const before = { yes: bit(predicate), no: 0n };
      const implied = numbers.includes(predicate) ? (this.where.get(predicate) ?? NOTHING) : before;
      const kept = without(implied, numbers);
      written.forEach((resource, at) => {
        if (unconditionalWrites.includes(resource)) facts = facts.#implying(numbers[at]!, kept);
      });
    }
    const always = predicate === 0 || unconditionalWrites.length === 2;
    if ((form?.complements ?? null) !== null && always && numbers.length === 2)
      // A NaT among the operands would clear both; a path that only a NaT can take shows no other fault than that.
      facts = facts.withPair(numbers[0]!, predicate === 0 ? oppositeOf(numbers[1]!) : numbers[1]!);
    return facts;
  }

  /** Without what is known of predicates that mean something else from here on. */
  forget(predicates: readonly number[]): PredicateFacts {
    if (!this.#speaksOf(bitsOf(predicates))) return this;
    const clean = (map: ReadonlyMap<number, Known>): Map<number, Known> =>
      new Map(
        [...map].flatMap(([predicate, effect]) =>
          predicates.includes(predicate) ? [] : [[predicate, without(effect, predicates)] as const],
        ),
      );
    return new PredicateFacts(without(this.known, predicates), clean(this.where), clean(this.unless));
  }

  #speaksOf(predicates: bigint): boolean {
    const speaks = ({ yes, no }: Known): boolean => ((yes | no) & predicates) !== 0n;
    if (speaks(this.known)) return true;
    for (const map of [this.where, this.unless])
      for (const [predicate, effect] of map) if ((bit(predicate) & predicates) !== 0n || speaks(effect)) return true;
    return false;
  }

  #with(set: readonly number[], cleared: readonly number[]): PredicateFacts {
    const known = { yes: this.known.yes | bitsOf(set), no: this.known.no | bitsOf(cleared) };
    return new PredicateFacts(known, this.where, this.unless);
  }

  #implying(predicate: number, { yes, no }: Known): PredicateFacts {
    const known = this.where.get(predicate) ?? NOTHING;
    if (this.where.has(predicate) && (known.yes | yes) === known.yes && (known.no | no) === known.no) return this;
    const where = new Map(this.where).set(predicate, { yes: known.yes | yes, no: known.no | no });
    return new PredicateFacts(this.known, where, this.unless);
  }
}
