/** Whatever is wrong with the input: one clear message with its place, exit status 2, nothing written. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callPvasm } from '../support/pvasm.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FILES: Readonly<Record<string, string>> = {
  'good.S': '\tmov r8=cr.ivr\n\tbr.ret.sptk b0\n',
  'deep.S': `${'#if 1\n'.repeat(20_000)}\tmov r8=cr.ivr\n${'#endif\n'.repeat(20_000)}`,
  'binary.S': 'mov r8=cr.ivr\0\n',
  'if.S': '#if X\n\tmov r8=cr.ivr\n',
  'endif.S': '\tmov r8=cr.ivr\n#endif\n',
  'else.S': '#else\n\tmov r8=cr.ivr\n',
  'error.S': '\tmov r8=cr.ivr\n#error no way\n',
  'self.S': '#include "self.S"\n\tmov r8=cr.ivr\n',
  'define.S': '#define X(a\n\tmov r8=cr.ivr\n',
  'header.S': '#include "nothere.h"\n\tmov r8=cr.ivr\n',
  'macro.S': '\t.macro m a\n\tmov r8=cr.ivr\n',
  'endm.S': '\tmov r8=cr.ivr\n\t.endm\n',
  'rept.S': '\t.rept 3\n\tmov r8=cr.ivr\n',
  'endless.S': '\t.macro m\n\tm\n\t.endm\n\tmov r8=cr.ivr\n\tm\n',
  'many.S': '\t.rept 100000000\n\tmov r8=cr.ivr\n\t.endr\n',
  'nested-irp.S': `\tmov r8=cr.ivr\n${'\t.irp x,1,2,3,4,5,6,7,8,9,10\n'.repeat(8)}\tnop 0\n${'\t.endr\n'.repeat(8)}`,
  'characters.S': `\t.irpc x,${'a'.repeat(100_000)}\n${'\tmov r8=cr.ivr\n'.repeat(1000)}\t.endr\n`,
  'doubling.S': '\t.macro R a\n\tR \\a\\a\n\t.endm\n\tmov r8=cr.ivr\n\tR xx\n',
  'gasif.S': '\t.if 1\n\tmov r8=cr.ivr\n',
  'open.S': '{ .mii\n\tmov r8=cr.ivr\n\tnop.i 0\n\tnop.i 0\n',
  'nested.S': '{ .mii\n{ .mii\n\tmov r8=cr.ivr\n\tnop.i 0\n\tnop.i 0\n}\n',
  'close.S': '\tmov r8=cr.ivr\n}\n',
  'comment.S': '\tmov r8=cr.ivr\n/* to be\n',
  'comment2.S': '\tmov r8=cr.ivr /* to be\n',
  'call.S': '#define SAVE(a) a\n\tSAVE(mov r8=cr.ivr\n',
  'unknown.S': '\tSAVE(mov r8=cr.ivr,\n',
  'unfinished-target.S': '\t.macro ASM_READ_IVR breg, d\n\tmov \\d=\n',
  'short-target.S': '\t.macro ASM_READ_TPR breg, d\n\tmov \\d=cr.tpr\n\t.endm\n',
  'misspelt-target.S': '\t.macro ASM_RAED_IVR breg, d\n\tmov \\d=cr.ivr\n\t.endm\n',
};

beforeAll(() => {
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text, 'latin1');
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
  const WRONG: [input: string, message: RegExp][] = [
    ['nothere.S', /^pvasm: nothere\.S: no such file$/],
    ['directory.S', /^pvasm: directory\.S: is a directory$/],
    ['binary.S', /^pvasm: binary\.S: looks like a binary file \(NUL byte at offset 13\)$/],
    ['if.S', /^if\.S:1:1: error: unterminated #if$/],
    ['deep.S', /^deep\.S:201:1: error: #if is more than 200 deep; it and all behind it is left out$/],
    ['endif.S', /^endif\.S:2:1: error: #endif without #if$/],
    ['else.S', /^else\.S:1:1: error: #else without #if$/],
    ['error.S', /^error\.S:2:1: error: #error no way$/],
    ['self.S', /^self\.S:1:1: error: #include nested or repeated more than 200 deep/],
    ['define.S', /^define\.S:1:12: error: missing "\)" in macro parameter list$/],
    ['macro.S', /^macro\.S:1:2: error: '\.macro' has no \.endm$/],
    ['endm.S', /^endm\.S:2:2: error: '\.endm' closes nothing$/],
    ['rept.S', /^rept\.S:1:2: error: '\.rept' has no \.endr$/],
    ['endless.S', /^endless\.S:2:2: error: macros are nested too deeply: does 'm' invoke itself/],
    ['many.S', /^many\.S:1:2: error: \.rept repeats too often$/],
    [
      'nested-irp.S',
      /^nested-irp\.S:\d+:2: error: macros and repetitions of this file become more than 2500000 tokens$/,
    ],
    ['characters.S', /^characters\.S:1:2: error: macros and repetitions of this file become more than 2500000 tokens$/],
    ['doubling.S', /^doubling\.S:2:2: error: 'R' is given arguments of more than 250000 characters$/],
    ['gasif.S', /^gasif\.S:1:\d: error: '\.if' has no \.endif/],
    ['open.S', /^open\.S:1:1: error: '\{' is not closed$/],
    ['nested.S', /^nested\.S:1:1: error: '\{' is not closed before the next one$/],
    ['close.S', /^close\.S:2:1: error: '\}' closes no bundle$/],
    ['comment.S', /^comment\.S:2:1: error: unterminated comment$/],
    ['comment2.S', /^comment2\.S:1:16: error: unterminated comment$/],
    ['call.S', /^call\.S:2:\d: error: /],
    ['unknown.S', /^unknown\.S:1:6: error: the parenthesis is not closed$/],
  ];
  test.each(WRONG)('%s', (input, message) => {
    expectRefusal(['rewrite', 'good.S', input, '-o', 'out'], message);
    expectRefusal(['report', 'good.S', input], message);
  });

  test.each(WRONG.filter(([input]) => FILES[input]?.includes('\t')))(
    '%s, with nothing to rewrite in it',
    (input, message) => {
      const without = join('siteless', input);
      mkdirSync(join(folder, 'siteless'), { recursive: true });
      writeFileSync(join(folder, without), FILES[input]!.replaceAll('mov r8=cr.ivr', 'add r8=r9,r10'), 'latin1');
      const { status, stderr } = pvasm(['rewrite', 'good.S', without, '-o', 'out']);
      expect(status).toBe(2);
      expect(messages(stderr)[0]!.replace('siteless/', '')).toMatch(message);
    },
  );

  test('an instruction that nobody knows, and a macro: one warning each', () => {
    writeFileSync(
      join(folder, 'odd.S'),
      'f:\tfrob r1=r2\n\tfrob r3=r4\n\tFOO(r1)\n\tmov r8=cr.ivr\n\tbr.ret.sptk b0\n',
    );
    const { status, stderr } = pvasm(['rewrite', 'odd.S']);
    expect(status).toBe(0);
    expect(messages(stderr)).toEqual([
      "odd.S:1:4: warning: the instruction 'frob' is not known, and may read and write everything; did you mean 'fwb'?",
      'odd.S:3:2: warning: the macro FOO is not known, and may read and write everything',
    ]);
  });

  test.each([['build', '-o', 'out'], ['audit'], ['diff'], ['rewrite', '--in-place'], ['rewrite', '--diff']])(
    'every command: %s',
    (command, ...options) => {
      expectRefusal([command, 'good.S', 'if.S', ...options], /^if\.S:1:1: error: unterminated #if$/);
      expect(readFileSync(join(folder, 'good.S'), 'latin1')).toBe(FILES['good.S']);
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
  test.each<[args: string, message: RegExp]>([
    ['', /^pvasm: no command given; try 'pvasm --help'$/],
    ['frobnicate', /^pvasm: Unknown argument: frobnicate; try/],
    ['build', /^pvasm: Not enough non-option arguments/],
    ['build good.S --frobnicate', /^pvasm: Unknown argument: frobnicate; try/],
    ['build good.S -I', /^pvasm: option -I needs a value$/],
    ['build good.S -o', /^pvasm: Not enough arguments following: o; try/],
    ['build good.S -t nosuch', /^pvasm: unknown target 'nosuch'; shipped are native, xen/],
    ['build good.S -t xen:q', /^pvasm: target xen:q: there is no alternative 'q'/],
    [
      'build good.S -t xen:d -o no',
      /^pvasm: target xen:d: alternative d serves several targets, such as native\+xen:d$/,
    ],
    [
      'build good.S -t xen:c -o no',
      /^pvasm: target xen:c: alternative c serves several targets, such as native\+xen:c$/,
    ],
    ['build good.S -t xen:ab -o no', /^pvasm: target xen:ab: there is no alternative 'ab'; choose a or b$/],
    [
      'build good.S -t native+xen:q -o no',
      /^pvasm: target native\+xen:q: there is no alternative 'q'; joined targets take/,
    ],
    [
      'build good.S -t native+xen:cd -o no',
      /^pvasm: target native\+xen:cd: there is no alternative 'cd'; joined targets take/,
    ],
    ['build good.S -t native+xen -o no', /^pvasm: target native\+xen: joined targets need the letter/],
    ['build good.S -t native+nosuch:c -o no', /^pvasm: unknown target 'nosuch'; shipped are native/],
    ['build good.S -t xen+kvm:c -o no', /^pvasm: target xen\+kvm:c: native must be among them/],
    [
      'build good.S -t native:b+xen:d -o no',
      /^pvasm: target native:b\+xen:d: the letter stands once, behind the last target/,
    ],
    [
      'build good.S -t native+xen:c -t native+xen:C -o no',
      /^pvasm: two targets are called native\+xen-c: their listings would be one$/,
    ],
    ['build good.S -t native+xen:c', /^pvasm: the listing needs a table: give -o DIR, so that both are written$/],
    ['build good.S -t ./nosuch.S', /^pvasm: \.\/nosuch\.S: no such file$/],
    ['build good.S -t ./unfinished-target.S', /^\.\/unfinished-target\.S:1:2: error: '\.macro' has no \.endm$/],
    [
      'build good.S -t ./short-target.S',
      /^\.\/short-target\.S:1:9: error: macro 'ASM_READ_TPR' lacks the parameter 'pred'$/,
    ],
    ['build good.S -t ./misspelt-target.S', /^\.\/misspelt-target\.S:1:9: error: 'ASM_RAED_IVR' is no operation/],
    ['build @nothere', /^pvasm: nothere: no such file$/],
    ['build good.S --conventions nothere.toml', /^pvasm: nothere\.toml: no such file$/],
    ['rewrite good.S if.S', /^if\.S:1:1: error/],
    ['rewrite good.S --in-place --diff', /^pvasm: .*mutually exclusive/],
    ['report good.S --format rtf', /^pvasm: Invalid values:/],
    ['check good.S --format srif', /did you mean 'sarif'\?/],
    ['explain PV02', /^pvasm: there is no rule PV02; did you mean 'PV002'\?/],
    ['diff good.S --width wide', /^pvasm: 'wide' is no width$/],
    ['diff good.S --format odt', /^pvasm: Invalid values:/],
    ['explain good.S r8', /^pvasm: 'good\.S' is no place; give FILE:LINE$/],
    ['explain good.S:1', /^pvasm: which register\? give FILE:LINE REGISTER$/],
    ['explain good.S:1 r999', /^pvasm: 'r999' is no register$/],
    ['explain good.S:9 r8', /^pvasm: good\.S:9: no configuration has an instruction of this line/],
    ['explain nothere.S:1 r8', /^pvasm: nothere\.S: no such file$/],
    ['explain PV999', /^pvasm: there is no rule PV999$/],
  ])('pvasm %s', (line, message) => {
    const before = readdirSync(folder).sort();
    const { status, stdout, stderr } = pvasm(line.split(' ').filter(Boolean));
    expect(messages(stderr.replace(/\n +/g, ' '))[0] ?? stderr).toMatch(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(readdirSync(folder).sort()).toEqual(before);
  });
});
