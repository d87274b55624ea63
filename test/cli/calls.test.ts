/** The command line as people type it, rightly and wrongly. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { NODE_VERSIONS, prepareNode } from '../../scripts/inputs/nodes.mjs';
import { callPvasm, launcher } from '../support/pvasm.ts';
import { run } from '../support/run.ts';
import { CALL_FILES, MISUSED } from './bad-calls.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-calls-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(() => {
  for (const [name, text] of Object.entries(CALL_FILES)) writeFileSync(join(folder, name), text, 'latin1');
});

const pvasm = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => callPvasm(args, { cwd: folder, env });

describe('misspelt or misused', () => {
  test.each(MISUSED)('pvasm %j', (args, message) => {
    const { status, stdout, stderr } = pvasm(args);
    expect(stderr).toContain(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});

describe('taken', () => {
  test.each<[args: string[]]>([
    [['rewrite', '--conventions', 'own.toml', 'good.S']],
    [['rewrite', '-t', 'native', 'good.S', '--no-strict']],
    [['rewrite', '12']],
    [['rewrite', '1e3', '-Wall', '-nostdinc', '-isystem', 'none', '-mconstant-gp']],
    [['rewrite', '--', 'good.S']],
    [['-h']],
    [['build', '-h']],
    [['report', 'good.S', '--at', 'good.S:1']],
    [['report', 'good.S', '--operation', 'READ_IVR']],
    [['report', 'good.S', '--refused']],
    [['report', 'good.S', '--alternatives']],
  ])('pvasm %j', (args) => {
    const { status, stdout, stderr } = pvasm(args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).not.toBe('');
  });
});

test('a line that goes on inside an instruction is read as cpp reads it', () => {
  const lines = ['mov \\\n\tr8=cr.ivr', 'mov r8=\\\ncr.ivr', 'mov r8=cr.\\\nivr', '(p6) \\\n mov r8=cr.ivr'];
  for (const line of lines) {
    writeFileSync(join(folder, 'continued.S'), `f:\t${line}\n\tbr.ret.sptk b0\n`);
    const { status, stdout, stderr } = pvasm(['rewrite', 'continued.S']);
    expect({ status, stderr }, line).toEqual({ status: 0, stderr: '' });
    expect(stdout, line).toMatch(/ASM_READ_IVR(_P)?\(/);
  }
});

describe('a failure is a document of the format that was asked for', () => {
  test('sarif', () => {
    const { status, stdout } = pvasm(['check', 'if.S', '--format', 'sarif']);
    const { runs } = JSON.parse(stdout);
    expect(status).toBe(2);
    expect(runs[0].results).toEqual([]);
    expect(runs[0].invocations[0]).toMatchObject({
      executionSuccessful: false,
      toolExecutionNotifications: [{ level: 'error', message: { text: 'unterminated #if' } }],
    });
  });

  test.each(['check', 'report', 'audit'])('json: %s', (command) => {
    const { status, stdout } = pvasm([command, 'nothere.S', '--format=json']);
    expect(status).toBe(2);
    expect(JSON.parse(stdout).error.message).toBe('nothere.S: no such file');
  });

  test('github', () => {
    expect(pvasm(['check', 'if.S', '--format', 'github']).stdout).toBe(
      '::error file=if.S,line=1,col=1::unterminated #if\n',
    );
  });
});

test('a listing in which a site stays native is written with --keep-going alone', () => {
  const args = ['build', 'left.S', '-t', 'xen', '-o', 'out'];
  const { status, stderr } = pvasm(args);
  expect(status).toBe(1);
  expect(stderr).toContain('nothing was written');
  expect(existsSync(join(folder, 'out'))).toBe(false);
  expect(pvasm([...args, '--keep-going']).status).toBe(1);
  expect(readdirSync(join(folder, 'out/xen'))).toEqual(['left.S']);
});

describe('a site that stays native by decision leaves exit 0, and a listing', () => {
  const source = (remark: string) => `f:\tFOO(r1)\n\tthash r20=r21${remark}\n\tFOO(r2)\n\tbr.ret.sptk b0\n`;
  const entry = (table: string, value: string) => `[[${table}]]\n${value}\nfile = "decided.S"\nreason = "no guest"\n`;
  test.each<[what: string, remark: string, toml: string, status: number]>([
    ['named', '', entry('native', 'operation = "THASH"'), 0],
    ['accepted in a comment', ' // pvasm: ignore PV001 -- no guest', '', 0],
    ['accepted in pvasm.toml', '', entry('suppress', 'rule = "PV001"'), 0],
    ['by nobody', '', '', 1],
    ['by a comment without a reason', ' // pvasm: ignore PV001', '', 1],
    ['by a comment about something else', ' // pvasm: ignore PV003 -- no guest', '', 1],
    ['elsewhere', '', entry('suppress', 'rule = "PV001"\nline = "ssm"'), 1],
  ])('%s', (_, remark, toml, status) => {
    const own = mkdtempSync(join(folder, 'decided-'));
    writeFileSync(join(own, 'decided.S'), source(remark));
    writeFileSync(join(own, 'pvasm.toml'), toml);
    const call = (...args: string[]) => callPvasm([...args, 'decided.S', '-o', 'out'], { cwd: own });
    const built = call('build', '-t', 'xen');
    expect(built.status).toBe(status);
    expect(built.stderr.includes('left native')).toBe(status === 1);
    expect(existsSync(join(own, 'out/xen/decided.S'))).toBe(status === 0);
    expect(call('rewrite').status).toBe(status);
  });
});

test.each([
  ['r14', 'free: r14 is dead'],
  ['sp', 'r12 cannot be scratch'],
  ['rp', 'b0 is live'],
  ['in0', 'r32 is live'],
  ['loc1', 'r34 is live'],
  ['out0', 'r35 is live'],
])('explain answers where there is no site, for %s', (register, answer) => {
  expect(pvasm(['explain', 'plain.S:2', register]).stdout).toContain(answer);
});

test('colours: by option, else FORCE_COLOR, else never where NO_COLOR is set', () => {
  const coloured = (args: string[], env: NodeJS.ProcessEnv) =>
    pvasm(['check', 'good.S', ...args], { FORCE_COLOR: '', NO_COLOR: '', ...env }).stdout.includes('\x1b[');
  expect(coloured([], {})).toBe(false);
  expect(coloured([], { FORCE_COLOR: '1' })).toBe(true);
  expect(coloured([], { FORCE_COLOR: '0' })).toBe(false);
  expect(coloured(['--color'], { NO_COLOR: '1' })).toBe(true);
  expect(coloured(['--no-color'], { FORCE_COLOR: '1' })).toBe(false);
});

test.each(NODE_VERSIONS)('Node %s says nothing of its own', (version) => {
  const node = prepareNode(version);
  const says = (...args: string[]) => run(node, [launcher, ...args], { cwd: folder });
  expect(says('rewrite', 'good.S')).toMatchObject({ status: 0, stderr: '' });
  expect(says('check', 'good.S', '--format', 'json').stderr).toMatch(/^pvasm: 1 file in .*\n$/);
});

test('npm pack prints the name of the tarball alone, which pre-commit reads', () => {
  const { stdout } = run('npm', ['config', 'get', 'foreground-scripts'], { cwd: projectRoot });
  expect(stdout.trim()).toBe('false');
});

test('no call whatever ends in an internal error', () => {
  const word = fc.oneof(
    fc.constantFrom('rewrite', 'build', 'report', 'check', 'diff', 'audit', 'explain', 'targets', 'completion'),
    fc.constantFrom(
      ...Object.keys(CALL_FILES),
      'nothere',
      '-',
      '--',
      '',
      '@good.S',
      '@',
      'good.S:1',
      'PV001',
      'r8',
      'in0',
    ),
    fc.constantFrom(
      '-t',
      '-o',
      '-I',
      '-D',
      '-U',
      '-include',
      '--target',
      '--format',
      '--configs',
      '--conventions',
      '-k',
    ),
    fc.constantFrom('--strict', '--diff', '--no-diff', '--no-format', '--width', '--color', '--in', '--max-warnings'),
    fc.constantFrom(
      'xen:a',
      'native',
      'json',
      'sarif',
      'side',
      'all',
      '7',
      '-1',
      '__proto__',
      '--__proto__',
      '--a.b=c',
    ),
    fc.string({ maxLength: 6 }),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 7 }), (words) => {
      const { status, stderr } = pvasm(words.map((each) => each.replaceAll('\0', '')));
      expect([0, 1, 2]).toContain(status);
      expect(stderr).not.toMatch(/internal error|^ +at /m);
    }),
    { numRuns: 60 },
  );
}, 300_000);
