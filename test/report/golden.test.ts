/**
 * Reports on the sample kernel, word for word: golden files beside this test. `UPDATE_GOLDEN=1 npx vitest run test/report`
 * writes them anew; the change is reviewed like any other.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { run } from '../../scripts/inputs/run.mjs';

const folder = join(projectRoot, 'test/report/golden');

test.each([
  ['report.txt', ['report', 'samples/ivt.S', 'samples/entry.S']],
  ['report.md', ['report', 'samples/entry.S', '--format', 'md']],
  ['report.json', ['report', 'samples/entry.S', '--format', 'json', '-t', 'native', '-t', 'xen']],
  ['audit.txt', ['audit', 'samples/ivt.S', 'samples/entry.S']],
  ['audit.md', ['audit', 'samples/ivt.S', '--format', 'md']],
  ['audit.json', ['audit', 'samples/entry.S', '--format', 'json', '-t', 'xen']],
  ['diff.txt', ['diff', 'samples/ivt.S', '-t', 'native', '-t', 'xen:b']],
  ['side.txt', ['diff', 'samples/entry.S', '-t', 'xen:a', '-t', 'xen:b', '--format', 'side']],
] as const)('%s', (name, args) => {
  const { status, stdout, stderr } = run(process.execPath, [join(projectRoot, 'bin/pvasm.js'), ...args], {
    cwd: projectRoot,
  });
  expect(status, stderr).toBeLessThan(2);
  const golden = join(folder, name);
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(folder, { recursive: true });
    writeFileSync(golden, stdout);
  }
  expect(stdout).toBe(readFileSync(golden, 'utf8'));
});
