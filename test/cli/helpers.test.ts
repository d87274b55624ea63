/** A check that threads share says what one thread says. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { run } from '../../scripts/inputs/run.mjs';
import { SharedQueue } from '../../src/cli/helpers.ts';
import { type Packed, pack, unpack } from '../../src/cli/packed.ts';
import type { InspectionOrder } from '../../src/cli/shared-check.ts';
import type { Inspection } from '../../src/lint/inspection.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { scratchFolder } from '../acceptance/listings.ts';

const folder = scratchFolder();

/** So long that two sources are worth a thread. */
const LONG = `/*${' long'.repeat(24_000)} */\n`;

/** Writes long files and checks them in one call. */
function check(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text + LONG);
  const command = [join(projectRoot, 'bin/pvasm.js'), 'check', '--format', 'gcc', ...Object.keys(files), ...args];
  return run(process.execPath, command, { cwd: folder });
}

const BARE = 'f:\tmov r20=cr.isr\n\tbr.ret.sptk rp\n';

test('the findings of a call are those of its files, in their order', () => {
  const files = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`${name}.S`, BARE.replace('f', name)]));
  const one = Object.entries(files).map(([name, text]) => check({ [name]: text }).stdout);
  const { stdout, stderr, status } = check(files);
  expect(stdout).toBe(one.join(''));
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: 'pvasm: 5 files in 5 configurations: 0 errors, 5 warnings, 0 notes (0 suppressed, 0 in the baseline)\n',
  });
});

test('what a source includes from the call is checked where it is included', () => {
  const part = '\tmov r21=cr.ifa\n#ifdef PART\n\tmov r22=cr.iim\n#endif\n';
  const files = {
    'one.S': `f:\n#define PART\n#include "part.h"\n${BARE}`,
    'two.S': `g:\n#include "part.h"\n\tbr.ret.sptk rp\n`,
    'three.S': `h:\n#include "inner.S"\n`,
    'inner.S': '\tmov r23=cr.itir\n',
    'part.h': part,
    'alone.h': '\tmov r24=cr.iha\n',
  };
  const { stdout, stderr } = check(files);
  expect(stdout.match(/^\S+?:\d+/gm)).toEqual(['alone.h:1', 'inner.S:1', 'one.S:4', 'part.h:1', 'part.h:3']);
  // inner.S and part.h are no sources of their own here.
  expect(stderr).toContain('6 files in 4 configurations');
});

test('one file under two paths is one file', () => {
  const { stdout } = check({ 'same.S': BARE, 'other.S': '\n' }, './same.S');
  expect(stdout.match(/same\.S/g)).toHaveLength(1);
});

test('a condition is told of each source that has one', () => {
  const header = '#ifndef HERE\n\tfrobnicate r8\n#endif\n';
  writeFileSync(join(folder, 'shared.h'), header);
  const files = {
    'u.S': '#ifdef U\n#define HERE\n#endif\n#include "shared.h"\n',
    'v.S': '#ifdef V\n#define HERE\n#endif\n#include "shared.h"\n',
  };
  const { stdout } = check(files, '--configs', '-DU -DV', '--configs', '-UU -DV', '--configs', '-DU -UV');
  const lines = stdout.split('\n').filter((line) => line.includes('PV019'));
  expect(lines).toEqual([expect.stringMatching(/^shared\.h:2:.*\(when U is not defined; or V is not defined\)/)]);
});

test('an error in a file that a helper reads is told with its place, and nothing is checked', () => {
  const files = { 'good.S': BARE, 'bad.S': '\tmov r8=(r9\n', 'fine.S': BARE };
  const { status, stdout, stderr } = check(files);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^bad\.S:1:\d+: error: /);
});

test('a helper takes what is in the queue, and answers with what came of it', async () => {
  const given = {
    includeDirs: [],
    commands: [],
    strict: false,
    config: null,
    targets: null,
    conventions: [],
    configs: [],
    baseline: null,
    maxWarnings: null,
  };
  const inputs = ['a.S', 'b.S', 'c.S'].map((name) => ({ name, text: BARE }));
  const { items, memory } = new SharedQueue([2, 0]);
  const helper = new Worker(join(projectRoot, 'bin/helper.js'));
  helper.postMessage({ given, inputs, queue: { items, memory } } satisfies InspectionOrder);
  const [answer] = await once(helper, 'message');
  const outcomes = unpack(answer, ({ name, text }) => new SourceText(name, text)) as [number, Inspection][];
  const found = outcomes.map(([index, { reports }]) => [
    index,
    ...reports.map(([rule, { file }]) => [rule, file.name]),
  ]);
  expect(found).toEqual([
    [2, ['PV001', 'c.S']],
    [0, ['PV001', 'a.S']],
  ]);
});

test('the items of a queue come once, in their order', () => {
  const one = new SharedQueue([5, 3, 4]);
  const other = new SharedQueue(one.items, one.memory);
  expect([one.take(), other.take(), one.take(), other.take(), one.take()]).toEqual([5, 3, 4, undefined, undefined]);
});

test('what is packed comes out as it was, with texts of our own', () => {
  const files = [new SourceText('a.S', 'one'), new SourceText('b.S', 'two')];
  const part = fc.letrec((tie) => ({
    leaf: fc.oneof(fc.constant(null), fc.integer(), fc.string(), fc.constantFrom(...files)),
    tree: fc.oneof(
      { depthSize: 'small' },
      tie('leaf'),
      fc.array(tie('tree')),
      fc.dictionary(fc.string(), tie('tree'), { noNullPrototype: true }),
    ),
  })).tree;
  const own = new Map(files.map(({ name }) => [name, new SourceText(name, 'own')]));
  fc.assert(
    fc.property(part, (value) => {
      const packed: Packed = structuredClone(pack(value));
      const swapped = unpack(packed, ({ name }) => own.get(name)!);
      expect(unpack(pack(swapped), ({ name }) => files.find((file) => file.name === name)!)).toEqual(value);
    }),
  );
});
