/** What npm packs, installed offline into an empty folder: small, whole, and silent on every Node that it is for. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { NODE_VERSIONS, prepareNode } from '../../scripts/inputs/nodes.mjs';
import { mustRun, run } from '../../scripts/inputs/run.mjs';

const MOST_BYTES = 1_500_000;

const folder = mkdtempSync(join(tmpdir(), 'pvasm-package-'));
const launcher = join(folder, 'node_modules/pvasm/bin/pvasm.js');
let tarball = '';

beforeAll(() => {
  // dist/ is there: what `npm pack` would build again is what is tested everywhere else.
  const packed = mustRun('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: projectRoot });
  tarball = join(folder, packed.trim().split('\n').at(-1)!);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  mustRun('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: folder });
  writeFileSync(join(folder, 'a.S'), 'f:\n\tmov r14=cr.ifa\n\t;;\n\tst8 [r32]=r14\n\tbr.ret.sptk rp\n');
  writeFileSync(join(folder, 'clean.S'), 'f:\n\tbr.ret.sptk rp\n');
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the package is small', () => {
  expect(statSync(tarball).size).toBeLessThan(MOST_BYTES);
});

test('the licences of all that is bundled come with it', () => {
  const notices = readFileSync(join(folder, 'node_modules/pvasm/dist/LICENCES.txt'), 'utf8');
  for (const name of [
    '@chevrotain/gast',
    'chevrotain',
    'diff',
    'lodash-es',
    'smol-toml',
    'toml-eslint-parser',
    'yargs',
    'yargs-parser',
  ])
    expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(.+\\)$`, 'm'));
  for (const licence of ['Apache License', 'BSD', 'MIT', 'ISC']) expect(notices).toContain(licence);
});

describe.each(NODE_VERSIONS)('Node %s', (version) => {
  const path = prepareNode(version);
  const pvasm = (...args: readonly string[]) => run(path, [launcher, ...args], { cwd: folder });

  test.each([
    ['rewrite', 'a.S', '-o', `rewritten-${version}`],
    ['build', 'a.S', '-t', 'native', '-t', 'xen:a', '-t', 'xen:b', '-o', `built-${version}`],
    ['explain', 'a.S:2', 'r8'],
    ['explain', 'PV001'],
    ['targets'],
    ['--version'],
    ['--help'],
  ])('%s %s %s', (...args) => {
    expect(pvasm(...args)).toMatchObject({ status: 0, stderr: '' });
  });

  test('check says what it looked at, and nothing else', () => {
    const { status, stdout, stderr } = pvasm('check', 'clean.S');
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(/^pvasm: 1 file in 1 configuration: 0 errors/)]);
  });
});
