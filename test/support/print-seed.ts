/** Before any test: which seed the random ones go by. */
import { givenSeed } from './seed.ts';

/** Each project calls it, one run prints it once. */
const TOLD = 'PVASM_SEED_TOLD';

export default function printSeed(): void {
  if (process.env[TOLD] !== undefined) return;
  process.env[TOLD] = 'yes';
  const given = givenSeed();
  console.log(
    given === null ? "seeds: each test's own (FC_SEED=<number> or FC_SEED=random for others)" : `FC_SEED=${given}`,
  );
}
