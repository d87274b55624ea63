/** `pvasm verify` as people call it, with sources, contracts and hypercalls that are wrong. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callPvasm, launcher } from '../support/pvasm.ts';
import { run } from '../support/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-verify-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const routine = (code: string) => `\t.global f\n\t.proc f\nf:\n${code}\t.endp f\n`;
const BODY =
  '.macro ASM_READ_IFA pred, breg, d\n(\\pred)\tmov \\d=0xfffffffffff80028\n\t;;\n(\\pred)\tld8 \\d=[\\d]\n.endm\n';
const HEADING = 'kind\twhat\tmeans\tsource\n';
const CONTRACT = `${HEADING}pinned\t-\t0xfffffffffff80000 0x1000\tours\nplace\tcr.ifa\t0xfffffffffff80028 8\tours\nassumes\t*\tpsr.be == 0\tours\n`;

const FILES: Readonly<Record<string, string>> = {
  'good.S': routine('\tmov r8=cr.ivr\n\tbr.ret.sptk b0\n'),
  'two.S': ['f', 'g'].map((name) => routine('\tmov r8=cr.ivr\n\tbr.ret.sptk b0\n').replace(/\bf\b/g, name)).join(''),
  'endless.S': routine('1:\tmov r8=cr.ivr\n\tbr.cond.sptk 1b\n'),
  'unknown.S': routine('\tmov r8=cr.ivr\n\tpcmp1.eq r9=r8,r8\n\tbr.ret.sptk b0\n'),
  'acme.S': BODY,
  'acme.contract.tsv': CONTRACT,
  'both.S': `${BODY}${BODY.replace('READ_IFA', 'READ_ISR').replace('80028', '80030')}`,
  'both.contract.tsv': `${CONTRACT}place\tcr.isr\t0xfffffffffff80030 8\tours\n`,
  'wrong.S': BODY.replace('80028', '80030'),
  'wrong.contract.tsv': CONTRACT,
  'state.S': BODY,
  'state.contract.tsv': CONTRACT.replace('cr.ifa', 'cr.ifax'),
  'range.S': BODY,
  'range.contract.tsv': CONTRACT.replace('0x1000', '0x10g0'),
  'kind.S': BODY,
  'kind.contract.tsv': CONTRACT.replace('pinned', 'pined'),
  'cells.S': BODY,
  'cells.contract.tsv': `${HEADING}place\tcr.ifa\n`,
  'asks.S': BODY.replace('\tld8', '\tbreak.m 0x200\n(\\pred)\tld8'),
  'asks.contract.tsv': CONTRACT,
  'asks.tsv':
    'hypercall\tname\treads\treturns\tdestroys\tdemands\tdoes\tsource\nbreak 0x200\tONE\t-\t-\t-\t-\tjump(r8)\tours\n',
  'heading.S': BODY,
  'heading.contract.tsv': 'kind\twhat\n',
  'packed.S': BODY.replace('ld8 \\d=[\\d]', 'pcmp1.eq \\d=\\d,\\d'),
};
beforeAll(() => {
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
});

function verify(...args: readonly string[]) {
  return callPvasm(['verify', ...args], { cwd: folder });
}

describe('equal', () => {
  test.each([[['good.S', '-t', 'xen:b']], [['-t', './acme.S']]])('pvasm verify %j', (args) => {
    const { status, stdout, stderr } = verify(...args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(': equal\n');
  });
});

test('a body that reads another word than the contract says: a counterexample with its seed', () => {
  const { status, stdout } = verify('-t', './wrong.S');
  expect(status).toBe(1);
  expect(stdout).toMatch(/READ_IFA differs from its instruction, from --seed \d+ on:/);
});

test('a state is replayed alone by its seed', () => {
  const seed = /--seed (\d+)/.exec(verify('-t', './wrong.S').stdout)![1]!;
  expect(verify('-t', './wrong.S', '--seed', seed, '--states', '1').status).toBe(1);
});

test('pvasm target reads the contract too', () => {
  const args = ['target', './state.S'];
  const { status, stderr } = callPvasm(args, { cwd: folder });
  expect(stderr).toContain("state.contract.tsv:3:1: error: 'cr.ifax' is no state of a machine");
  expect(status).toBe(2);
});

describe('refused, with its place', () => {
  test.each<[args: string[], message: string]>([
    [['unknown.S', '-t', 'xen'], "unknown.S:5:2: error: the instruction 'pcmp1.eq'"],
    [['endless.S', '-t', 'xen'], 'endless.S:4:4: error: f does not end within 20000 instructions'],
    [['endless.S', '-t', 'xen', '--steps', '50'], 'f does not end within 50 instructions'],
    [['-t', './packed.S'], "packed.S:1:8: error: READ_IFA: the instruction 'pcmp1.eq'"],
    [['-t', './state.S'], "state.contract.tsv:3:1: error: 'cr.ifax' is no state of a machine"],
    [['-t', './range.S'], "range.contract.tsv:2:1: error: '0xfffffffffff80000 0x10g0' is no range"],
    [['-t', './kind.S'], "kind.contract.tsv:2:1: error: 'pined' is no kind of line"],
    [['-t', './cells.S'], 'cells.contract.tsv:2:1: error: a line has 4 cells'],
    [['-t', './heading.S'], 'heading.contract.tsv:1:1: error: the first line must name the columns'],
    [['-t', './asks.S'], "asks.tsv:2:1: error: hypercall ONE, 'jump(r8)': there is no action 'jump'"],
    [['-t', './absent.S'], './absent.S: no such file'],
    [['absent.S'], 'absent.S: no such file'],
    [['good.S', '--entry', 'g'], "no file of the call has a vector or routine 'g'"],
    [['good.S', '--states', '0'], '--states: 0 is too few'],
    [['good.S', '--steps', '0'], '--steps: 0 is too few'],
    [['good.S', '--states', 'many'], "--states: 'many' is not a number"],
    [['good.S', '--format', 'json'], 'this command has no --format'],
  ])('pvasm verify %j', (args, message) => {
    const { status, stderr } = verify(...args);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});

describe('progress', () => {
  const CLEAR = '\r\u001b[K';
  /** What a call shows on a terminal, which `script` gives it. */
  function onTerminal(args: string, terminal = 'xterm'): string {
    const env = { ...process.env, TERM: terminal };
    const call = `${process.execPath} ${launcher} verify ${args}`;
    const { status, stdout } = run('script', ['-qec', call, '/dev/null'], { cwd: folder, env });
    expect({ status, stdout }).toMatchObject({ status: 0 });
    return stdout;
  }

  test('each entry of each listing, erased before the result', () => {
    const [before, behind] = onTerminal('two.S -t xen:b --states 2').split(
      `${CLEAR}1/2 xen:b f${CLEAR}2/2 xen:b g${CLEAR}`,
    );
    expect(before).toBe('');
    expect(behind).toMatch(/^two\.S for xen:b: 2 entries/);
    expect(behind).not.toContain(CLEAR);
  });

  test('each body of a target', () => {
    expect(onTerminal('-t ./both.S --states 2')).toMatch(
      /^\r\u001b\[K1\/2 both READ_ISR\r\u001b\[K2\/2 both READ_IFA\r\u001b\[Kboth: 2 op/,
    );
  });

  test('nothing on a terminal that cannot write over its lines, nor in a pipe', () => {
    expect(onTerminal('two.S -t xen:b --states 2', 'dumb')).not.toContain(CLEAR);
    expect(verify('two.S', '-t', 'xen:b', '--states', '2').stderr).toBe('');
  });
});
