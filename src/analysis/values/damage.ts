/**
 * Which instruction has overwritten a register whose value must be given back: a may analysis that runs beside the entry
 * values.
 */
import { REGISTER_COUNT } from '../../machine/register-numbers.ts';

/** The state of the analysis: by register, the instruction that overwrote it and the predicate under which it did. */
export interface Damage {
  /**
   * By register: instruction + 1, or 0. `lost`: its entry value cannot come back, as nothing had read it; `away`: a copy of
   * it may still be given back.
   */
  readonly destroyed: Int32Array;
  readonly away: Int32Array;
  /**
   * By register: the predicate that the write was under; negative: one that it was given back under, so that it is away
   * only where that does not hold; 0 where neither is known.
   */
  readonly under: Int8Array;
  /** Whether anything may be in `under`. */
  conditional: boolean;
}

export function noDamage(): Damage {
  return {
    destroyed: new Int32Array(REGISTER_COUNT),
    away: new Int32Array(REGISTER_COUNT),
    under: new Int8Array(REGISTER_COUNT),
    conditional: false,
  };
}

/** Makes `into` the same as `from`. */
export function assignDamage(into: Damage, { destroyed, away, under, conditional }: Damage): void {
  into.destroyed.set(destroyed);
  into.away.set(away);
  into.under.set(under);
  into.conditional = conditional;
}

/**
 * Joins the state of another path; true when that changed it. A write whose predicate cannot be true here is left out.
 */
export function addDamage(into: Damage, from: Damage, excluded: (predicate: number) => boolean): boolean {
  let changed = false;
  for (let register = 0; register < REGISTER_COUNT; register++) {
    if (from.destroyed[register] === 0 && from.away[register] === 0) continue;
    const under = from.under[register]!;
    if (under !== 0 && excluded(under)) continue;
    const before = into.destroyed[register] !== 0 || into.away[register] !== 0;
    if (into.destroyed[register] === 0 && from.destroyed[register] !== 0) {
      into.destroyed[register] = from.destroyed[register]!;
      changed = true;
    }
    if (into.away[register] === 0 && from.away[register] !== 0) {
      into.away[register] = from.away[register]!;
      changed = true;
    }
    const joined = !before ? under : into.under[register] === under ? under : 0;
    if (into.under[register] !== joined) {
      setUnder(into, register, joined);
      changed = true;
    }
  }
  return changed;
}

export function setUnder(damage: Damage, register: number, predicate: number): void {
  damage.under[register] = predicate;
  damage.conditional ||= predicate !== 0;
}

/** The predicate is written: nothing is known any more of writes that it qualified. */
export function forgetCondition({ under, conditional }: Damage, predicate: number): void {
  if (!conditional) return;
  for (let register = 0; register < REGISTER_COUNT; register++)
    if (Math.abs(under[register]!) === predicate) under[register] = 0;
}
