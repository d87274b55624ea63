/** `pvasm explain` at a line that a macro brings to many places. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { callPvasm } from '../support/pvasm.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-explain-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('expansions of a macro with one answer are told of once', () => {
  writeFileSync(
    join(folder, 'a.S'),
    '#define LEAVE(n) mov r16=n ;; st8 [r17]=r16 ; rfi ;;\n\t.global f\nf:\tLEAVE(1)\n\tLEAVE(2)\n\tmov r18=1\n\tLEAVE(3)\n',
  );
  const { stdout } = callPvasm(['explain', 'a.S:1', 'r18'], {
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
  const explain = (...args: string[]) => callPvasm(['explain', ...args], { cwd: folder }).stdout;
  expect(explain('b.S:1', 'r14')).toBe(
    'b.S:1: ASM_WRITE_IFA(b6, r9, r8)\n    free: r14 is dead: never read before; next written at b.S:3\n    (as given)\n',
  );
});

test('operands that macros give are shown, and registers are known by every name', () => {
  const lines = [
    '#define A r20',
    '\t.macro two a, b',
    '\tmov \\a=\\b',
    '\t.endm',
    'f:\talloc loc0=ar.pfs,1,2,2,0',
    '\tmov A=r21',
    '\ttwo r4, r5',
    '\tmov out0=in0',
    '\tbr.call.sptk.many b0=g',
    '\tbr.ret.sptk.many b0',
  ];
  writeFileSync(join(folder, 'c.S'), `${lines.join('\n')}\n`);
  const explain = (...args: string[]) => callPvasm(['explain', ...args], { cwd: folder });
  expect(explain('c.S:6', 'A').stdout).toMatch(/^c\.S:6: mov r20=r21\n {4}not free: r20 is presumed live/);
  expect(explain('c.S:7', 'r4').stdout).toMatch(/^c\.S:3 \(two at c\.S:7\): mov r4=r5\n/);
  expect(explain('c.S:8', 'out0').stdout).toMatch(/^c\.S:8: mov out0=in0\n {4}not free: r35 /);
  expect(explain('c.S:8', 'loc1').stdout).toContain('r34');
  expect(explain('c.S:8', 'sp').stdout).toContain('it is sp, the stack pointer');
  expect(explain('c.S:8', 'rp').stdout).toMatch(/ {4}.*\bb0\b/);
  expect(explain('c.S:8', 'in0').stdout).toMatch(/ {4}.*\br32\b/);
  expect(explain('c.S:8', 'out2').stderr).toContain("'out2' is no register here: no alloc or .regstk");
  expect(explain('c.S:8', 'pr').stderr).toContain('ask for one of p0 to p63');
});

test('an input has its register where nothing tells the frame', () => {
  writeFileSync(join(folder, 'd.S'), '\t.proc f\nf:\tadd r8=r32,r33\n\tbr.ret.sptk.many b0\n\t.endp f\n');
  const { stdout } = callPvasm(['explain', 'd.S:2', 'in0'], {
    cwd: folder,
  });
  expect(stdout).toMatch(/^d\.S:2: add r8=r32,r33\n {4}not free: r32 is live/);
});
