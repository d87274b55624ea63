/** Joint listings as a patcher leaves them, executed beside their source. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Subject, verifyHandlers } from '../../src/verify/handlers.ts';
import { EFFORT, openedFile, sample } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-verify-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function mnemonics({ program }: Subject, section = '.text'): string[] {
  return program.instructions.flatMap(({ statement, section: own }) => {
    if (statement.kind !== 'instruction' || own !== section) return [];
    return statement.mnemonic.startsWith('nop') ? [] : [statement.mnemonic];
  });
}

describe('the samples', () => {
  test.each(['ivt.S', 'entry.S'])('%s native, and patched for xen', (name) => {
    const { source, subjects } = sample(name, ['native+xen:d']);
    expect(subjects.map(({ label, contract }) => [label, contract !== null])).toEqual([
      ['native+xen:d', false],
      ['native+xen:d patched for xen', true],
    ]);
    for (const { label, entries } of verifyHandlers(source!, subjects, { ...EFFORT, states: 12 }).subjects) {
      expect(
        entries.flatMap(({ failures }) => failures),
        label,
      ).toEqual([]);
      expect(
        entries.every(({ equal }) => equal > 8),
        label,
      ).toBe(true);
    }
  });
});

const given = (code: string, targets: readonly string[]) =>
  openedFile({ files: { 'a.S': code }, sources: ['a.S'], targets });

const code = (lines: string) => `\t.text\n\t.global f\n\t.proc f\nf:\n${lines}\n\tbr.ret.sptk.many b0\n\t.endp f\n`;

describe('what a patched listing is', () => {
  test.each([
    ['code in one place', code('\tmov r14=cr.ifa\n\t;;\n\tadd r8=r14,r0')],
    ['a macro with several registers', `#define READ(r) mov r=cr.ifa\n${code('\tREAD(r14)\n\tREAD(r15)')}`],
    [
      'a macro of the assembler with several masks, as names of psr bits',
      `.macro clear mask\n\trsm \\mask\n.endm\n${code('\tclear psr.i\n\t;;\n\tclear psr.i | psr.ac')}`,
      code('\trsm psr.i\n\t;;\n\trsm psr.i | psr.ac'),
    ],
    [
      'a section left by .previous',
      `${code('\tmov r14=cr.ifa')}\t.section .init.text,"ax"\ng:\tmov r15=cr.ifa\n\t.previous\n\tnop.m 0\n`,
    ],
  ])('%s: the instructions of the listing for the target alone', (_, text, without = text) => {
    const [native, patched] = given(text, ['native+xen:d']).subjects as [Subject, Subject];
    const [alone] = given(without, ['xen:b']).subjects as [Subject];
    expect(mnemonics(patched)).toEqual(mnemonics(alone));
    expect(mnemonics(native)).not.toEqual(mnemonics(alone));
    expect(mnemonics(patched, '.init.text')).toEqual(mnemonics(alone, '.init.text'));
  });

  test('a replacement that does something else is found', () => {
    const path = join(folder, 'acme.S');
    writeFileSync(path, '.macro ASM_READ_IFA pred, breg, d\n(\\pred)\tmov \\d=1\n.endm\n');
    const off = '\trsm psr.ic\n\t;;\n\tsrlz.d\n\t;;\n';
    const { source, subjects } = given(code(`${off}\tmov r14=cr.ifa\n\t;;\n\tadd r8=r14,r0`), [`native+${path}:d`]);
    const judged = verifyHandlers(source!, subjects, EFFORT).subjects;
    const failing = judged.map(({ label, entries }) => [label, entries.some(({ failures }) => failures.length > 0)]);
    expect(failing).toEqual([
      ['native+acme:d', false],
      ['native+acme:d patched for acme', true],
    ]);
  });
});
