/** The bodies of kvm, trace and poison, each beside its instruction, by their contracts: `pvasm verify -t kvm`. */
import { expect, test } from 'vitest';
import { callPvasm } from '../support/pvasm.ts';

test.each([
  ['kvm', 2, 1000],
  ['trace', 2, 500],
  // It takes as many scratch registers as there are: bodies in thousands, so in one state each.
  ['poison', 1, 10_000],
] as const)(
  'every body of %s does what its instruction does',
  (target, states, least) => {
    const call = ['verify', '-t', target, '--states', String(states), '--no-config'];
    const { status, stdout, stderr } = callPvasm(call);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [, comparisons] = /states each from seed 1, ([\d,]+) comparisons: equal$/m.exec(stdout)!;
    expect(Number(comparisons!.replaceAll(',', ''))).toBeGreaterThan(least);
  },
  600_000,
);
