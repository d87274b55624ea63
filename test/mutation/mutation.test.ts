/**
 * The lint, proven by mutation: hundreds of faults in the macro-ised kernel files, and the share of them that it finds.
 * PVASM_MUTATION=all plants every fault there is (`npm run mutation`); else a choice of each class, always the same.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { hunt, plant, SMALL, type Tried, WHOLE } from './campaign.ts';
import { byFault } from './mutant.ts';
import { callOf, FILES, findingsIn, macroised } from './subject.ts';
import { misses, summary } from './table.ts';

const CLOBBERS = [
  'live scratch register',
  'live branch scratch',
  'live predicate scratch',
  'scratch register of the interrupted code',
  'branch scratch of the interrupted code',
  'register that a nested miss reads',
];
/** Faults of the flow that a rule claims to find for certain. */
const FLOW = [
  'dropped restore of the predicates',
  'dropped restore of a branch register',
  'unsaved predicates',
  'predicate that nobody wrote',
  'psr.ic left off in front of a C function',
  '.endp of another routine',
  'brl without a stop',
  'unsaved register',
  'predicate swapped',
  'frame too small',
  'store through a wrong register',
  'psr.i at once with psr.ic',
  'engine on where its store is moved',
  'result of an exchange that the next try reads',
  'flush that this processor does not see',
  'dropped restore of a return address or frame state',
  'interrupts left off',
];
const OTHERS = [
  'wrong direction',
  'operands swapped',
  'operand and scratch exchanged',
  'scratch is an operand',
  'one scratch register twice',
  'scratch predicate is the qualifying one',
  'no scratch where one is needed',
  'dropped stop',
  'dropped serialization',
  'missed site',
  'missed branch',
  'slot overflow',
  'slot 90 % full',
  'label capture',
  'restore on one path only',
  'local that nobody wrote',
  'register destroyed against a convention',
];

const whole = process.env.PVASM_MUTATION === 'all';
let tried: readonly Tried[] = [];

beforeAll(() => {
  tried = hunt(plant(whole ? WHOLE : SMALL));
  const result = summary(tried);
  console.log(`${result}\n\n${misses(tried).join('\n')}`);
  const report = process.env.PVASM_MUTATION_REPORT;
  if (report === undefined) return;
  mkdirSync(dirname(report), { recursive: true });
  writeFileSync(report, `${result}\n`);
}, 3_600_000);

test.each(FILES)('%s has no finding before a fault is planted', (file) => {
  expect(findingsIn(callOf(file), macroised).map(({ rule, message }) => `${rule} ${message}`)).toEqual([]);
});

test('every class of faults is planted, hundreds in all', () => {
  expect([...byFault(tried).keys()].sort()).toEqual([...CLOBBERS, ...FLOW, ...OTHERS].sort());
  expect(tried.length).toBeGreaterThan(300);
});

describe('is caught', () => {
  test.each([...CLOBBERS, ...FLOW])('every %s', (fault) => {
    const planted = byFault(tried).get(fault) ?? [];
    expect(planted.length).toBeGreaterThan(0);
    expect(misses(planted)).toEqual([]);
  });

  test('95 % of all', () => {
    const caught = tried.filter((each) => each.caughtBy !== null);
    expect(caught.length / tried.length).toBeGreaterThanOrEqual(0.95);
  });
});
