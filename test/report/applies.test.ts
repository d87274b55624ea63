/** Diffs as people use them: applied by patch and by git, from the source to a variant, from there to another, and back. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { patchName } from '../../src/report/patch-names.ts';
import { kernel } from '../support/kernel.ts';
import { callPvasm, mustCallPvasm } from '../support/pvasm.ts';
import { mustRun } from '../support/run.ts';

const top = mkdtempSync(join(tmpdir(), 'pvasm-applies-'));
afterAll(() => rmSync(top, { recursive: true, force: true }));

const HANDLER = 'f:\tmov r14=cr.ifa\n\t;;\n\tst8 [r32]=r14\n\tbr.ret.sptk.many b0\n';

/** A tree of its own, with the files that a test gives and those of the samples and the kernel. */
function makeTree(files: Readonly<Record<string, string>>): string {
  const tree = mkdtempSync(join(top, 'tree-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, name)), { recursive: true });
    writeFileSync(join(tree, name), text, 'latin1');
  }
  return tree;
}

/** All files of a tree and what is in them. */
function contents(tree: string): Record<string, string> {
  const names = readdirSync(tree, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(tree.length), readFileSync(path, 'latin1')]),
  );
}

function diffOf(tree: string, args: readonly string[]): string {
  const { status, stdout, stderr } = callPvasm(['diff', '--format', 'unified', '--no-color', ...args], { cwd: tree });
  expect(status, stderr).toBeLessThan(2);
  return stdout;
}

const PROGRAMS = {
  patch: ['patch', '-p1', '--fuzz=0', '--no-backup-if-mismatch', '--silent'],
  'git apply': ['git', 'apply', '--whitespace=nowarn'],
} as const;
type Program = keyof typeof PROGRAMS;

function apply(program: Program, tree: string, diff: string, ...more: readonly string[]): void {
  const [name, ...args] = PROGRAMS[program];
  // A folder that is no repository: git then goes by the working directory alone.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: top };
  mustRun(name, [...args, ...more], { cwd: tree, input: Buffer.from(diff, 'latin1'), env });
}

const trees: Record<string, () => { tree: string; args: readonly string[]; files: readonly string[] }> = {
  'a sample with its header': () => {
    const tree = makeTree({});
    cpSync(join(projectRoot, 'samples'), join(tree, 'samples'), { recursive: true });
    return { tree, args: ['samples/ivt.S'], files: ['/samples/ivt.S', '/samples/minstate.h'] };
  },
  "Linux's ivt.S": () => {
    const tree = makeTree({});
    const folder = 'arch/ia64/kernel';
    mkdirSync(join(tree, folder), { recursive: true });
    for (const name of ['ivt.S', 'entry.h', 'minstate.h']) cpSync(kernel().plain(name), join(tree, folder, name));
    return {
      tree,
      args: [`${folder}/ivt.S`, ...kernel().flags('smp')],
      files: [`/${folder}/ivt.S`, `/${folder}/minstate.h`],
    };
  },
  'names that must be quoted, and lines that end otherwise': () => {
    const names = ['a b.S', 'quo"te.S', '\xc3\xa9.S', 'sub/crlf.S', './x/../open.S'];
    const texts = [HANDLER, HANDLER, HANDLER, HANDLER.replaceAll('\n', '\r\n'), HANDLER.trimEnd()];
    const decoded = (name: string) => Buffer.from(name, 'latin1').toString('utf8');
    const tree = makeTree(Object.fromEntries(names.map((name, at) => [decoded(name), texts[at]!])));
    mkdirSync(join(tree, 'x'));
    return {
      tree,
      args: names.map(decoded),
      files: names.map((name) => join('/', decoded(name))),
    };
  },
};

describe.each(Object.keys(trees))('%s', (what) => {
  let made: ReturnType<(typeof trees)[string]>;
  let [toA, toB, between] = ['', '', ''];
  beforeAll(() => {
    made = trees[what]!();
    const { tree, args } = made;
    toA = diffOf(tree, [...args, '-t', 'xen:a']);
    toB = diffOf(tree, [...args, '-t', 'xen:b']);
    between = diffOf(tree, [...args, '-t', 'xen:a', '-t', 'xen:b']);
  });

  test.each(Object.keys(PROGRAMS) as Program[])('%s', (program) => {
    const { tree, files } = made;
    const before = contents(tree);
    apply(program, tree, toB);
    const b = contents(tree);
    expect(
      Object.keys(b)
        .filter((name) => b[name] !== before[name])
        .sort(),
    ).toEqual([...files].sort());
    apply(program, tree, toB, '-R');
    apply(program, tree, toA);
    const a = contents(tree);
    apply(program, tree, between);
    expect(contents(tree)).toEqual(b);
    apply(program, tree, between, '-R');
    expect(contents(tree)).toEqual(a);
    apply(program, tree, toA, '-R');
    expect(contents(tree)).toEqual(before);
  });
});

test('the variant of a source without headers is what build writes', () => {
  const tree = makeTree({ 'f.S': HANDLER });
  mustCallPvasm(['build', 'f.S', '-t', 'xen:b', '-o', 'out'], {
    cwd: tree,
  });
  apply('patch', tree, diffOf(tree, ['f.S', '-t', 'xen:b']));
  expect(readFileSync(join(tree, 'f.S'), 'latin1')).toBe(readFileSync(join(tree, 'out/xen-b/f.S'), 'latin1'));
});

test('what a rewrite would change applies too', () => {
  const tree = makeTree({ 'f.S': HANDLER });
  const pvasm = (...args: string[]) => mustCallPvasm([...args], { cwd: tree });
  const rewritten = pvasm('rewrite', 'f.S');
  const diff = pvasm('rewrite', 'f.S', '--diff');
  expect(diff).toContain('@@ f: READ_IFA f.S:1\n');
  apply('patch', tree, diff);
  expect(readFileSync(join(tree, 'f.S'), 'latin1')).toBe(rewritten);
});

test.each([
  ['kernel/ivt.S', 'a/kernel/ivt.S'],
  ['./ivt.S', 'a/ivt.S'],
  ['/kernel/ivt.S', 'a/kernel/ivt.S'],
  ['../../kernel/../ivt.S', 'a/ivt.S'],
  ['a b.S', 'a/a b.S\t'],
  ['a"b\\.S', '"a/a\\"b\\\\.S"'],
  ['\u00e9.S', '"a/\\303\\251.S"'],
])('a file called %s', (file, name) => {
  expect(patchName('a', file)).toBe(name);
});
