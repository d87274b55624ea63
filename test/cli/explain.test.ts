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

test('a site that is a macro already is shown as the macro call', () => {
  writeFileSync(
    join(folder, 'b.S'),
    'f:\tASM_WRITE_IFA(b6, r9, r8)\n\t;;\n\tASM_READ_IFA(b6, r14)\n\t;;\n\tst8 [r9]=r14\n\tbr.ret.sptk b0\n',
  );
  const explain = (...args: string[]) =>
    run(process.execPath, [join(projectRoot, 'bin/pvasm.js'), 'explain', ...args], { cwd: folder }).stdout;
  expect(explain('b.S:1', 'r14')).toBe(
    'b.S:1: ASM_WRITE_IFA(b6, r9, r8)\n    free: r14 is dead: never read before; next written at b.S:3\n    (as given)\n',
  );
});
