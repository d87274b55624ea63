/** `pvasm as` in the place of the assembler: what gcc gives it, what it makes of it, and what goes wrong. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { provideBuilt } from '../support/built.ts';
import { callPvasm } from '../support/pvasm.ts';
import { mustRun, run } from '../support/run.ts';
import { toolchain } from '../support/toolchain.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm as-')); // a path with a space in it
const launcher = join(projectRoot, 'bin/gcc-as/as');
const compiled = readFileSync(join(projectRoot, 'samples/compiled/kernel.O2.s'), 'latin1');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FILES: Readonly<Record<string, string>> = {
  'plain.s': '\t.text\nf:\tadd r8=r32,r33\n\tbr.ret.sptk b0\n\t.string "\\n"\n',
  'handler.S': '#include "bits.h"\n\t.text\nf:\tREAD(r8)\n\tbr.ret.sptk b0\n',
  'bits.h': '#define READ(r) mov r=cr.ivr\n',
  'wrong.S': '#include "bits.h"\n\t.text\n\n\nf:\tREAD(r8)\n\twrong r9\n',
  'site.s': 'f:\tmov r8=cr.ivr\n\tbr.ret.sptk b0\n',
  'second.s': '\t.data\n\tdata8 f\n\t.text\ng:\tmov r9=cr.ivr\n\tbr.ret.sptk b0\n',
  'defined.s': 'f:\n\t.ifdef GUEST\n\tmov r8=cr.ivr\n\t.endif\n\tbr.ret.sptk b0\n',
  'included.s': '\t.include "part.s"\nf:\tmov r8=cr.ivr\n\tbr.ret.sptk b0\n',
  'parts/part.s': '\t.set part, 5\n',
  'parts/own.s': '\tthash r8=r9\n',
  'hidden.s': '\t.text\n\t.include "own.s"\n',
  'left.s': 'f:\tFOO r1\n\tthash r20=r21\n\tFOO r2\n\tbr.ret.sptk b0\n',
  'options.rsp': '-x -mconstant-gp\n-o "from file.o" \'site.s\'\n',
  'both.toml': 'targets = ["native", "xen"]\n',
  'one.toml': 'targets = ["xen"]\n',
  'inline.s':
    '\t.file\t"kernel.c"\n\t.text\n\t.proc f#\nf:\n#APP\n// 24 "kernel.c" 1\n\tmov r8=cr.ivr;; bad r1\n// 0 "" 2\n#NO_APP\n\tworse r2\n\tbr.ret.sptk b0\n\t.endp f#\n',
};

beforeAll(() => {
  provideBuilt();
  mkdirSync(join(folder, 'parts'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text, 'latin1');
  // What it was given, in place of an assembler.
  writeFileSync(join(folder, 'tell'), '#!/bin/sh\nprintf "%s\\n" "$@"\necho --\ncat\n');
  writeFileSync(join(folder, 'killed'), '#!/bin/sh\nkill -TERM $$\n');
  for (const name of ['tell', 'killed']) chmodSync(join(folder, name), 0o755);
});

interface Call {
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
}

function as(args: readonly string[], { env = {}, input = '' }: Call = {}) {
  const own = { PVASM_AS: toolchain().as, PVASM_TARGET: '', ...env };
  if (input === '') return callPvasm(['as', ...args], { cwd: folder, env: own });
  return run(launcher, args, { cwd: folder, input: Buffer.from(input, 'latin1'), env: { ...process.env, ...own } });
}

const silent = { status: 0, stdout: '', stderr: '' };
const object = (name: string): Buffer => readFileSync(join(folder, name));
const instructions = (name: string): string => mustRun(toolchain().objdump, ['-d', join(folder, name)]);

/** The real assembler alone. */
function alone(args: readonly string[]): void {
  mustRun(toolchain().as, args, { cwd: folder });
}

describe('takes what gcc gives', () => {
  test.each<[string, string[], string]>([
    ['a file', ['-x', '-mconstant-gp', '-o', 'a.o', 'site.s'], ''],
    ['the output joined to its option', ['-x', 'site.s', '-oa.o', '-mconstant-gp'], ''],
    ['standard input', ['-x', '-mconstant-gp', '-o', 'a.o', '-'], FILES['site.s']!],
    ['standard input without a word', ['-x', '-o', 'a.o'], FILES['site.s']!],
    ['a folder of included files', ['-I', 'parts', '-o', 'a.o', 'included.s'], ''],
    [
      'options that only the assembler knows',
      ['--traditional-format', '-R', '-o', 'a.o', 'site.s', '--noexecstack'],
      '',
    ],
    ['several sources, which are one', ['-x', '-o', 'a.o', 'site.s', 'second.s'], ''],
    ['a symbol of the command line', ['-o', 'a.o', '--defsym', 'GUEST=1', 'defined.s'], ''],
    ['a symbol, shortened', ['-o', 'a.o', '-defsy=GUEST=1', 'defined.s'], ''],
  ])('%s', (_, args, input) => {
    rmSync(join(folder, 'a.o'), { force: true });
    expect(as([...args, '-t', 'xen'], { input })).toEqual(silent);
    const code = instructions('a.o');
    expect(code).toContain('break.i 0x8');
    expect(code).not.toContain('cr.ivr');
    expect(as([...args, '-t', 'native'], { input })).toEqual(silent);
    const made = object('a.o');
    mustRun(toolchain().as, args, { cwd: folder, input: Buffer.from(input, 'latin1') });
    expect(made.equals(object('a.o'))).toBe(true);
  });

  test('no site that an included file hides, where the source has none', () => {
    mkdirSync(join(folder, 'other'), { recursive: true });
    writeFileSync(join(folder, 'other/own.s'), '\t.set part, 5\n');
    const { status, stderr } = as(['-I', 'parts', '-o', 'hidden.o', 'hidden.s', '-t', 'xen']);
    expect(stderr).toContain("hidden.s:2:11: error: the assembler's .include brings 'thash'");
    expect({ status, made: existsSync(join(folder, 'hidden.o')) }).toEqual({ status: 2, made: false });
    expect(as(['-I', 'other', '-o', 'hidden.o', 'hidden.s', '-t', 'xen'])).toEqual(silent);
  });

  test("a listing of build, and the assembler's symbols that it was made for", () => {
    const build = ['build', '-P', 'defined.s', '-o', 'listings', '-t', 'xen'];
    const assembled = (...args: string[]) =>
      run(toolchain().as, [...args, '-o', 'a.o', 'listings/xen/defined.s'], { cwd: folder });
    expect(callPvasm([...build, '-Wa,--defsym,GUEST=1'], { cwd: folder }).status).toBe(0);
    expect(assembled('--defsym', 'GUEST=1')).toEqual(silent);
    expect(instructions('a.o')).toContain('break.i 0x8');
    for (const wrong of [[], ['--defsym', 'GUEST=2']])
      expect(assembled(...wrong).stderr).toContain(
        'made by pvasm for --defsym GUEST=1: assemble it with the same option',
      );
  });

  test('standard input is called in debug sections as the assembler calls it', () => {
    const input = FILES['site.s']!;
    expect(as(['-g', '-o', 'a.o', '-t', 'native'], { input })).toEqual(silent);
    const made = object('a.o');
    mustRun(toolchain().as, ['-g', '-o', 'a.o'], { cwd: folder, input: Buffer.from(input, 'latin1') });
    expect(made.equals(object('a.o'))).toBe(true);
  });

  test('words behind -- are no files, as for the assembler', () => {
    expect(as(['-o', 'a.o', '-t', 'xen', 'site.s', '--', 'nothing.s'])).toEqual(silent);
  });

  test('options from a file', () => {
    expect(as(['@options.rsp', '-txen'])).toEqual(silent);
    expect(instructions('from file.o')).toContain('break.i 0x8');
  });

  test("a compiler's output: native the same object, Xen without a message under -x", () => {
    writeFileSync(join(folder, 'kernel.s'), compiled, 'latin1');
    const args = ['-x', '-mconstant-gp', '-o', 'kernel.o', 'kernel.s'];
    expect(as([...args, '-t', 'xen'])).toEqual(silent);
    expect(instructions('kernel.o')).not.toMatch(/cr\.ivr|\brsm\b|\bitr\.|thash/);
    expect(as([...args, '-t', 'native'])).toEqual(silent);
    const made = object('kernel.o');
    alone(args);
    expect(made.equals(object('kernel.o'))).toBe(true);
  });

  test('what asks no source is answered by the assembler', () => {
    const { status, stdout } = as(['--version']);
    expect(status).toBe(0);
    expect(stdout).toContain('GNU assembler');
  });

  test('what the object is made of, with all that was read for it', () => {
    expect(as(['--MD', 'a.d', '--config', 'one.toml', '-o', 'a.o', 'site.s'])).toEqual(silent);
    expect(readFileSync(join(folder, 'a.d'), 'latin1').split(/[ \\\n]+/)).toEqual(['a.o:', 'site.s', 'one.toml', '']);
  });
});

test("names in a compiler's remarks are no files that it is made of", () => {
  const silentInline = FILES['inline.s']!.replace(';; bad r1', '').replace('\tworse r2\n', '');
  writeFileSync(join(folder, 'remarks.s'), silentInline);
  expect(as(['--MD', 'r.d', '-t', 'xen', '-o', 'r.o', 'remarks.s'])).toEqual(silent);
  expect(readFileSync(join(folder, 'r.d'), 'latin1')).toBe('r.o: \\\n remarks.s\n');
});

describe('input without a site goes on as it is', () => {
  test.each<[string, string[], string, string]>([
    ['a file, by its name', ['-x', '-o', 'a.o', 'plain.s', '-Ifoo'], '', '-x\n-o\na.o\n-Ifoo\nplain.s\n--\n'],
    ['standard input', ['-o', 'a.o', '-'], FILES['plain.s']!, `-o\na.o\n-\n--\n${FILES['plain.s']}`],
  ])('%s', (_, args, input, told) => {
    expect(as(args, { input, env: { PVASM_AS: join(folder, 'tell') } })).toEqual({ ...silent, stdout: told });
  });

  test('even where no target is named', () => {
    expect(as(['-o', 'a.o', 'plain.s'])).toEqual(silent);
  });
});

describe('the target', () => {
  test.each<[string, string[], NodeJS.ProcessEnv]>([
    ['of the environment', [], { PVASM_TARGET: 'xen' }],
    ['of pvasm.toml', ['--config', 'one.toml'], {}],
    ['of the call before that of the environment', ['-t', 'xen'], { PVASM_TARGET: 'native' }],
    ['of the environment before that of pvasm.toml', ['--config=both.toml'], { PVASM_TARGET: 'xen' }],
  ])('%s', (_, args, env) => {
    expect(as([...args, '-o', 'a.o', 'site.s'], { env })).toEqual(silent);
    expect(instructions('a.o')).toContain('break.i 0x8');
  });

  test.each<[string[], string]>([
    [[], 'for which target? Say -t TARGET, PVASM_TARGET=TARGET, or one in pvasm.toml'],
    [['--config', 'both.toml'], 'for which of several targets?'],
    [['-t', 'native+xen:c'], 'target native+xen:c: the table of its calls is written for all sources together'],
    [['-t', 'xne'], "unknown target 'xne'"],
    [['-t'], 'option -t needs a value'],
  ])('missing or wrong: %j', (args, message) => {
    rmSync(join(folder, 'a.o'), { force: true });
    const { status, stderr } = as(['-o', 'a.o', 'site.s', ...args]);
    expect(stderr).toContain(message);
    expect({ status, made: existsSync(join(folder, 'a.o')) }).toEqual({ status: 2, made: false });
  });
});

describe('what goes wrong', () => {
  test.each<[string, string[], NodeJS.ProcessEnv, number, string]>([
    [
      'no assembler',
      [],
      { PVASM_AS: 'no-such-as' },
      2,
      'cannot run the assembler no-such-as: no such file; PVASM_AS names another',
    ],
    ['one that is no program', [], { PVASM_AS: './site.s' }, 2, 'cannot run the assembler ./site.s: permission denied'],
    ['one that is killed', [], { PVASM_AS: './killed' }, 128 + 15, ''],
    ['an option that nobody knows', ['--no-such-option'], {}, 1, "unrecognized option '--no-such-option'"],
    ['an output that cannot be written', ['-o', 'no/such/a.o'], {}, 1, "can't create no/such/a.o"],
  ])('%s', (_, args, env, code, message) => {
    const { status, stderr } = as(['-t', 'xen', 'site.s', '-o', 'wrong.o', ...args], { env });
    expect(stderr).toContain(message);
    expect({ status, made: existsSync(join(folder, 'wrong.o')) }).toEqual({ status: code, made: false });
  });

  test.each([['no/such.d'], ['parts']])('a depfile that cannot be written: %s', (path) => {
    for (const source of ['site.s', 'plain.s']) {
      const { status, stderr } = as(['-t', 'xen', '--MD', path, '-o', 'wrong.o', source]);
      expect(stderr).toMatch(new RegExp(`^pvasm: ${path}: cannot write: .*\n$`));
      expect({ status, made: existsSync(join(folder, 'wrong.o')) }).toEqual({ status: 2, made: false });
    }
  });

  test('a depfile that is a device', () => {
    expect(as(['-t', 'xen', '--MD', '/dev/null', '-o', 'a.o', 'site.s'])).toEqual(silent);
  });

  test('a source that is not there', () => {
    expect(as(['-t', 'xen', 'nothing.s'])).toMatchObject({ status: 2, stderr: 'pvasm: nothing.s: no such file\n' });
  });

  test('a site that would stay native: no object, but with --keep-going', () => {
    const args = ['-t', 'xen', '-o', 'left.o', 'left.s'];
    const { status, stderr } = as(args);
    expect({ status, made: existsSync(join(folder, 'left.o')) }).toEqual({ status: 1, made: false });
    expect(stderr).toContain('left.s:2:2: warning: THASH is left native');
    expect(stderr).toContain('1 site would stay native; nothing was assembled (--keep-going assembles)');
    expect(as([...args, '--keep-going']).stderr).toContain("Unknown opcode `foo r1'");
  });

  test('line markers say where a message points, ours as well as that of the assembler', () => {
    const input = '# 1 "h.h" 1\n# 5 "made.S" 2\nUNKNOWN r8\n\tthash r20=r21\n\tUNKNOWN r9\n\t.if A\n\t.endif\n';
    const { status, stderr } = as(['-t', 'xen', '-o', 'left.o'], { input });
    expect(status).toBe(1);
    expect(stderr).toContain("made.S:5:1: warning: the instruction 'UNKNOWN' is not known");
    expect(stderr).toContain('made.S:6:2: warning: THASH is left native');
    expect(stderr).toContain('(read at made.S:7)');
    expect(stderr).toContain("made.S:8:6: note: the assembler decides '.if A'");
  });

  test('in inline assembly: the line of the C source, and behind it those of the file', () => {
    const { status, stderr } = as(['-t', 'xen', '-o', 'inline.o', 'inline.s']);
    expect(status).toBe(1);
    expect(stderr).toContain("kernel.c:24: Error: Unknown opcode `bad r1'");
    expect(stderr).toContain("inline.s:10: Error: Unknown opcode `worse r2'");
  });
});

describe('gcc finds it with -B', () => {
  /** The assembler's options of an IA-64 compiler; this one is for another machine. */
  const specs = '*asm:\n-x -mconstant-gp\n';

  function gcc(...args: readonly string[]) {
    writeFileSync(join(folder, 'specs'), specs);
    return run('gcc', ['-specs=specs', '-c', '-B', join(projectRoot, 'bin/gcc-as'), ...args], {
      cwd: folder,
      env: {
        ...process.env,
        PATH: `${folder}${delimiter}${process.env.PATH ?? ''}`,
        PVASM_AS: toolchain().as,
        PVASM_TARGET: 'xen',
      },
    });
  }

  test.each([[[]], [['-pipe']]])('gcc -c handler.S %j', (flags) => {
    rmSync(join(folder, 'handler.o'), { force: true });
    expect(gcc('handler.S', '-o', 'handler.o', ...flags)).toEqual(silent);
    expect(instructions('handler.o')).toContain('break.i 0x8');
  });

  test.each(['--help', '--version', '--target-help'])("%s is the real assembler's", (word) => {
    const env = { ...process.env, PVASM_AS: toolchain().as };
    expect(run(launcher, [word], { env })).toEqual(run(toolchain().as, [word]));
  });

  test('an error names the line of the source, and nothing is left', () => {
    const { status, stderr } = gcc('wrong.S', '-o', 'wrong.o');
    expect(stderr).toMatch(/^wrong\.S: Assembler messages:\nwrong\.S:6: Error: Unknown opcode `wrong r9'/m);
    expect({ status, made: existsSync(join(folder, 'wrong.o')) }).toEqual({ status: 1, made: false });
  });
});
