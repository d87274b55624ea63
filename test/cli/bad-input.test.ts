/** Whatever is wrong with the input: one clear message with its place, exit status 2, nothing written. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callPvasm } from '../support/pvasm.ts';
import { BAD_FILES, WRONG_INPUTS, WRONG_LINES } from './bad-calls.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(() => {
  for (const [name, text] of Object.entries(BAD_FILES)) writeFileSync(join(folder, name), text, 'latin1');
  mkdirSync(join(folder, 'directory.S'));
});

function pvasm(args: readonly string[]) {
  return callPvasm(args, { cwd: folder });
}

/** Lines that a person reads as the message: source lines and carets under them are left out. */
function messages(stderr: string): string[] {
  return stderr.split('\n').filter((line) => /^pvasm: |: (error|warning|note): /.test(line));
}

describe('files', () => {
  test.each(WRONG_INPUTS)('%s', (input, message) => {
    expectRefusal(['rewrite', 'good.S', input, '-o', 'out'], message);
    expectRefusal(['report', 'good.S', input], message);
  });

  test.each(WRONG_INPUTS.filter(([input]) => BAD_FILES[input]?.includes('\t')))(
    '%s, with nothing to rewrite in it',
    (input, message) => {
      const without = join('siteless', input);
      mkdirSync(join(folder, 'siteless'), { recursive: true });
      writeFileSync(join(folder, without), BAD_FILES[input]!.replaceAll('mov r8=cr.ivr', 'add r8=r9,r10'), 'latin1');
      const { status, stderr } = pvasm(['rewrite', 'good.S', without, '-o', 'out']);
      expect(status).toBe(2);
      expect(messages(stderr)[0]!.replace('siteless/', '')).toMatch(message);
    },
  );

  // As root, who runs this in CI, a circle of links is the only file that cannot be reached and yet is there; EACCES goes the same way.
  test('a header that cannot be reached is not called missing', () => {
    symlinkSync('circle.h', join(folder, 'circle.h'));
    writeFileSync(join(folder, 'circle.S'), '#include "circle.h"\n\tmov r8=cr.ivr\n');
    const message = /^circle\.S:1:1: error: circle\.h: its symbolic links lead in a circle$/;
    expectRefusal(['rewrite', 'circle.S', '-o', 'out'], message);
    expectRefusal(['check', 'circle.S'], message);
  });

  test('a device without an end', () => {
    for (const option of ['--baseline', '--config', '--conventions'])
      expectRefusal(['check', 'good.S', option, '/dev/zero'], /^pvasm: \/dev\/zero: too large/);
  });

  test('an instruction that nobody knows, and a macro: one warning each', () => {
    writeFileSync(
      join(folder, 'odd.S'),
      'f:\tfrob r1=r2\n\tfrob r3=r4\n\tFOO(r1)\n\tmov r8=cr.ivr\n\tbr.ret.sptk b0\n',
    );
    const { status, stderr } = pvasm(['rewrite', 'odd.S']);
    expect(status).toBe(0);
    expect(messages(stderr)).toEqual([
      "odd.S:1:4: warning: the instruction 'frob' is not known, and may read and write everything",
      'odd.S:3:2: warning: the macro FOO is not known, and may read and write everything',
    ]);
  });

  test.each([['build', '-o', 'out'], ['audit'], ['diff'], ['rewrite', '--in-place'], ['rewrite', '--diff']])(
    'every command: %s',
    (command, ...options) => {
      expectRefusal([command, 'good.S', 'if.S', ...options], /^if\.S:1:1: error: unterminated #if$/);
      expect(readFileSync(join(folder, 'good.S'), 'latin1')).toBe(BAD_FILES['good.S']);
    },
  );

  function expectRefusal(args: readonly string[], message: RegExp): void {
    const { status, stdout, stderr } = pvasm(args);
    expect(messages(stderr)[0], args.join(' ')).toMatch(message);
    expect({ status, stdout }, args.join(' ')).toEqual({ status: 2, stdout: '' });
    expect(existsSync(join(folder, 'out'))).toBe(false);
  }

  test('a missing header is an error, with --no-strict a warning', () => {
    const args = ['rewrite', 'header.S', '-o', 'lenient', '--no-strict'];
    expect(pvasm(args)).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/^header\.S:1:1: warning: header "nothere\.h" is not found/),
    });
    expect(existsSync(join(folder, 'lenient/header.S'))).toBe(true);
    const report = (...options: string[]) => pvasm(['report', 'header.S', '--no-strict', ...options]).stdout;
    const told = /Registers were chosen without 1 header not found \(--no-strict\): nothere\.h\. A name that/;
    expect(JSON.parse(report('--format', 'json')).missingHeaders).toEqual(['nothere.h']);
    for (const options of [[], ['--format', 'md'], ['--format', 'html'], ['--refused']])
      expect(report(...options).replace(/\s+/g, ' ')).toMatch(told);
    expect(JSON.parse(pvasm(['report', 'good.S', '--format', 'json']).stdout).missingHeaders).toEqual([]);
    const strict = pvasm(['rewrite', 'header.S', '-o', 'strict']);
    expect(strict).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^header\.S:1:1: error: header "nothere\.h"/),
    });
    expect(existsSync(join(folder, 'strict'))).toBe(false);
  });
});

describe('command lines', () => {
  test.each(WRONG_LINES)('pvasm %s', (line, message) => {
    const before = readdirSync(folder).sort();
    const { status, stdout, stderr } = pvasm(line.split(' ').filter(Boolean));
    expect(messages(stderr.replace(/\n +/g, ' '))[0] ?? stderr).toMatch(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(readdirSync(folder).sort()).toEqual(before);
  });
});
