/** What npm packs, installed offline into an empty folder: small, whole, and silent on every Node that it is for. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { NODE_VERSIONS, prepareNode } from '../../scripts/inputs/nodes.mjs';
import { mustRun, run } from '../support/run.ts';

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
    'vscode-jsonrpc',
    'vscode-languageserver',
    'vscode-languageserver-textdocument',
  ])
    expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(.+\\)$`, 'm'));
  for (const licence of ['Apache License', 'BSD', 'MIT', 'ISC']) expect(notices).toContain(licence);
});

test('it holds what it needs, and nothing else', () => {
  const files = mustRun('tar', ['-tzf', tarball])
    .trim()
    .split('\n')
    .map((path) => path.replace('package/', ''));
  const expected =
    /^(package\.json|README\.md|LICENSE|bin\/|dist\/(plain|pvasm)\.cjs$|dist\/library\.mjs$|dist\/library\.d\.mts$|dist\/LICENCES\.txt$|grammar\/|docs\/|samples\/)/;
  expect(files.filter((path) => !expected.test(path))).toEqual([]);
  for (const path of [
    'dist/plain.cjs',
    'dist/pvasm.cjs',
    'dist/library.mjs',
    'dist/library.d.mts',
    'bin/pvasm.js',
    'docs/api.md',
  ])
    expect(files).toContain(path);
});

describe('the library', () => {
  const page = readFileSync(join(projectRoot, 'docs/api.md'), 'utf8');
  const example = /```js\n([\s\S]*?)```/.exec(page)![1]!;

  test('the example of its page prints what it says', () => {
    writeFileSync(join(folder, 'example.mjs'), example);
    const said = [...example.matchAll(/; \/\/ (.*)$/gm)].map((match) => match[1]);
    expect(said).toHaveLength(5);
    const { stdout, stderr } = run(process.execPath, ['example.mjs'], { cwd: folder });
    expect({ lines: stdout.trim().split('\n'), stderr }).toEqual({ lines: said, stderr: '' });
  });

  test('a consumer type-checks, and one with a mistake does not', () => {
    const consumer = `import { build, type Options, type Report, report } from 'pvasm';
const options: Options = { targets: ['xen'] };
const model: Report = report([{ name: 'a.S', text: '' }], options);
const texts: string[] = build([{ name: 'a.S', text: '' }], options).listings.map(({ text }) => text);
export const total: number = texts.length + model.sites.length;
`;
    const compile = (text: string) => {
      writeFileSync(join(folder, 'consumer.mts'), text);
      const flags = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--module', 'nodenext'];
      return run(process.execPath, [join(projectRoot, 'node_modules/typescript/bin/tsc'), ...flags, 'consumer.mts'], {
        cwd: folder,
      });
    };
    expect(compile(consumer)).toMatchObject({ status: 0, stdout: '' });
    expect(compile(consumer.replace("['xen']", '[1]')).stdout).toContain('consumer.mts(2,');
  });
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
