/** Sites that no plain word of the source spells: none is passed over without a message, also where the file has no other. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { callPvasm } from '../support/pvasm.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-hidden-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function call(text: string, ...args: string[]) {
  writeFileSync(join(folder, 'a.S'), text);
  return callPvasm([...args, 'a.S', '--no-config', '-o', 'out'], { cwd: folder });
}

const macro = '\t.macro m a\n\t\\a\n\t.endm\n';

describe.each([
  ['alone', ''],
  ['beside another', '\tmov r9=cr.isr\n'],
])('%s', (_, other) => {
  test.each([
    ["a macro's argument in quotes", `${macro}f:\tm "thash r8=r9"\n`],
    ["a part of one in a macro's argument", '\t.macro m a\n\tthash \\a\n\t.endm\nf:\tm "r8=r9"\n'],
    ["a macro's default", '\t.macro m a="thash r8=r9"\n\t\\a\n\t.endm\nf:\tm\n'],
    ['a value of .irp', 'f:\t.irp x, "nop 0", "thash r8=r9"\n\t\\x\n\t.endr\n'],
  ])('%s', (__, text) => {
    const { status, stderr } = call(`${text}${other}\tbr.ret.sptk.many b0\n`, 'build', '-t', 'xen');
    // It is a site, or the listing is refused.
    if (status === 0)
      expect(callPvasm(['build', 'a.S', '--no-config', '-t', 'xen', '-o', '-'], { cwd: folder }).stdout).toContain(
        'break.i 0xd',
      );
    else expect([status, stderr]).toEqual([1, expect.stringContaining('THASH is left native')]);
  });

  test.each(['RFI', 'Rfi', 'COVER', 'THASH r8=r9', 'Mov cr.ifa=r9', 'SSM psr.i'])(
    'an instruction that the assembler reads in small letters: %s',
    (instruction) => {
      for (const command of [['build', '-t', 'xen'], ['rewrite']]) {
        const { status, stderr } = call(`f:\t${instruction}\n${other}\tbr.ret.sptk.many b0\n`, ...command);
        const [name] = instruction.split(' ');
        expect([status, stderr]).toEqual([
          2,
          expect.stringContaining(`a.S:1:4: error: the assembler reads '${name}' in small letters, as an instruction`),
        ]);
      }
    },
  );
});

test('what the assembler does not know in small letters, either, is a macro that nobody has defined', () => {
  const { status, stderr } = call('f:\tSAVE_MIN\n\tmov r8=cr.ivr\n\tbr.ret.sptk.many b0\n', 'build', '-t', 'native');
  expect([status, stderr]).toEqual([0, expect.stringContaining("warning: the instruction 'SAVE_MIN' is not known")]);
});

test('a rotating register by its own name and number, which no macro takes', () => {
  const text = 'f:\talloc r2=ar.pfs,0,8,0,8\n\t.rotr a[8]\n\tmov cr.ifa=a[1]\n\tmov ar.pfs=r2\n\tbr.ret.sptk.many b0\n';
  const { status, stderr } = call(text, 'build', '-t', 'native');
  expect([status, stderr]).toEqual([1, expect.stringContaining('WRITE_IFA is left native: a name of .rotr or .rotp')]);
});
