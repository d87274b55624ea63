/** pvasm.toml is read by every command; the command line comes after it. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callPvasm } from '../support/pvasm.ts';

const root = mkdtempSync(join(tmpdir(), 'pvasm-configuration-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const FILES: Readonly<Record<string, string>> = {
  'pvasm.toml': `
include = ["inc"]
include-files = ["first.h"]
define = ["FAULT=r8", "EXTRA", "CHOICE=8"]
undefine = ["EXTRA"]
targets = ["xen:b"]
conventions = ["linux-ia64", "own.toml"]
`,
  'own.toml': '[[symbol]]\nname = "helper"\nreads = ["r14", "r15"]\n',
  'inc/names.h': '#define ADDRESS cr.ifa\n',
  'first.h': '#define FIRST 1\n',
  'second.h': '#if !FIRST || !defined(FAULT)\n#error too early\n#endif\n',
  'kernel/choice.S': `#ifndef CHOICE
#error none
#elif CHOICE == 8
#error eight
#elif CHOICE == 9
#error nine
#endif
`,
  'kernel/a.S': `#include <names.h>
#if !FIRST || defined(EXTRA)
#error the flags did not arrive
#endif
handler:
	mov FAULT=ADDRESS
	br.cond.sptk helper
`,
  'other.toml': 'include = ["inc"]\ninclude-files = ["first.h"]\ndefine = ["CHOICE=9"]\ntargets = ["native"]\n',
  'native.toml': `
[[native]]
operation = "THASH"
file = "kernel/left.S"
line = "thash r20 = *"
reason = "the table is empty by then"
`,
  'kernel/left.S': 'f:\n\tFOO(r1)\n\tthash r20 = r21\n\tFOO(r2)\n\tthash r22=r23\n\tbr.ret.sptk b0\n',
  'kernel/two.S': 'f:\n\tmov r8=cr.ifa\n\tmov r9=cr.ifa\n\tbr.ret.sptk b0\n',
  'kernel/run.S': 'f:\n\tssm psr.ic\n\t;;\n\tsrlz.d\n\tbr.ret.sptk b0\n',
};
beforeAll(() => {
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text, 'latin1');
  }
});

function pvasm(args: readonly string[], folder = '.') {
  return callPvasm(args, { cwd: join(root, folder), input: '' });
}

describe('every command goes by pvasm.toml', () => {
  test('build needs no flags', () => {
    const { status, stderr } = pvasm(['build', 'a.S', '-o', 'out'], 'kernel');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readdirSync(join(root, 'kernel/out'))).toEqual(['xen-b']);
    expect(readFileSync(join(root, 'kernel/out/xen-b/a.S'), 'latin1')).toContain('XSI_IFA');
  });

  test('rewrite', () => {
    const { status, stdout, stderr } = pvasm(['rewrite', 'kernel/a.S']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('ASM_READ_IFA(-, FAULT)');
  });

  test('report: the targets are those of pvasm.toml', () => {
    const { status, stdout } = pvasm(['report', 'kernel/a.S', '--format', 'json']);
    expect(status).toBe(0);
    expect(stdout).toContain('"xen:b"');
    expect(stdout).not.toContain('"xen:a"');
  });

  test('audit', () => {
    const { status, stdout } = pvasm(['audit', 'kernel/a.S']);
    expect(status).toBe(0);
    expect(stdout).toContain('READ_IFA');
  });

  test('diff', () => {
    const { status, stdout } = pvasm(['diff', 'kernel/a.S']);
    expect(status).toBe(0);
    expect(stdout).toContain('+++ xen-b/kernel/a.S');
  });

  test('explain: conventions of the project say who reads a register', () => {
    expect(pvasm(['explain', 'kernel/a.S:6', 'r15']).stdout).toContain('not free');
    expect(pvasm(['explain', 'kernel/a.S:6', 'r16']).stdout).toContain('free: r16 is dead');
  });

  test('check', () => {
    const { status, stdout } = pvasm(['check', 'kernel/a.S']);
    expect(status).toBe(1);
    expect(stdout).toContain('[PV001]');
    expect(stdout).not.toContain('EXTRA');
  });
});

describe('the command line has the last word', () => {
  test.each([
    [[], 'eight'],
    [['-DCHOICE=9'], 'nine'],
    [['-UCHOICE'], 'none'],
    [['--config', 'other.toml'], 'nine'],
    [['--config', 'other.toml', '-UCHOICE', '-DCHOICE=8'], 'eight'],
  ])('%j: %s', (args, arrived) => {
    const { status, stderr } = pvasm(['build', 'kernel/choice.S', '-t', 'xen:b', ...args]);
    expect(status).toBe(2);
    expect(stderr).toContain(`error: #error ${arrived}\n`);
    expect(stderr).not.toContain('warning');
  });

  test('include-files of both are read, after all that is defined', () => {
    const { status, stderr } = pvasm(['build', 'kernel/a.S', '-DFAULT=r10', '-include', 'second.h', '-t', 'native']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test.each(['rewrite', 'build', 'report', 'audit', 'diff', 'check'])('%s --no-config', (command) => {
    const { status, stderr } = pvasm([command, 'kernel/a.S', '--no-config', '--strict']);
    expect(status).toBe(2);
    expect(stderr).toContain('names.h');
  });

  test.each(['rewrite', 'build', 'report', 'audit', 'diff', 'check'])('%s tells what is wrong with it', (command) => {
    writeFileSync(join(root, 'wrong.toml'), 'targets = ["native"]\ninclud = []\n');
    const { status, stdout, stderr } = pvasm([command, 'kernel/a.S', '--config', 'wrong.toml']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain("wrong.toml:2:1: error: unknown key 'includ'; did you mean 'include'?");
  });
});

describe('[[native]]', () => {
  const config = ['--config', 'native.toml'];

  test('a site that stays native by decision is no refusal, and no finding', () => {
    const plain = pvasm(['rewrite', 'kernel/left.S', '--no-config']);
    expect(plain.status).toBe(1);
    expect(plain.stderr).toContain('left.S:3:2: warning: THASH is left native');
    expect(plain.stderr).toContain('left.S:5:2: warning: THASH is left native');
    const decided = pvasm(['rewrite', 'kernel/left.S', ...config]);
    expect(decided.stderr).not.toContain('left.S:3:');
    expect(decided.stderr).toContain('left.S:5:2: warning: THASH is left native');
    const findings = pvasm(['check', 'kernel/left.S', ...config]).stdout;
    expect(findings).toContain("left.S:5:2: warning: 'thash r22=r23' is");
    expect(findings).not.toContain("'thash r20 = r21' is");
  });

  test('with all of them decided the exit status is 0, and build writes', () => {
    writeFileSync(join(root, 'all.toml'), '[[native]]\nfile = "left.S"\nreason = "boot code"\n');
    const args = ['kernel/left.S', '--config', 'all.toml'];
    const { status, stdout, stderr } = pvasm(['build', '-t', 'xen', ...args]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('native') });
    expect(stdout).toContain('thash r20 = r21');
    expect(pvasm(['rewrite', ...args]).status).toBe(0);
    expect(pvasm(['report', ...args]).status).toBe(0);
  });

  test('it holds where a site could be rewritten as well, and only there', () => {
    writeFileSync(join(root, 'one.toml'), '[[native]]\nline = "mov r9"\nreason = "read by the loader"\n');
    const { status, stdout } = pvasm(['rewrite', 'kernel/two.S', '--config', 'one.toml']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/ASM_READ_IFA\(.*r8\)/);
    expect(stdout).toContain('mov r9=cr.ifa');
  });

  test('a part of a run that would be fused', () => {
    writeFileSync(join(root, 'run.toml'), '[[native]]\nline = "ssm psr.ic"\nreason = "x"\n');
    expect(pvasm(['rewrite', 'kernel/run.S', '--no-config']).stdout).toContain('ASM_SSM_PSR_SRLZ_D');
    expect(pvasm(['rewrite', 'kernel/run.S', '--config', 'run.toml']).stdout).toContain('\tssm psr.ic\n');
  });

  test('a decision that no site needs any more is a finding, where its file was checked', () => {
    const stale =
      '[[native]]\nfile = "two.S"\nline = "mov r10"\nreason = "x"\n[[native]]\nfile = "two.S"\nreason = "y"\n';
    writeFileSync(join(root, 'stale.toml'), stale);
    const check = (file: string) => pvasm(['check', file, '--config', 'stale.toml', '--format', 'gcc']);
    const { status, stdout } = check('kernel/two.S');
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: 'stale.toml:1:1: warning: no site is the one that is to stay native [PV021]\n',
    });
    expect(check('kernel/run.S').stdout).not.toContain('PV021');
  });

  test('an operation that there is not', () => {
    writeFileSync(join(root, 'odd.toml'), '[[native]]\noperation = "THASHE"\nreason = "x"\n');
    const { status, stderr } = pvasm(['rewrite', 'kernel/two.S', '--config', 'odd.toml']);
    expect(status).toBe(2);
    expect(stderr).toContain("odd.toml:1:1: error: there is no operation THASHE; did you mean 'THASH'?");
  });
});

test('a configuration by name reaches code that the conditions of the source do not', () => {
  const files: Readonly<Record<string, string>> = {
    'named/configs.toml': 'include = ["inc"]\n[configs]\nbig = ["-DBIG"]\n',
    'named/inc/use.h': '#ifdef BIG\n#define USE add r8=r15,r0\n#else\n#define USE add r8=r0,r0\n#endif\n',
    'named/a.S': '#include <use.h>\nf:\n\tmov r14=0\n\tnop 0\n\t;;\n\tthash r16=r17\n\t;;\n\tUSE\n\tbr.ret.sptk b0\n',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const explain = (args: readonly string[]) =>
    pvasm(['explain', 'a.S:6', 'r15', '--config', 'configs.toml', ...args], 'named').stdout;
  expect(explain([])).toContain('not free');
  expect(explain(['--configs', '-UBIG'])).toMatch(/free: r15 is dead/);
  expect(explain(['--configs', '-UBIG'])).not.toContain('not free');
});
