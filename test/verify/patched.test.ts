/** Joint listings as a patcher leaves them, executed beside their source. Those of the samples: samples.slow.test.ts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { PSR } from '../../src/execution/psr.ts';
import { verifyHandlers } from '../../src/verify/handlers.ts';
import type { Side } from '../../src/verify/lockstep.ts';
import { sidesAt } from '../../src/verify/states.ts';
import { type Subject, subjectImage } from '../../src/verify/subjects.ts';
import { EFFORT, openedFile } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-verify-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function mnemonics({ program }: Subject, section = '.text'): string[] {
  return program.instructions.flatMap(({ statement, section: own }) => {
    if (statement.kind !== 'instruction' || own !== section) return [];
    return statement.mnemonic.startsWith('nop') ? [] : [statement.mnemonic];
  });
}

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

  test.each(['d', 'c'])('a replacement, or a routine, that does something else is found: %s', (letter) => {
    const path = join(folder, 'acme.S');
    writeFileSync(path, '.macro ASM_READ_IFA pred, breg, d\n(\\pred)\tmov \\d=1\n.endm\n');
    const off = '\trsm psr.ic\n\t;;\n\tsrlz.d\n\t;;\n';
    const { source, subjects } = given(code(`${off}\tmov r14=cr.ifa\n\t;;\n\tadd r8=r14,r0`), [
      `native+${path}:${letter}`,
    ]);
    const judged = verifyHandlers(source!, subjects, EFFORT).subjects;
    const failing = judged.map(({ label, entries }) => [label, entries.some(({ failures }) => failures.length > 0)]);
    expect(failing).toEqual([
      [`native+acme:${letter}`, false],
      [`native+acme:${letter} patched for acme`, true],
    ]);
  });
});

describe('what the table of alternative C leads to', () => {
  const opened = () => given(code('\tmov r14=cr.ifa\n\t;;\n\tadd r8=r14,r0'), ['native+xen:c']);

  test('the routines of each target', () => {
    const [native, patched] = opened().subjects as [Subject, Subject];
    const wordOf = ({ program }: Subject) => {
      const at = program.symbols.named.get('pv_slot_read_ifa_b6_r14')!.statement;
      const word = program.statements
        .slice(at)
        .find((each) => each.kind === 'instruction' || each.kind === 'directive');
      return word?.kind === 'directive' ? word.args : word?.kind === 'instruction' ? word.inputs : [];
    };
    expect(wordOf(native)).toEqual([expect.objectContaining({ name: 'pv_native_read_ifa_b6_r14' })]);
    expect(wordOf(patched)).toEqual([expect.objectContaining({ name: 'pv_xen_read_ifa_b6_r14' })]);
  });

  test('a load of it where psr.dt is off finds other memory', () => {
    const { source, subjects } = opened();
    const [native] = subjects as [Subject];
    const image = subjectImage(source!, native);
    const { guest } = sidesAt(source!, native, image, source!.entries[0]!, 1) as { guest: Side };
    const { first } = guest.machine.table!;
    expect(guest.machine.load(first, 8)).toBe(image.labels.get('pv_native_read_ifa_b6_r14'));
    guest.machine.psr &= ~PSR.dt;
    expect(guest.machine.load(first, 8)).not.toBe(image.labels.get('pv_native_read_ifa_b6_r14'));
  });
});
