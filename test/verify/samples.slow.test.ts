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

describe('faults in a listing of the sample are found', () => {
  const { source, subjects } = sample('ivt.S', ['xen:b']);
  const found = shares(source!, subjects[0]!, { every: 23, states: 40 });

  test.each([...found])('%s', (_, { missed }) => expect(missed).toEqual([]));

  test('of all kinds that change an expansion', () => {
    const kinds = ['instruction deleted', 'stop deleted', 'number another', 'register another'];
    expect([...found.keys()]).toEqual(expect.arrayContaining(kinds));
  });
});
