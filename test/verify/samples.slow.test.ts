/** The samples' listings beside their source. */
import { describe, expect, test } from 'vitest';
import { verifyHandlers } from '../../src/verify/handlers.ts';
import { EFFORT, sample } from './support.ts';

const TARGETS = ['xen:a', 'xen:b', 'xen', 'native'];

describe('the samples', () => {
  test.each(['ivt.S', 'entry.S'])('every listing of %s does what the source does', (name) => {
    const { source, subjects } = sample(name, TARGETS);
    const { subjects: judged, coverage } = verifyHandlers(source!, subjects, { ...EFFORT, states: 100 });
    for (const { label, entries } of judged) {
      expect(
        entries.flatMap(({ failures }) => failures),
        label,
      ).toEqual([]);
      expect(
        entries.every(({ equal }) => equal > 80),
        label,
      ).toBe(true);
    }
    expect(coverage.covered / coverage.reachable).toBeGreaterThanOrEqual(0.9);
  });

  test.each([
    ['ivt.S', 'native+xen:d'],
    ['entry.S', 'native+xen:d'],
    ['ivt.S', 'native+xen:c'],
    ['entry.S', 'native+xen:c'],
  ])('%s for %s, native and patched for xen', (name, joint) => {
    const { source, subjects } = sample(name, [joint]);
    expect(subjects.map(({ label, contract }) => [label, contract !== null])).toEqual([
      [joint, false],
      [`${joint} patched for xen`, true],
    ]);
    for (const { label, entries } of verifyHandlers(source!, subjects, { ...EFFORT, states: 12 }).subjects) {
      expect(
        entries.flatMap(({ failures }) => failures),
        label,
      ).toEqual([]);
      expect(
        entries.every(({ equal }) => equal > 8),
        label,
      ).toBe(true);
    }
  });
});
