/** The bodies of kvm and trace, each beside its instruction, by their contracts: `pvasm verify -t kvm`. */
import { expect, test } from 'vitest';
import { callPvasm } from '../support/pvasm.ts';

test.each([
  ['kvm', 1000],
  ['trace', 500],
])(
  'every body of %s does what its instruction does',
  (target, least) => {
    const call = ['verify', '-t', target, '--states', '2', '--no-config'];
    const { status, stdout, stderr } = callPvasm(call);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [, comparisons] = /states each from seed 1, ([\d,]+) comparisons: equal$/m.exec(stdout)!;
    expect(Number(comparisons!.replaceAll(',', ''))).toBeGreaterThan(least);
  },
  600_000,
);
