/** Joined targets that cannot be: one line, exit status 2, and nothing is written. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { callPvasm } from '../support/pvasm.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-joined-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LABELS = [
  ['native+xen', /target native\+xen: joined targets need the letter/],
  ['native+xen:q', /target native\+xen:q: there is no alternative 'q'/],
  ['native+xen:cd', /target native\+xen:cd: there is no alternative 'cd'/],
  ['native+xen:b', /target native\+xen:b: alternative b serves one target/],
  ['xen+kvm:d', /target xen\+kvm:d: native must be among them/],
  ['native+xen+xen:e', /target native\+xen\+xen:e: two of the joined targets are called xen/],
  ['native+:c', /target native\+:c: a name is missing beside '\+'/],
  ['native+xne:d', /unknown target 'xne'/],
] as const;

describe.each(LABELS)('%s', (label, message) => {
  test.each(['build', 'report', 'verify', 'diff', 'header'])('%s', (command) => {
    const out = join(folder, command);
    const written = command === 'build' || command === 'header' ? ['-o', out] : [];
    const more = command === 'diff' ? ['-t', 'native'] : [];
    const files = command === 'header' ? [] : ['samples/entry.S'];
    const { status, stdout, stderr } = callPvasm([command, ...files, '-t', label, ...more, ...written]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    const lines = stderr.trim().split('\n');
    expect({ lines: lines.length, stderr }).toMatchObject({ lines: 1 });
    expect(stderr).toMatch(message);
    expect(existsSync(out)).toBe(false);
  });
});
