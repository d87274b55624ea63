/** The bodies of kvm and trace, each beside its instruction, by their contracts: `pvasm verify -t kvm`. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { run } from '../../scripts/inputs/run.mjs';

test.each([
  ['kvm', 1000],
  ['trace', 500],
])(
  'every body of %s does what its instruction does',
  (target, least) => {
    const call = [join(projectRoot, 'bin/pvasm.js'), 'verify', '-t', target, '--states', '2', '--no-config'];
    const { status, stdout, stderr } = run(process.execPath, call);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [, comparisons] = /states each from seed 1, ([\d,]+) comparisons: equal$/m.exec(stdout)!;
    expect(Number(comparisons!.replaceAll(',', ''))).toBeGreaterThan(least);
  },
  600_000,
);
