/** The samples' listings beside their source, and beside listings with a fault. */
import { describe, expect, test } from 'vitest';
import { verifyHandlers } from '../../src/verify/handlers.ts';
import { shares } from './listing-faults.ts';
import { EFFORT, sample } from './support.ts';

const TARGETS = ['xen:a', 'xen:b', 'xen', 'native'];

describe('the samples', () => {
  test.each(['ivt.S', 'entry.S'])('every listing of %s does what the source does', (name) => {
    const { source, subjects } = sample(name, TARGETS);
    const { subjects: judged, coverage } = verifyHandlers(source!, subjects, { ...EFFORT, states: 40 });
    for (const { label, entries } of judged) {
      expect(
        entries.flatMap(({ failures }) => failures),
        label,
      ).toEqual([]);
      expect(
        entries.every(({ equal }) => equal > 30),
        label,
      ).toBe(true);
    }
    expect(coverage.covered / coverage.reachable).toBeGreaterThanOrEqual(0.9);
  });
});

test('a few faults in a listing of the sample', () => {
  const { source, subjects } = sample('ivt.S', ['xen:b']);
  const found = shares(source!, subjects[0]!, { every: 61, states: 12 });
  const planted = [...found.values()].reduce((sum, share) => sum + share.planted, 0);
  const caught = [...found.values()].reduce((sum, share) => sum + share.caught, 0);
  expect(planted).toBeGreaterThan(10);
  expect(caught / planted).toBeGreaterThan(0.6);
});
