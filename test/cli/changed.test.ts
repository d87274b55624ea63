/** `pvasm check --changed-since`: what git says has changed, and what includes it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { provideBuilt } from '../support/built.ts';
import { callPvasm } from '../support/pvasm.ts';
import { mustRun } from '../support/run.ts';

const root = mkdtempSync(join(tmpdir(), 'pvasm-changed-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const site = (register: string): string => `f:\tmov ${register}=cr.ivr\n\tbr.ret.sptk b0\n`;
const write = (name: string, text: string): void => writeFileSync(join(root, name), text);
const git = (...words: readonly string[]): string =>
  mustRun('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'init.defaultBranch=main', ...words], {
    cwd: root,
  });

beforeAll(() => {
  provideBuilt();
  git('init', '-q');
  for (const name of ['a.S', 'b.S']) write(name, site('r8'));
  write('uses.S', `#include "bits.h"\n${site('r8')}`);
  write('bits.h', '#define BIT 1\n');
  write('pvasm.toml', 'targets = ["xen"]\n');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  git('tag', 'first');
});

beforeEach(() => {
  git('reset', '-q', '--hard', 'first');
  git('clean', '-fdq');
});

/** The files with findings, and how the call ended. */
function checked(...words: readonly string[]) {
  const { status, stdout, stderr } = callPvasm(['check', '--format', 'gcc', ...words], { cwd: root });
  return { status, stderr, files: [...new Set(stdout.match(/^\w+\.\w+(?=:)/gm) ?? [])].sort() };
}

test('nothing has changed', () => {
  expect(checked('--changed-since', 'first')).toEqual({
    status: 0,
    files: [],
    stderr: 'pvasm: no source has changed since first\n',
  });
});

test('a source in the work tree, one in a commit since, one that git does not know yet', () => {
  write('a.S', site('r9'));
  git('commit', '-q', '-a', '-m', 'second');
  write('b.S', site('r9'));
  write('new.S', site('r9'));
  expect(checked('--changed-since', 'first')).toMatchObject({ status: 1, files: ['a.S', 'b.S', 'new.S'] });
  expect(checked('--changed-since', 'HEAD')).toMatchObject({ status: 1, files: ['b.S', 'new.S'] });
  expect(checked('--changed-since', 'first', './b.S', 'uses.S')).toMatchObject({ status: 1, files: ['b.S'] });
});

test('a header: what includes it', () => {
  write('bits.h', '#define BIT 2\n');
  expect(checked('--changed-since', 'first')).toMatchObject({ status: 1, files: ['uses.S'] });
  expect(checked('--changed-since', 'first', 'a.S')).toMatchObject({ status: 0, files: [] });
});

test('what the check goes by: all, or all files of the call', () => {
  write('pvasm.toml', 'targets = ["native"]\n');
  expect(checked('--changed-since', 'first').files).toEqual(['a.S', 'b.S', 'uses.S']);
  expect(checked('--changed-since', 'first', 'a.S').files).toEqual(['a.S']);
});

test('a source that is gone is not looked for', () => {
  git('rm', '-q', 'a.S');
  expect(checked('--changed-since', 'first')).toMatchObject({ status: 0, files: [] });
});

test.each([
  ['nonsense', "--changed-since: git says: fatal: bad revision 'nonsense^{commit}'"],
  ['--output=x', '--changed-since'],
])('no revision: %s', (revision, message) => {
  const { status, stderr } = checked(`--changed-since=${revision}`);
  expect(stderr).toContain(message);
  expect(status).toBe(2);
});
