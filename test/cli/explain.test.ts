/** `pvasm explain` at a line that a macro brings to many places. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { run } from '../../scripts/inputs/run.mjs';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-explain-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('expansions of a macro with one answer are told of once', () => {
  writeFileSync(
    join(folder, 'a.S'),
    '#define LEAVE(n) mov r16=n ;; st8 [r17]=r16 ; rfi ;;\n\t.global f\nf:\tLEAVE(1)\n\tLEAVE(2)\n\tmov r18=1\n\tLEAVE(3)\n',
  );
  const { stdout } = run(process.execPath, [join(projectRoot, 'bin/pvasm.js'), 'explain', 'a.S:1', 'r18'], {
    cwd: folder,
  });
  const answers = stdout.split('\n').filter((line: string) => line.startsWith('a.S:1 (LEAVE at a.S:3): st8'));
  expect(answers).toHaveLength(1);
  expect(stdout).toContain('(as given, and so in 2 other expansions of the macro)');
});
