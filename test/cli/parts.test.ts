/** The files of a check are looked at in parts: what it says does not show in which. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchFolder } from '../acceptance/listings.ts';
import { callPvasm } from '../support/pvasm.ts';

const folder = scratchFolder();

/** Writes files and checks them in one call. */
function check(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const command = ['check', '--format', 'gcc', ...Object.keys(files), ...args];
  return callPvasm(command, { cwd: folder });
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

test('an error in one of several files is told with its place, and nothing is checked', () => {
  const files = { 'good.S': BARE, 'bad.S': '\tmov r8=(r9\n', 'fine.S': BARE };
  const { status, stdout, stderr } = check(files);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^bad\.S:1:\d+: error: /);
});
