/**
 * The seed of a test with random input. Each test has one of its own, so that a run can be repeated; `FC_SEED=<number>`
 * gives all of them another, and `FC_SEED=random` a new one, which the run prints first.
 */
import fc from 'fast-check';

/** The seed given by the call, or null. */
export function givenSeed(): number | null {
  // Before workers start, which then have the same.
  if (process.env.FC_SEED === 'random') process.env.FC_SEED = String(Date.now() % 2 ** 31);
  const given = process.env.FC_SEED;
  if (given === undefined || given === '') return null;
  if (!/^-?\d{1,10}$/.test(given)) throw new Error(`FC_SEED=${given}: not a number`);
  return Number(given);
}

/** The seed to use where a test has `own`. */
export function seed(own: number): number {
  return givenSeed() ?? own;
}

fc.configureGlobal({ seed: seed(20_080_204) });
