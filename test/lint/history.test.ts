/** Faults of the kinds that the histories of kernels hold, in programs of our own, each beside one that is right. */
import { describe, expect, test } from 'vitest';
import { KINDS } from './history/kinds.ts';
import { expected, found } from './history/program.ts';

describe.each(Object.entries(KINDS))('%s', (_, programs) => {
  test.each(Object.entries(programs))('%s', (_, program) => {
    expect(found(program)).toEqual(expected(program));
  });
});
