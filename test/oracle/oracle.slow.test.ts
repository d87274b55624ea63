/**
 * The claim "these registers are free here", held against executions of random programs: each runs with and without those
 * registers destroyed, and the world must see no difference. `npm run oracle` makes it more programs, or others:
 * PVASM_ORACLE_PROGRAMS says how many, FC_SEED the first of them, PVASM_ORACLE_KINDS the kinds of code in them.
 */
import { expect, test } from 'vitest';
import { seed as givenOr } from '../support/seed.ts';
import { describe, examine, programOf } from './campaign.ts';
import { KINDS, type Kind } from './generate.ts';

const PROGRAMS = Number(process.env.PVASM_ORACLE_PROGRAMS ?? 2000);
const FIRST = givenOr(1);
const GIVEN = (process.env.PVASM_ORACLE_KINDS?.split(',') as Kind[] | undefined) ?? KINDS;
/** Of the programs that fail, how many are made small and told of. */
const TOLD = 3;

test(`in ${PROGRAMS} random programs from seed ${FIRST} no register that is called free is live`, {
  timeout: 1000 * PROGRAMS,
}, () => {
  const findings: string[] = [];
  const wrong: number[] = [];
  let passed = 0;
  for (let seed = FIRST; seed < FIRST + PROGRAMS; seed++) {
    const examined = examine(seed, programOf(seed, GIVEN), findings.length < TOLD);
    passed += examined.passed;
    if (examined.finding === null) continue;
    wrong.push(seed);
    if (findings.length < TOLD) findings.push(describe(examined.finding));
  }
  expect(findings.join('\n\n'), `${wrong.length} programs are wrong: seeds ${wrong.join(' ')}`).toBe('');
  // Each program passes many places with something to destroy.
  expect(passed).toBeGreaterThan(5 * PROGRAMS);
});
