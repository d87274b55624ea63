/** Every body of target xen beside the instruction that it replaces. */
import { describe, expect, test } from 'vitest';
import { verifyBodies } from '../../src/verify/bodies.ts';
import { contractOf, served, xen } from './support.ts';

const contract = contractOf();
const named = served.map((operation) => [operation.name, operation] as const);

describe('every body does what its instruction does', () => {
  test.each(named)('%s', (_, operation) => {
    const { bodies, failures } = verifyBodies(xen, operation, contract, { states: 6, seed: 1, failures: 1 });
    expect(failures).toEqual([]);
    expect(bodies).toBeGreaterThan(0);
  });
});
