/**
 * Reports on a small handler, word for word: golden files beside this test, which `npm test -- -u` writes anew. The change is
 * reviewed like any other, so none is longer than a person reads.
 */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { callPvasm } from '../support/pvasm.ts';

const folder = join(projectRoot, 'test/report/golden');
const LONGEST = 250;

test.each([
  ['report.txt', ['report', 'handler.S']],
  ['report.md', ['report', 'handler.S', '--format', 'md']],
  ['report.json', ['report', 'one-site.S', '--format', 'json', '-t', 'native', '-t', 'xen']],
  ['audit.txt', ['audit', 'handler.S']],
  ['audit.md', ['audit', 'handler.S', '--format', 'md']],
  ['audit.json', ['audit', 'one-site.S', '--format', 'json', '-t', 'xen']],
  ['diff.txt', ['diff', 'handler.S', '-t', 'native', '-t', 'xen:b']],
  ['side.txt', ['diff', 'handler.S', '-t', 'xen:a', '-t', 'xen:b', '--format', 'side']],
] as const)('%s', async (name, args) => {
  const { status, stdout, stderr } = callPvasm(args, {
    cwd: folder,
    env: { FORCE_COLOR: '' },
  });
  expect(status, stderr).toBeLessThan(2);
  expect(stdout.split('\n').length).toBeLessThan(LONGEST);
  await expect(stdout).toMatchFileSnapshot(join(folder, name));
});
