/** A write that fails is told of, exit status 2, and leaves everything as it was. */

import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Failure } from '../../src/cli/failure.ts';
import { writeFiles } from '../../src/cli/writing.ts';
import { callPvasm } from '../support/pvasm.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-writing-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, 'good.S'), 'f:\tmov r14=cr.ivr\n\t;;\n\tbr.ret.sptk b0\n');

const at = (name: string) => join(folder, name);
const pvasm = (...args: string[]) => callPvasm(args, { cwd: folder });

describe('writeFiles', () => {
  test('all or none, also when the last file cannot go to its place', () => {
    mkdirSync(at('set/taken'), { recursive: true });
    writeFileSync(at('set/old'), 'before');
    const files = ['old', 'new/deep/file', 'taken'].map((name) => ({ path: at(`set/${name}`), text: 'after' }));
    expect(() => writeFiles(files)).toThrow(Failure);
    expect(() => writeFiles(files)).toThrow(/set\/taken: cannot write: is a directory$/);
    expect(readFileSync(at('set/old'), 'utf8')).toBe('before');
    expect(readdirSync(at('set')).sort()).toEqual(['old', 'taken']);
  });

  test('a place where no folder can be made', () => {
    expect(() => writeFiles([{ path: '/proc/none/deep/out', text: '' }])).toThrow(/cannot write: no such file$/);
  });

  test('what stands in the way of a folder is named', () => {
    expect(() => writeFiles([{ path: at('good.S/out'), text: '' }])).toThrow(/cannot write: a part of the path/);
  });

  test('the mode stays, and a link is followed', () => {
    writeFileSync(at('real'), 'before');
    chmodSync(at('real'), 0o750);
    symlinkSync('real', at('link'));
    writeFiles([{ path: at('link'), text: 'after' }]);
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(at('real'), 'utf8')).toBe('after');
    expect(statSync(at('real')).mode & 0o777).toBe(0o750);
  });

  test('equal bytes keep their time stamp', () => {
    writeFileSync(at('same'), 'text');
    utimesSync(at('same'), 1000, 1000);
    writeFiles([{ path: at('same'), text: 'text' }]);
    expect(statSync(at('same')).mtimeMs).toBe(1_000_000);
  });

  test('a device takes what comes; a full one is told of', () => {
    writeFiles([{ path: '/dev/null', text: 'text' }]);
    expect(() => writeFiles([{ path: '/dev/full', text: 'text' }])).toThrow(/no space left on the device/);
  });
});

describe('standard output', () => {
  test('-o - is standard output; -o "" is nothing', () => {
    const plain = pvasm('rewrite', 'good.S');
    expect(plain.stdout).toContain('ASM_READ_IVR(');
    expect(pvasm('rewrite', 'good.S', '-o', '-').stdout).toBe(plain.stdout);
    expect(pvasm('build', 'good.S', '-t', 'native', '-o', '-').stdout).toContain('mov r14=cr.ivr');
    expect(pvasm('build', 'good.S', '-o', '-')).toMatchObject({ status: 2, stdout: '' }); // two targets
    for (const command of ['rewrite', 'build']) expect(pvasm(command, 'good.S', '-o', '').status).toBe(2);
    expect(existsSync(at('-'))).toBe(false);
  });
});

test('nothing is written over a source', () => {
  const before = readFileSync(at('good.S'), 'latin1');
  expect(pvasm('rewrite', 'good.S', '-o', '.')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('--in-place'),
  });
  mkdirSync(at('xen'));
  symlinkSync('../good.S', at('xen/good.S'));
  expect(pvasm('build', 'good.S', '-t', 'xen', '-o', '.').status).toBe(2);
  expect(readFileSync(at('good.S'), 'latin1')).toBe(before);
});

test('a target that is named twice, and one that is a property of every object', () => {
  expect(pvasm('build', 'good.S', '-t', 'native', '-t', 'native', '-o', 'twice').status).toBe(0);
  for (const name of ['constructor', '__proto__', 'toString'])
    expect(pvasm('build', 'good.S', '-t', name, '-o', 'none')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`unknown target '${name}'`),
    });
});
