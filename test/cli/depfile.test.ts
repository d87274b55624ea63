/** Dependency files beside those that gcc writes for the same files, and what make makes of them. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { dependencyFiles } from '../../src/cli/depfile.ts';
import { callPvasm } from '../support/pvasm.ts';
import { mustRun } from '../support/run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pvasm-depfile-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SITE = '\tmov r8=cr.ivr\n\tbr.ret.sptk b0\n';

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text, 'latin1');
  }
}

const read = (name: string) => readFileSync(join(folder, name), 'latin1');
const pvasm = (...args: string[]) => callPvasm(args, { cwd: folder });
const gcc = (...args: string[]) =>
  mustRun('gcc', ['-E', '-x', 'assembler-with-cpp', '-nostdinc', ...args], { cwd: folder });

/** gcc reads a file of its own before all others. */
const withoutPredefined = (rule: string) => rule.replaceAll(/ ?\/usr\/include\/stdc-predef\.h:?\n?/g, '');

const NAMES = ['a b.h', 'c#d.h', 'e$f.h', 'g:h.h', 'i\\j.h', 'k\\ l.h', "q'u.h", 'p%c.h', 't\tu.h', 'sub/dir.h'];
const LONG = ['one', 'two', 'three', 'four'].map((name) => `a_header_whose_name_takes_room_${name}.h`);

test.each([
  ['names that make takes for its own', NAMES],
  ['lines that are folded', LONG],
  ['all of them', [...LONG, ...NAMES, ...LONG.map((name) => `below/${name}`)]],
])('byte for byte as gcc: %s', (_, headers) => {
  write({ 'm n.S': headers.map((name) => `#include "${name}"\n`).join('') + SITE });
  write(Object.fromEntries(headers.map((name) => [name, ''])));
  for (const targets of [
    ['-MT', 'out $x/a#b.o'],
    ['-MQ', 'out $x/a#b.o'],
    ['-MQ', 'q r', '-MT', 's t'],
    ['-MT', `${'a_target_'.repeat(9)}.o`, '-MT', 'second'],
  ]) {
    gcc('-MD', '-MP', ...targets, '-MF', 'gcc.d', '-o', 'x.i', './m n.S');
    const { status, stderr } = pvasm(
      'build',
      './m n.S',
      '-t',
      'xen',
      '-o',
      'o',
      '-MD',
      '-MP',
      ...targets,
      '-MF',
      'own.d',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(unfolded(read('own.d'))).toBe(unfolded(withoutPredefined(read('gcc.d'))));
  }
});

/** Without gcc's own header its lines break elsewhere: how lines are folded is compared by the next test. */
const unfolded = (rule: string) => rule.replaceAll(' \\\n ', ' ');

test('lines are folded where gcc folds them', () => {
  write({ 'm.S': LONG.map((name) => `#include "${name}"\n`).join('') + SITE });
  write(Object.fromEntries(LONG.map((name) => [name, ''])));
  for (let length = 1; length < 80; length++) {
    const target = 'x'.repeat(length);
    gcc('-MMD', '-MT', target, '-MF', 'gcc.d', '-o', 'x.i', 'm.S'); // -MMD leaves gcc's own header out
    const request = { systemDirs: [], file: 'own.d', targets: [target], phony: false };
    const [own] = dependencyFiles(request, [{ output: null, sources: ['./m.S'], files: ['m.S', ...LONG] }]);
    expect(own!.text).toBe(read('gcc.d'));
  }
});

test('a rule for each listing, with all that was read, and nothing of other sources', () => {
  write({
    'pvasm.toml': 'conventions = ["own.toml"]\ntargets = ["native", "./acme.S"]\n',
    'own.toml': '',
    'acme.S': readFileSync(join(projectRoot, 'grammar/targets/xen.S'), 'latin1'),
    'acme.tsv': readFileSync(join(projectRoot, 'grammar/targets/xen.tsv'), 'latin1'),
    'one.S': `#include "one.h"\n#ifdef CONFIG_X\n#include "other.h"\n#endif\n${SITE}`,
    'two.S': `#include "two.h"\n${SITE}`,
    'plain.S': '#include "plain.h"\n\tnop 0\n',
    ...{ 'one.h': '', 'two.h': '', 'other.h': '\tmov r9=cr.ivr\n', 'plain.h': '' },
  });
  expect(pvasm('build', 'one.S', 'two.S', 'plain.S', '-o', 'out', '-MD')).toMatchObject({ status: 0, stderr: '' });
  const common = ['pvasm.toml', 'acme.S', 'acme.tsv', 'own.toml'];
  expect(prerequisites('out/acme/one.d')).toEqual(['out/acme/one.S', ['one.S', 'one.h', 'other.h', ...common].sort()]);
  expect(prerequisites('out/native/two.d')).toEqual(['out/native/two.S', ['two.S', 'two.h', ...common].sort()]);
  expect(prerequisites('out/acme/plain.d')).toEqual(['out/acme/plain.S', ['plain.S', 'plain.h', ...common].sort()]);
  expect(pvasm('build', 'two.S', '-o', 'out', '-MD', '-MF', 'both.d').status).toBe(0);
  expect(prerequisites('both.d')).toEqual(['out/native/two.S out/acme/two.S', ['two.S', 'two.h', ...common].sort()]);
});

function prerequisites(name: string): [string, string[]] {
  const [target, files] = unfolded(read(name)).trim().split(': ');
  return [target!, files!.split(' ').sort()];
}

test('a check names what it read, and so does a rewrite; neither without a name to give it', () => {
  write({
    'a.S': `#include "a.h"\n${SITE}`,
    'a.h': '',
    'pvasm.toml': 'baseline = "old.json"\n',
    'f.flags': '-DX -MD -MF no.d',
  });
  expect(pvasm('check', 'a.S', '--write-baseline', 'old.json').status).toBe(0);
  expect(pvasm('check', 'a.S', '@f.flags', '-MD', '-MF', 'check.d', '-MT', 'stamp').status).toBe(0);
  expect(prerequisites('check.d')).toEqual(['stamp', ['a.S', 'a.h', 'f.flags', 'old.json', 'pvasm.toml']]);
  expect(pvasm('rewrite', 'a.S', '-o', 'pv', '-MMD').status).toBe(0);
  expect(prerequisites('pv/a.d')).toEqual(['pv/a.S', ['a.S', 'a.h', 'pvasm.toml']]);
  for (const args of [
    ['check', 'a.S'],
    ['rewrite', 'a.S', '--in-place'],
    ['build', 'a.S', '-t', 'xen', '-o', '-'],
  ])
    expect(pvasm(...args, '-MD')).toMatchObject({ status: 2, stderr: expect.stringContaining('it takes -MF and -MT') });
  expect(read('a.S')).toBe(`#include "a.h"\n${SITE}`);
  expect(existsSync(join(folder, 'no.d'))).toBe(false);
});

test('-MMD leaves out what -isystem brings', () => {
  write({ 'a.S': `#include <s.h>\n#include "a.h"\n${SITE}`, 'a.h': '', 'sys/s.h': '' });
  expect(pvasm('build', 'a.S', '-t', 'xen', '-o', 'o', '-isystem', 'sys', '-MMD').status).toBe(0);
  expect(prerequisites('o/xen/a.d')[1]).toEqual(['a.S', 'a.h']);
  expect(pvasm('build', 'a.S', '-t', 'xen', '-o', 'o', '-isystem', 'sys', '-MD').status).toBe(0);
  expect(prerequisites('o/xen/a.d')[1]).toEqual(['a.S', 'a.h', 'sys/s.h']);
});

test('where the dependencies cannot be written there is no listing either', () => {
  write({ 'a.S': SITE, file: '' });
  for (const path of ['file/a.d', '.', 'a.S']) {
    const { status, stderr } = pvasm('build', 'a.S', '-t', 'xen', '-o', 'o', '-MD', '-MF', path);
    expect(status).toBe(2);
    expect(stderr).toContain(path);
    expect(existsSync(join(folder, 'o'))).toBe(false);
  }
  expect(read('a.S')).toBe(SITE);
});

test('make reads them, and what does not change keeps its time', () => {
  const command = `${process.execPath} ${join(projectRoot, 'bin/pvasm.js')} build a\\ b.S -t xen -o out -MD -MP -MF a.d -MT stamp`;
  write({
    'a b.S': `#include "c d.h"\n${SITE}`,
    'c d.h': '',
    Makefile: `-include a.d\nstamp:\n\t${command}\n\ttouch stamp\n`,
  });
  const make = () => mustRun('make', ['-s', '--debug=b', 'stamp'], { cwd: folder });
  const stamp = () => statSync(join(folder, 'stamp')).mtimeMs;
  const old = new Date(Date.now() - 60_000);
  make();
  const listing = join(folder, 'out/xen/a b.S');
  for (const name of ['a b.S', 'c d.h', 'out/xen/a b.S']) utimesSync(join(folder, name), old, old);
  utimesSync(join(folder, 'stamp'), old, old);
  const before = stamp();
  make();
  expect(stamp()).toBe(before);
  writeFileSync(join(folder, 'c d.h'), '/* other words */\n');
  make();
  expect(stamp()).toBeGreaterThan(before);
  expect(statSync(listing).mtimeMs).toBeCloseTo(old.getTime(), 0);
  rmSync(join(folder, 'c d.h'));
  writeFileSync(join(folder, 'a b.S'), SITE);
  make();
});
