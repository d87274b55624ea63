/** The pre-commit hook: what npm installs of the package, called as .pre-commit-hooks.yaml says, in a repository of git. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { withIncluders } from '../../src/cli/includers.ts';
import { provideBuilt } from '../support/built.ts';
import { mustRun, run } from '../support/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-hook-'));
const repository = join(folder, 'tree');
const SOURCE = '#include "mid.h"\nf:\tGET(r14)\n\t;;\n\tst8 [r32]=r14\n\tbr.ret.sptk.many b0\n';
const CLEAN: Readonly<Record<string, string>> = {
  'kernel/a.S': SOURCE,
  'kernel/b.S': 'g:\tbr.ret.sptk.many b0\n',
  'kernel/mid.h': '#include "deep.h"\n',
  'kernel/deep.h': '#define GET(r) mov r=r33\n',
  'include/plain_c.h': 'struct s { int a; };\n',
};

/** A value of the hook's file, without its quotes. */
function hookValue(key: string): string {
  const text = readFileSync(join(projectRoot, '.pre-commit-hooks.yaml'), 'utf8');
  return new RegExp(`^  ${key}: '?(.*?)'?$`, 'm').exec(text)![1]!;
}

beforeAll(() => {
  provideBuilt();
  const packed = mustRun('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: projectRoot });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  mustRun('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, packed.trim())], { cwd: folder });
  for (const [name, text] of Object.entries(CLEAN)) write(name, text);
  mustRun('git', ['init', '-q'], { cwd: repository });
  mustRun('git', ['add', '.'], { cwd: repository });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
  mkdirSync(join(repository, name, '..'), { recursive: true });
  writeFileSync(join(repository, name), text);
}

/** As pre-commit calls it: the entry, then those of the changed files that the pattern takes. */
function hook(...changed: readonly string[]) {
  const pattern = new RegExp(hookValue('files'));
  const [command, ...args] = hookValue('entry').split(' ');
  const bin = join(folder, 'node_modules/.bin', command!);
  return run(bin, [...args, ...changed.filter((each) => pattern.test(each))], { cwd: repository });
}

test('a commit without a fault passes, and one of a C header looks at nothing', () => {
  expect(hook('kernel/a.S', 'kernel/b.S', 'kernel/deep.h')).toMatchObject({ status: 0, stdout: '' });
  expect(hook('include/plain_c.h')).toMatchObject({ status: 0, stdout: '', stderr: '' });
});

test('a fault that a changed header brings into a source is found', () => {
  write('kernel/deep.h', '#define GET(r) mov r=cr.ifa\n');
  const { status, stdout, stderr } = hook('kernel/deep.h', 'README');
  expect(stderr).toContain('1 file in');
  expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringMatching(/^kernel\/deep\.h:1:\d+: .*PV001/) });
});

test('headers stand for the sources that include them, once each', () => {
  const read = (path: string) => CLEAN[path];
  const tracked = Object.keys(CLEAN);
  expect(withIncluders(['kernel/deep.h', './kernel/a.S', 'kernel/mid.h'], tracked, read)).toEqual(['kernel/a.S']);
  expect(withIncluders(['kernel/b.S'], tracked, read)).toEqual(['kernel/b.S']);
  expect(withIncluders(['include/plain_c.h'], tracked, read)).toEqual([]);
});

test('the commands of the example for GitHub run as they are written', () => {
  const workflow = readFileSync(join(projectRoot, 'docs/ci/github-workflow.yml'), 'utf8');
  const commands = [...workflow.matchAll(/^ +(?:- )?run: (pvasm .*)$/gm)].map((match) => match[1]!);
  expect(commands).toHaveLength(2);
  const env = { ...process.env, PATH: `${join(folder, 'node_modules/.bin')}:${process.env.PATH}` };
  const shell = (command: string) => run('bash', ['-e', '-c', command], { cwd: repository, env });
  for (const [text, found] of [
    [CLEAN['kernel/b.S']!, 0],
    ['g:\tmov r8=cr.ifa\n\tbr.ret.sptk.many b0\n', 1],
  ] as const) {
    write('arch/ia64/kernel/g.S', text);
    const [annotations, scan] = commands.map(shell);
    expect(annotations!.status).toBe(found);
    expect(annotations!.stdout.split('\n').filter((line) => line.startsWith('::'))).toHaveLength(found);
    expect(scan!.status).toBe(0);
    const document = JSON.parse(readFileSync(join(repository, 'pvasm.sarif'), 'utf8'));
    expect(document.runs[0].results).toHaveLength(found);
  }
});
