/** `pvasm patch` as a person calls it: what it writes, and what it refuses with nothing written. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { patchStructure } from '../../src/machine/patch-format.ts';
import { assembleFile, assembleText } from '../support/assemble.ts';
import { readSections } from '../support/elf.ts';
import { callPvasm } from '../support/pvasm.ts';
import { mustRun } from '../support/run.ts';
import { toolchain } from '../support/toolchain.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-patch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function pvasm(...args: string[]) {
  return callPvasm(args, { cwd: folder });
}

const at = (name: string) => join(folder, name);

beforeAll(() => {
  writeFileSync(at('a.S'), 'foo:\tmov r9=cr.ifa ;;\n\tadd r20=r9,r0\n\tmov r14=r0 ;;\n\tbr.ret.sptk b0\n');
  expect(pvasm('build', 'a.S', '-t', 'native+xen:d', '-o', 'out', '--no-config')).toMatchObject({
    status: 0,
    stderr: '',
  });
  const { object, messages } = assembleFile(at('out/native+xen-d/a.S'));
  expect(messages).toBe('');
  writeFileSync(at('a.o'), object!);
  writeFileSync(at('plain.o'), assembleText('\tadd r8=r9,r10\n').object!);
  writeFileSync(at('text.o'), 'this is no object');
  const changed = (name: string, change: (bytes: Buffer) => void) => {
    const bytes = Buffer.from(object!);
    change(bytes);
    writeFileSync(at(name), bytes);
  };
  changed('x86.o', (bytes) => bytes.writeUInt16LE(62, 18));
  changed('big-endian.o', (bytes) => bytes.writeUInt8(2, 5));
  changed('32-bit.o', (bytes) => bytes.writeUInt8(1, 4));
  writeFileSync(at('short.o'), object!.subarray(0, 100));
  damagedImages();
  writeFileSync(at('shorter.o'), object!.subarray(0, object!.length - 700));
});

/** A linked image of two sites, with one thing wrong in its records each. */
function damagedImages(): void {
  const source = '\tmov r9=cr.ifa ;;\n\tadd r20=r9,r0 ;;\n\tmov r9=cr.ifa ;;\n\tmov r14=r0\n\tbr.ret.sptk b0\n';
  writeFileSync(at('two.S'), `\t.text\nfoo:\n${source}`);
  expect(pvasm('build', 'two.S', '-t', 'native+xen:d', '-o', 'two', '--no-config')).toMatchObject({ status: 0 });
  writeFileSync(at('two.o'), assembleFile(at('two/native+xen-d/two.S')).object!);
  mustRun(toolchain().ld, ['-e', '0', '-o', at('two.image'), at('two.o')]);
  const image = readFileSync(at('two.image'));
  const offset = (name: string) =>
    readSections(image).find((each) => each.name === name)!.bytes.byteOffset - image.byteOffset;
  const [sites, xen] = [offset('.pvasm.sites'), offset('.pvasm.replacements.xen')];
  const changed = (name: string, change: (bytes: Buffer) => void) => {
    const bytes = Buffer.from(image);
    change(bytes);
    writeFileSync(at(name), bytes);
  };
  const { size, fields } = patchStructure('site');
  const field = (name: string) => fields.find((each) => each.name === name)!.offset;
  changed('version.image', (bytes) => bytes.writeUInt16LE(9, sites + field('version')));
  changed('flags.image', (bytes) => bytes.writeUInt16LE(0x80, sites + field('flags')));
  changed('magic.image', (bytes) => bytes.writeUInt32LE(1, xen));
  changed('block-version.image', (bytes) => bytes.writeUInt16LE(9, xen + 4));
  changed('overlap.image', (bytes) => {
    // The second record says what the first says, from where it stands.
    for (const name of ['start', 'end'])
      bytes.writeInt32LE(bytes.readInt32LE(sites + field(name)) - size, sites + size + field(name));
  });
  changed('truncated.image', (bytes) => resize(bytes, '.pvasm.sites', 2 * size - 4));
  changed('block-truncated.image', (bytes) => resize(bytes, '.pvasm.replacements.xen', 20));
}

/** Makes the header of a section say that it is of another size. */
function resize(bytes: Buffer, name: string, size: number): void {
  const start = Number(bytes.readBigUInt64LE(40));
  const index = readSections(bytes).findIndex((each) => each.name === name);
  bytes.writeBigUInt64LE(BigInt(size), start + 64 * index + 32);
}

test('a linked image of several sites', () => {
  expect(pvasm('patch', 'two.image', '-t', 'xen', '-o', 'two.xen')).toMatchObject({ status: 0, stderr: '' });
});

test('a target and back', () => {
  expect(pvasm('patch', 'a.o', '-t', 'xen', '-o', 'xen.o')).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect(readFileSync(at('xen.o')).equals(readFileSync(at('a.o')))).toBe(false);
  expect(pvasm('patch', 'xen.o', '-t', 'native', '-o', 'native.o').status).toBe(0);
  expect(readFileSync(at('native.o')).equals(readFileSync(at('a.o')))).toBe(true);
});

test('the sites, and what stands there', () => {
  pvasm('patch', 'a.o', '-t', 'xen', '-o', 'listed.o');
  expect(pvasm('patch', '--list', 'a.o').stdout).toMatch(/^ +\.text\+0x0 +READ_IFA +16 +16 +16 +native$/m);
  expect(pvasm('patch', '--list', 'listed.o').stdout).toMatch(/^ +\.text\+0x0 +READ_IFA +16 +16 +16 +xen$/m);
});

describe('refused in one line, with nothing written', () => {
  test.each([
    ['nothere.o -t xen', /nothere\.o: no such file/],
    ['text.o -t xen', /text\.o: this is no ELF file/],
    ['x86.o -t xen', /x86\.o: this ELF file is for machine 62, not for IA-64/],
    ['big-endian.o -t xen', /big-endian\.o: this ELF file is not little-endian/],
    ['32-bit.o -t xen', /32-bit\.o: this is no 64-bit ELF file/],
    ['short.o -t xen', /short\.o: the section headers reach beyond the end of the file/],
    ['shorter.o -t xen', /shorter\.o: /],
    ['plain.o -t xen', /plain\.o: there is no section \.pvasm\.sites/],
    ['a.o -t kvm', /a\.o: there is nothing for target kvm; there is something for native, xen/],
    [
      'version.image -t xen',
      /version\.image: record 0 of \.pvasm\.sites is of version 9; this patcher knows version 1/,
    ],
    ['flags.image -t xen', /flags\.image: record 0 of \.pvasm\.sites has flags that are not known: 128/],
    ['overlap.image -t xen', /overlap\.image: site \d \(\.text\+0x\w+\) overlaps the one before it/],
    ['truncated.image -t xen', /truncated\.image: \.pvasm\.sites is truncated: its last record is not whole/],
    ['magic.image -t xen', /magic\.image: \.pvasm\.replacements\.xen has no block at 0x0/],
    [
      'block-version.image -t xen',
      /a block of \.pvasm\.replacements\.xen is of version 9; this patcher knows version 1/,
    ],
    ['block-truncated.image -t xen', /\.pvasm\.replacements\.xen is truncated: its last block is not whole/],
    ['a.o', /patch needs -t TARGET, or --list/],
    ['a.o -t xen -t native', /patch takes one target/],
  ])('%s', (args, message) => {
    const { status, stdout, stderr } = pvasm(
      'patch',
      ...args.split(' '),
      ...(args.includes('-t') ? ['-o', 'no.o'] : []),
    );
    expect({ status, stdout, lines: stderr.trim().split('\n').length }).toEqual({ status: 2, stdout: '', lines: 1 });
    expect(stderr).toMatch(message);
    expect(existsSync(at('no.o'))).toBe(false);
  });

  test('an output that is the input', () => {
    const before = readFileSync(at('a.o'));
    const { status, stderr } = pvasm('patch', 'a.o', '-t', 'xen', '-o', './a.o');
    expect(status).toBe(2);
    expect(stderr).toMatch(/a\.o would be written over the source a\.o/);
    expect(readFileSync(at('a.o')).equals(before)).toBe(true);
  });

  test('an output that is not named', () => {
    expect(pvasm('patch', 'a.o', '-t', 'xen')).toMatchObject({ status: 2, stderr: 'pvasm: patch needs -o FILE\n' });
  });
});
