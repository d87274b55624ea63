import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kernel } from '../support/kernel.ts';
import { pvasm, scratchFolder } from './listings.ts';

/**
 * The clobber report, cross-checked: the kernel's handlers, macro-ised for Xen, run beside themselves with every scratch register of
 * every macro filled and every scratch predicate flipped. What the report calls free is missed by nobody.
 */
const folder = scratchFolder();

test('handlers with poisoned scratch registers do what they did', () => {
  const flags = kernel().flags('smp');
  const files = ['ivt.S', 'fsys.S'];
  pvasm(['rewrite', ...files.map((name) => kernel().plain(name)), '-o', folder, ...flags]);
  const rewritten = files.map((name) => join(folder, name));
  const { status, stdout } = pvasm(['verify', ...rewritten, '-t', 'poison', '--states', '2', ...flags]);
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: expect.stringMatching(/ivt\.S for poison: \d+ entries.* equal/),
  });
}, 600_000);
