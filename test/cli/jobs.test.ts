/** `pvasm build -j N`: whatever N is and in whatever order the sources are given, the same comes out. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { callPvasm } from '../support/pvasm.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-jobs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, 'latin1');
}

let calls = 0;

/** What a call says and writes, without the name of the folder that it writes to. */
function built(args: readonly string[], cwd = folder) {
  const out = join(folder, `out${calls++}`);
  const { status, stdout, stderr } = callPvasm(['build', ...args, '-o', out], { cwd });
  return { status, stdout, stderr: stderr.replaceAll(out, 'OUT'), files: filesOf(out) };
}

function filesOf(path: string): Record<string, string> {
  mkdirSync(path, { recursive: true });
  return Object.fromEntries(
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [file.slice(path.length), readFileSync(file, 'latin1')]),
  );
}

write({
  'save.h': '#define GET(dst) mov dst=cr.ivr\n',
  // r8 is free in one of them only.
  'one.S': '#include "save.h"\n\t.global one\none:\tGET(r14)\n\t;;\n\tadd r9=r14,r14\n\tbr.ret.sptk b0\n',
  'two.S': '#include "save.h"\n\t.global two\ntwo:\tmov r8=5\n\tGET(r15)\n\t;;\n\tadd r8=r8,r15\n\tbr.ret.sptk b0\n',
  'unknown.S': '\t.global unknown\nunknown:\tmov cr.ifa=r8\n\tfrob r8=r9\n\tbr.ret.sptk b0\n',
  'unknown2.S': '\t.global unknown2\nunknown2:\tmov cr.ifa=r8\n\tfrob r8=r9\n\tbr.ret.sptk b0\n',
  'plain.S': '\t.global plain\nplain:\tadd r8=r9,r9\n\tbr.ret.sptk b0\n',
  'live.S': '\t.global live\nlive:\tmov cr.ifa=r8\n\t;;\n\tmov b6=r9\n\t;;\n\tbr.sptk b6\n',
  'broken.S': '\tmov r8=(\n',
  'wrong.S': '#if 1\n\tmov r8=r9\n',
  'included.S': '#include "one.S"\n',
});

const SOURCES = ['one.S', 'two.S', 'unknown.S', 'unknown2.S', 'plain.S', 'live.S'];
const TARGETS = ['-t', 'native', '-t', 'xen', '-t', 'native+xen:d'];

test('the same files and messages for any number of threads, in any order of the sources', () =>
  fc.assert(
    fc.property(fc.shuffledSubarray(SOURCES, { minLength: 2 }), fc.integer({ min: 2, max: 5 }), (sources, jobs) => {
      const args = [...sources, ...TARGETS, '--keep-going'];
      const alone = built(args);
      expect(alone.status).toBe(sources.includes('live.S') || sources.some((each) => /^unknown/.test(each)) ? 1 : 0);
      expect(built([...args, '-j', `${jobs}`])).toEqual(alone);
    }),
    { numRuns: 12 },
  ));

test.each<[string, string[]]>([
  ['an error is that of the first source', ['plain.S', 'wrong.S', 'broken.S']],
  ['a missing source', ['plain.S', 'nowhere.S', 'one.S']],
  ['a source that another one includes', ['one.S', 'included.S', 'two.S']],
  ['a header of the call', ['one.S', 'save.h', 'two.S']],
  ['a source twice', ['one.S', 'one.S']],
  ['a table of alternative C', ['one.S', 'two.S', '-t', 'native+xen:c']],
  ['listings that are linked together', ['one.S', 'two.S', 'plain.S', '-t', 'native', '-t', 'xen', '--link-together']],
  ['a target file with a mistake', ['one.S', 'two.S', '-t', './bad.S']],
])('%s: the same with threads', (_, args) => {
  write({ 'bad.S': '.macro READ_IVR breg, dst\n\tadd \\dst=\\dst,(\n.endm\n' });
  const alone = built(args);
  expect(built([...args, '-j', '3'])).toEqual(alone);
});

test('the samples, and what GCC made of C', () => {
  const args = ['ivt.S', 'entry.S', 'compiled/kernel.O0.s', 'compiled/kernel.O2.s', '-DCONFIG_SMP', ...TARGETS];
  const samples = join(projectRoot, 'samples');
  const alone = built(args, samples);
  expect(Object.keys(alone.files).length).toBeGreaterThan(10);
  expect(built([...args, '-j', '2'], samples)).toEqual(alone);
});

test.each(['0', 'x', '-1', '1.5', ''])('-j %j is refused', (jobs) => {
  const { status, stderr, files } = built(['one.S', `--jobs=${jobs}`]);
  expect(stderr).toMatch(/^pvasm: --jobs: |^pvasm: .*jobs/);
  expect([status, files]).toEqual([2, {}]);
});
