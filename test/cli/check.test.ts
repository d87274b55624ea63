/** `pvasm check` as a person runs it: files on disk, arguments, exit codes. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { VERSION } from '../../src/cli/version.ts';
import { scratchFolder } from '../acceptance/listings.ts';
import { callPvasm } from '../support/pvasm.ts';

const scratch = scratchFolder();
let folder = '';
let count = 0;

beforeEach(() => {
  folder = join(scratch, String(count++));
  mkdirSync(folder);
});

function write(name: string, text: string): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** Runs the check in the folder, or in one below it. */
function check(args: readonly string[], { below = '', input = '' } = {}) {
  const command = ['check', ...args];
  return callPvasm(command, { cwd: join(folder, below), input });
}

/** One error, and one warning that only a configuration without X has. */
const FAULTY = `f:	ASM_WRITE_IFA(b6, r8, r9)
#ifndef X
	mov r20=cr.isr
#endif
	br.ret.sptk rp
`;

test('in a .s file # begins a comment, whatever stands behind it', () => {
  write('plain.s', '# if you read this, no preprocessor ran\nf:\tmov r20=cr.isr\t// a site\n\tbr.ret.sptk rp\n');
  const { status, stdout, stderr } = check(['plain.s', '--format', 'gcc']);
  expect(stderr).not.toContain('error:');
  expect({ status, stdout }).toMatchObject({ status: 1, stdout: expect.stringMatching(/^plain\.s:2:4: .*\[PV001\]/) });
});

test('linker scripts, which *.S names too, are left out', () => {
  write('kernel.S', '\tmov r8=r9\n');
  write('vmlinux.lds.S', 'SECTIONS { . = 0; }\n');
  const { status, stderr } = check(['kernel.S', 'vmlinux.lds.S']);
  expect(status).toBe(0);
  expect(stderr).toMatch(/^pvasm: vmlinux\.lds\.S is a linker script, left out\npvasm: 1 file in /);
  const alone = check(['vmlinux.lds.S']);
  expect(alone).toMatchObject({ status: 2, stderr: 'pvasm: no sources given, only linker scripts\n' });
});

describe('exit codes', () => {
  test('0: clean; 1: findings; 2: no such file, no file, no such option', () => {
    write('clean.S', '\tmov r8=r9\n');
    write('faulty.S', FAULTY);
    expect(check(['clean.S'])).toMatchObject({ status: 0, stdout: '' });
    expect(check(['faulty.S']).status).toBe(1);
    expect(check(['missing.S'])).toMatchObject({ status: 2, stdout: '', stderr: 'pvasm: missing.S: no such file\n' });
    expect(check([]).status).toBe(2);
    expect(check(['clean.S', '--format', 'xml']).status).toBe(2);
    expect(check(['clean.S', '--max-warnings', 'many'])).toMatchObject({ status: 2 });
  });

  test('--max-warnings allows warnings, never errors', () => {
    write('warning.S', '\tmov r16=cr.ifa\n');
    write('faulty.S', FAULTY);
    expect(check(['warning.S']).status).toBe(1);
    expect(check(['warning.S', '--max-warnings', '1']).status).toBe(0);
    expect(check(['warning.S', '--max-warnings', '0']).status).toBe(1);
    expect(check(['faulty.S', '--max-warnings', '9']).status).toBe(1);
  });

  test('what cannot be read is an error with its place, and nothing is checked', () => {
    write('broken.S', '\tmov r8=(r9\n#include "missing.h"\n');
    expect(check(['broken.S', '--strict'])).toMatchObject({ status: 2, stdout: '' });
    expect(check(['broken.S', '--strict']).stderr).toMatch(/^broken\.S:\d+:\d+: error: .*nothing was checked\n$/s);
  });
});

describe('formats', () => {
  const isSarif = sarifValidator();

  test.each(['text', 'gcc', 'json', 'sarif', 'github'])(
    '%s: findings on standard output, the same exit code',
    (format) => {
      write('src/faulty.S', FAULTY);
      const { status, stdout, stderr } = check(['src/faulty.S', '--format', format]);
      expect(status).toBe(1);
      expect(stdout).toContain('src/faulty.S');
      expect(stdout).not.toContain(folder);
      expect(stderr).toBe(
        'pvasm: 1 file in 1 configuration: 1 error, 1 warning, 0 notes (0 suppressed, 0 in the baseline)\n',
      );
      write('clean.S', '\tmov r8=r9\n');
      expect(check(['clean.S', '--format', format]).status).toBe(0);
    },
  );

  test('gcc: one line a finding', () => {
    write('faulty.S', FAULTY);
    const found = check(['faulty.S', '--format', 'gcc']).stdout.matchAll(/^(\S+ \w+): .*(\[PV\d+\])$/gm);
    expect([...found].map(([, place, rule]) => `${place} ${rule}`)).toEqual([
      'faulty.S:1:26: error [PV002]',
      'faulty.S:3:2: warning [PV008]',
    ]);
  });

  test('json and sarif: valid, with the fix that a rewrite makes', () => {
    write('bare.S', 'f:\tmov r16=cr.ifa\n\tbr.ret.sptk rp\n');
    const { findings } = JSON.parse(check(['bare.S', '--format', 'json']).stdout);
    expect(findings[0].fix).toMatchObject({ title: expect.stringMatching(/^write ASM_READ_IFA\(b\d, r16/) });
    const log = JSON.parse(check(['bare.S', '--format', 'sarif']).stdout);
    expect(isSarif(log), JSON.stringify(isSarif.errors)).toBe(true);
    expect(log.runs[0].results[0].fixes).toHaveLength(1);
    expect(log.runs[0].tool.driver.semanticVersion).toBe(VERSION);
  });

  test("the version is the package's", () => {
    expect(VERSION).toBe(JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')).version);
  });
});

describe('configurations', () => {
  test('as given, named, and all; a finding says when it holds', () => {
    write('faulty.S', FAULTY);
    const findings = (...args: string[]) => check(['faulty.S', '--format', 'gcc', ...args]);
    expect(findings().stdout).toContain('[PV008]');
    expect(findings('-DX').stdout).not.toContain('[PV008]'); // the call decides
    expect(findings('--configs', '-DX -DY=1', '--configs', '-UX').stderr).toContain('2 configurations');
    const all = findings('--configs', 'all');
    expect(all.stderr).toContain('1 file in 2 configurations');
    expect(all.stdout).toContain('when X is not defined');
  });

  test.each([
    [['--configs', 'SMP'], "--configs: 'SMP' is not all, -DNAME, -DNAME=VALUE or -UNAME"],
    [['--configs', 'all', '--configs', '-DX'], '--configs all leaves nothing to add'],
  ])('%j is refused', (args, message) => {
    write('a.S', '\tnop 0\n');
    expect(check(['a.S', ...args])).toMatchObject({ status: 2, stdout: '', stderr: `pvasm: ${message}\n` });
  });
});

describe('--fix', () => {
  test('writes the macro, takes away what nobody needs, and takes a register that is free', () => {
    write(
      'a.S',
      'f:\tmov r16=cr.ifa\n\tnop 0\t// pvasm: ignore PV005 -- old\n\tASM_WRITE_IFA(b6, r8, r9)\n\tbr.ret.sptk rp\n',
    );
    const { status, stdout, stderr } = check(['a.S', '--fix', '--format', 'gcc']);
    expect(read('a.S')).toMatch(/^f:\tASM_READ_IFA\(b\d, r16(, r\d+)?\)\n\tnop 0\n\tASM_WRITE_IFA\(b\d, r8, r\d+\)\n/);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(stderr).toContain('3 findings fixed');
    expect(check(['a.S', '--fix']).stderr).toContain('0 findings fixed');
  });

  test('chooses registers for macros that name wrong ones, or too few', () => {
    const text =
      'f:\tASM_WRITE_IFA(b6, r16, r16)\n\t;;\n\tASM_READ_IVR(b6, r24)\n\t;;\n\tmov r8=r24\n\tbr.ret.sptk rp\n';
    write('a.S', text);
    expect(check(['a.S', '-t', 'xen:b']).stdout).toMatch(/\[PV005\][\s\S]*\[PV013\]/);
    expect(check(['a.S', '-t', 'xen:b', '--fix'])).toMatchObject({ status: 0, stdout: '' });
    const [, written, ivr] = /ASM_WRITE_IFA\(-, r16, (r\d+)\)[\s\S]*ASM_READ_IVR\(-, r24, (r\d+)\)/.exec(read('a.S'))!;
    expect([written, ivr]).not.toContain('r16');
  });

  test('standard input cannot be fixed', () => {
    const input = 'f:\tmov r16=cr.ifa\n\tbr.ret.sptk rp\n';
    expect(check(['-'], { input }).stdout).toMatch(/^<stdin>:1:4: warning: .*\[PV001\]/);
    const { status, stderr } = check(['-', '--fix'], { input });
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('in place') });
  });
});

describe('baseline', () => {
  test('old findings are written down by file, rule and line, and only new ones count', () => {
    write('old.S', '\tmov r16=cr.ifa\n\tmov r17=cr.isr\n');
    expect(check(['old.S', '--write-baseline', 'b.json'])).toMatchObject({ status: 0, stdout: '' });
    expect(JSON.parse(read('b.json')).findings).toEqual({
      'old.S': { PV001: { 'mov r16=cr.ifa': 1, 'mov r17=cr.isr': 1 } },
    });
    expect(check(['old.S', '--baseline', 'b.json'])).toMatchObject({ status: 0, stdout: '' });
    write('old.S', '\tmov r16=cr.ifa\n\n\tmov r17=cr.isr\n\tmov r18=cr.iip\n');
    const { status: failed, stdout: shown } = check(['old.S', '--baseline', 'b.json', '--format', 'gcc']);
    expect(failed).toBe(1);
    expect(shown).toMatch(/^old\.S:4:.*\n$/);
    write('old.S', '\tmov r16=cr.ifa\n');
    const { status, stderr } = check(['old.S', '--baseline', 'b.json']);
    expect(status).toBe(0);
    expect(stderr).toContain('the baseline allows 2 of PV001 in old.S, there are 1');
  });

  test('a faulty or missing one is an error', () => {
    write('a.S', '\tnop 0\n');
    write('b.json', '[]');
    expect(check(['a.S', '--baseline', 'b.json'])).toMatchObject({ status: 2, stdout: '' });
    expect(check(['a.S', '--baseline', 'missing.json'])).toMatchObject({ status: 2, stdout: '' });
  });
});

describe('pvasm.toml', () => {
  const TOML = `
define = ["FIRST=r8"]
include = ["include"]
baseline = "b.json"
[rules]
PV002 = "warning"
[[suppress]]
rule = "PV001"
file = "kernel/a.S"
reason = "why"
`;
  const SOURCE = '#include "regs.h"\nf:\tASM_WRITE_IFA(b6, FIRST, r9)\n\tmov R=cr.isr\n\tbr.ret.sptk rp\n';

  function project(): void {
    write('pvasm.toml', TOML);
    write('b.json', '{"version": 2, "findings": {}}');
    write('include/regs.h', '#define R r20\n');
    write('kernel/a.S', SOURCE);
  }

  test('is found from below; its paths and names are relative to its folder', () => {
    project();
    for (const [args, below] of [
      [['kernel/a.S'], ''],
      [['a.S'], 'kernel'],
    ] as const) {
      const { status, stdout, stderr } = check([...args, '--format', 'gcc', '--strict'], { below });
      expect(stdout).toMatch(/^kernel\/a\.S:2:\d+: warning: .*\[PV002\]\nkernel\/a\.S:4.*note.*\n$/);
      expect(stderr).toContain('1 suppressed');
      expect(status).toBe(1);
    }
  });

  test('what ships suppresses only where pvasm.toml asks for it, and what speaks of converted code only there', () => {
    const plain = '\t.text\nf:\tmov ar.k6=r14\n\tptc.l r32,r33\n\tbr.ret.sptk rp\n';
    write('arch/ia64/kernel/ivt.S', plain);
    const findings = () => check(['arch/ia64/kernel/ivt.S', '--show-suppressed', '--format', 'gcc']);
    const bare = findings();
    expect(bare.stderr).toContain('(0 suppressed');
    expect(bare.stdout).toContain("'ptc.l");
    write('pvasm.toml', 'suppressions = ["linux-ia64"]\n');
    expect(findings()).toEqual(bare);
    write('arch/ia64/kernel/ivt.S', plain.replace('f:', 'f:\tASM_READ_IVR(b6, r14, r8)\n\t;;\n'));
    const converted = findings();
    expect(converted.stdout).not.toContain("'ptc.l");
    expect(converted.stderr).toMatch(
      /ivt\.S:5:\d+: suppressed: 'ptc\.l.*\[PV001\] -- Linux leaves it to trap.*\(grammar\/conv/,
    );
    write('pvasm.toml', 'suppressions = ["bsd"]\n');
    expect(findings()).toMatchObject({ status: 2, stdout: '' });
  });

  test('--config names another; the command line has the last word', () => {
    project();
    write('other.toml', 'max-warnings = 2\n');
    const other = check(['kernel/a.S', '--config', 'other.toml', '-Iinclude', '-DFIRST=r10']);
    expect([...other.stdout.matchAll(/\[PV\d+\]/g)].join()).toBe('[PV002],[PV001]');
    expect(check(['kernel/a.S', '-DFIRST=r9']).stdout).toContain('[PV005]');
    expect(check(['kernel/a.S', '--max-warnings', '1']).status).toBe(0);
  });

  test('--print-config says what holds for a file and where it was set', () => {
    project();
    const { status, stdout } = check(['--print-config', 'kernel/a.S', '--max-warnings', '7']);
    expect(status).toBe(0);
    expect(stdout).toContain('# The configuration of kernel/a.S\n');
    expect(stdout).toContain('PV002 = "warning" # live-scratch; pvasm.toml:6\n');
    expect(stdout).toContain('max-warnings = 7\n');
  });

  test.each([
    ['rules = 1\n', /^pvasm\.toml:1:1: error: /],
    ['[rules]\nPV999 = "off"\n', /^pvasm\.toml:2:1: error: there is no rule PV999/],
    ['a = [\n', /^pvasm\.toml:\d+:\d+: error: /],
    ['conventions = ["linux-ia46"]\n', /^pvasm: unknown conventions 'linux-ia46'; .* did you mean 'linux-ia64'\?/],
    ['[[symbol]]\nname = "f"\nreads = ["r999"]\n', /^pvasm\.toml:3:10: error: /],
    ['targets = ["zen"]\n', /^pvasm: unknown target 'zen'/],
  ])('%j: told with its place, nothing is checked', (toml, message) => {
    write('pvasm.toml', toml);
    write('a.S', FAULTY);
    const { status, stdout, stderr } = check(['a.S']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('conventions of the project are checked like the shipped ones', () => {
    write('pvasm.toml', '[[symbol]]\nname = "nowhere"\nreads = ["r8"]\n');
    write('a.S', '\tnop 0\n');
    expect(check(['a.S', '--format', 'gcc']).stdout).toMatch(/^pvasm\.toml:1:1: warning: .*nowhere \[PV017\]\n$/);
  });
});

test('the same input gives the same bytes', () => {
  write('faulty.S', FAULTY);
  const outputs = [1, 2].map(() => check(['faulty.S', '--format', 'sarif']).stdout);
  expect(outputs[0]).toBe(outputs[1]);
});

/** The official schema is draft 4, and has a pattern that is only valid without the u flag. */
function sarifValidator(): ((value: unknown) => boolean) & { errors?: unknown } {
  const require = createRequire(import.meta.url);
  const Ajv = require('ajv-draft-04').default as new (options: object) => { compile(schema: object): typeof sarif };
  const schema = require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json') as object;
  const sarif: ((value: unknown) => boolean) & { errors?: unknown } = new Ajv({
    strict: false,
    validateFormats: false,
    unicodeRegExp: false,
  }).compile(schema);
  return sarif;
}
