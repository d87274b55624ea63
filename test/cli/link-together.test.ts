/** `pvasm build --link-together` as a person calls it: what the listings and the image hold, and what is refused. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { assembleFile } from '../support/assemble.ts';
import { callPvasm } from '../support/pvasm.ts';
import { mustRun, run } from '../support/run.ts';
import { toolchain } from '../support/toolchain.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-link-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(at(name), text, 'latin1');
}

function pvasm(...args: string[]) {
  const { status, stdout, stderr } = callPvasm(args, {
    cwd: folder,
  });
  return { status, stdout, stderr };
}

/** Assembles listings of a folder of outputs, and gives the symbols of each: `name TYPE BINDING`, undefined ones as `UND name`. */
function symbols(out: string, name: string): string[] {
  const { object, messages } = assembleFile(at(`${out}/${name}`), { preprocess: !name.endsWith('.s') });
  expect(messages).toBe('');
  const path = at(`${out}/${name}.o`);
  writeFileSync(path, object!);
  const text = mustRun(toolchain().readelf, ['-sW', path]);
  return [...text.matchAll(/^ +\d+: \w+ +\d+ (\w+) +(GLOBAL|WEAK) .* (\w+) ([\w.]+)$/gm)]
    .map(([, type, binding, section, symbol]) => (section === 'UND' ? `UND ${symbol}` : `${symbol} ${type} ${binding}`))
    .sort();
}

const SOURCES = {
  'h.h': `#define ENTRY(name) .global name; .proc name; name:
#define PASTE(a, b) a##b
#define LEAVE PASTE(ia64_, leave)
`,
  'a.S': `#include "h.h"
	.macro alias new, old
	.weak \\new
	\\new = \\old
	.endm
	.section ".text.entry", "ax"
ENTRY(entry#)
	mov r8=cr.ivr ;;
	br.call.sptk.many b0=helper# ;;
	addl r14=@ltoff(shared_word#),gp
	addl r15=@ltoff(@fptr(entry#)),gp
(p6)	br.cond.spnt 1f
	br.cond.sptk LEAVE
1:	br.ret.sptk b0
	.endp entry#
	alias entry2, entry
	.data
	.global shared_word
	.type shared_word, @object
	.size shared_word, 8
shared_word: data8 entry#
	.comm area, 64
	.global outside
`,
  'b.S': `#include "h.h"
ENTRY(LEAVE)
	rfi
	.endp LEAVE
ENTRY(helper)
	br.call.sptk.many b0=outside
	br.cond.sptk entry2
	.endp helper
	.data
	data8 @fptr(helper), shared_word, outside
`,
  'c.s': `	.global start
start:	// start here
	br.call.sptk b0=helper ;;
	.section .text.start
	mov r9=cr.ifa
`,
  'own.toml': `shared = ["shared_*"]
[[rename]]
symbol = "ia64_*"
as = "{target}_*"
`,
};

test('symbols of all but the first target have names of their own, wherever they are spelled', () => {
  write(SOURCES);
  const options = ['-t', 'native', '-t', 'xen', '-t', 'xen:b', '--link-together', '--config', 'own.toml', '-o', 'out'];
  expect(pvasm('build', 'a.S', 'b.S', 'c.s', ...options)).toEqual({ status: 0, stdout: '', stderr: '' });

  expect(symbols('out/native', 'a.S')).toEqual([
    'UND helper',
    'UND ia64_leave',
    'UND outside',
    'area OBJECT GLOBAL',
    'entry FUNC GLOBAL',
    'entry2 FUNC WEAK',
    'shared_word OBJECT GLOBAL',
  ]);
  expect(symbols('out/xen', 'a.S')).toEqual([
    'UND outside',
    'UND xen_helper',
    'UND xen_leave',
    'shared_word OBJECT WEAK',
    'xen_area OBJECT GLOBAL',
    'xen_entry FUNC GLOBAL',
    'xen_entry2 FUNC WEAK',
  ]);
  expect(symbols('out/xen', 'b.S')).toEqual([
    'UND outside',
    'UND shared_word',
    'UND xen_entry2',
    'xen_helper FUNC GLOBAL',
    'xen_leave FUNC GLOBAL',
  ]);
  expect(symbols('out/xen-b', 'c.s')).toEqual(['UND xen_b_helper', 'xen_b_start NOTYPE GLOBAL']);
  const text = readFileSync(at('out/xen-b/c.s'), 'latin1');
  expect(text).toContain('// start here');
  expect(text).toContain('.section .text.start');

  symbols('out/native', 'b.S');
  symbols('out/native', 'c.s');
  symbols('out/xen', 'c.s');
  symbols('out/xen-b', 'a.S');
  symbols('out/xen-b', 'b.S');
  symbols('out', 'variants.S');
  const objects = ['native', 'xen', 'xen-b'].flatMap((each) =>
    ['a.S', 'b.S', 'c.s'].map((name) => `out/${each}/${name}.o`),
  );
  mustRun(toolchain().ld, ['-r', '-o', 'all.o', 'out/variants.S.o', ...objects], { cwd: folder });
  mustRun(toolchain().ld, ['--defsym=outside=0', '-e', '0', '-o', 'all', 'out/variants.S.o', ...objects], {
    cwd: folder,
  });
});

test('C finds the variants in the table, and the names of one in its header', () => {
  const { status, stderr } = run(
    'gcc',
    ['-std=c99', '-Wall', '-Wextra', '-Werror', '-x', 'c', '-I', 'out', '-', '-o', 'select'],
    {
      cwd: folder,
      input: `#include "variants.h"
#include <stdio.h>
static int a, b, c;
const struct pvasm_variant pvasm_variants[PVASM_VARIANTS] = {
  { .target = "native", .ia64_leave = &a }, { .target = "xen", .ia64_leave = &b }, { .target = "xen:b", .ia64_leave = &c } };
int main(void) {
  printf("%d%d%d%d%d\\n", pvasm_variant("native")->ia64_leave == &a, pvasm_variant("xen")->ia64_leave == &b,
    pvasm_variant("xen:b")->ia64_leave == &c, pvasm_variant("xe") == 0, pvasm_variant("xen:bc") == 0);
  return 0; }
`,
    },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(mustRun(at('select'), [])).toBe('11111\n');
  const { stdout } = run('gcc', ['-E', '-P', '-DPVASM_VARIANT_XEN', '-I', 'out', '-x', 'c', '-'], {
    cwd: folder,
    input: '#include "variants.h"\nia64_leave entry shared_word\n',
  });
  expect(stdout).toBe('xen_leave xen_entry shared_word\n');
});

test('the table has each symbol, routines by their descriptors; shared ones are not in it', () => {
  const relocations = mustRun(toolchain().readelf, ['-rW', at('out/variants.S.o')]);
  const named = [...relocations.matchAll(/R_IA64_(\w+) +\w+ (\w+) \+ /g)].map(([, kind, name]) => `${kind} ${name}`);
  expect(named.filter((each) => each.includes('xen_b'))).toEqual([
    'DIR64LSB xen_b_area',
    'FPTR64LSB xen_b_entry',
    'FPTR64LSB xen_b_entry2',
    'FPTR64LSB xen_b_helper',
    'FPTR64LSB xen_b_leave',
    'DIR64LSB xen_b_start',
  ]);
  expect(relocations).not.toContain('shared_word');
});

test('the listings of the first target are what they are without others', () => {
  expect(pvasm('build', 'a.S', 'b.S', 'c.s', '-t', 'native', '-o', 'alone', '--no-config').status).toBe(0);
  for (const name of ['a.S', 'b.S', 'c.s'])
    expect(readFileSync(at(`out/native/${name}`), 'latin1')).toBe(readFileSync(at(`alone/native/${name}`), 'latin1'));
});

test.each<[what: string, source: string, config: string, message: RegExp]>([
  [
    'a macro of that name',
    '#define foo foo\n\t.global foo\nfoo: rfi\n',
    '',
    /d\.S:1:9: error: foo cannot be called xen_foo in xen: the preprocessor knows it as a macro/,
  ],
  ['a condition', '#if foo\n#endif\n\t.global foo\nfoo: rfi\n', '', /d\.S:1:5: error: .* the preprocessor knows it/],
  [
    'a section',
    '\t.section .text.foo, "ax"\n\t.global foo\nfoo: rfi\n',
    '',
    /d\.S:1:17: error: foo .* a part of a longer word here/,
  ],
  [
    'a name in use',
    '\t.global foo\nfoo: rfi\n\t.data\nxen_foo: data8 0\n',
    '',
    /d\.S:4:1: error: .* that name is in use here/,
  ],
  [
    'a name with a dot',
    '\t.global foo.x\nfoo.x: rfi\n',
    '',
    /foo\.x cannot be called xen_foo\.x in xen: the preprocessor renames words of letters/,
  ],
  [
    'an instruction',
    '\t.global add\nadd:\tadd r1=r2,r3\n\trfi\n',
    '',
    /d\.S:2:6: error: add .* it is an instruction here/,
  ],
  [
    'two of one name',
    '\t.global foo, bar\nfoo: bar: rfi\n',
    '[[rename]]\nsymbol = "*"\nas = "same"\n',
    /bar of xen would be called same, as .* of xen|foo of xen would be called same, as bar of xen/,
  ],
  ['no name', '\t.global foo\nfoo: rfi\n', '[[rename]]\nsymbol = "foo"\nas = "1*"\n', /that is no name/],
  [
    'a name that the assembler puts together',
    '\t.macro m x\n\t.global f\\x\nf\\x: rfi\n\t.endm\n\tm oo\n',
    '',
    /foo cannot be called xen_foo in xen: its name is put together here/,
  ],
  [
    '.include',
    '\t.include "x.s"\n\t.global foo\nfoo: rfi\n',
    '',
    /d\.S:1:2: error: --link-together: what an \.include brings/,
  ],
])('%s is refused, and nothing written', (_, source, config, message) => {
  write({ 'd.S': source, 'd.toml': config, 'x.s': '' });
  const { status, stderr } = pvasm(
    'build',
    'd.S',
    '-t',
    'native',
    '-t',
    'xen',
    '--link-together',
    '--config',
    'd.toml',
    '-o',
    'no',
  );
  expect(stderr).toMatch(message);
  expect(status).toBe(2);
  expect(existsSync(at('no'))).toBe(false);
});

test.each([
  [['-t', 'xen', '-o', 'no'], '--link-together needs several targets'],
  [['-t', 'native', '-t', 'xen'], '--link-together needs -o DIR'],
])('%j', (options, message) => {
  write({ 'd.S': '\trfi\n' });
  const { status, stdout, stderr } = pvasm('build', 'd.S', '--link-together', '--no-config', ...options);
  expect(stderr).toContain(message);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
});

test('sources without sites are renamed as well, and headers named in the call are not listings', () => {
  write({
    'e.S': '\t.global foo\nfoo:\tadd r8=r9,r10\n\tbr.ret.sptk b0\n',
    'e.h': '\tmov r16=cr.ifa\n',
    'f.S': '#include "e.h"\n',
  });
  expect(
    pvasm('build', 'e.S', 'f.S', 'e.h', '-t', 'native', '-t', 'xen', '--link-together', '--no-config', '-o', 'e'),
  ).toEqual({
    status: 0,
    stdout: '',
    stderr: '',
  });
  expect(symbols('e/xen', 'e.S')).toEqual(['xen_foo NOTYPE GLOBAL']);
  expect(readdirSync(at('e/xen')).sort()).toEqual(['e.S', 'e.S.o', 'e.h', 'f.S', 'include']);
  expect(readFileSync(at('e/xen/e.h'), 'latin1')).not.toContain('symbols-');
});

test('the command of docs/linking.md, with its pvasm.toml, on the samples', () => {
  const page = readFileSync(join(projectRoot, 'docs/linking.md'), 'latin1');
  const [, command] = /^\$ pvasm (build .* --link-together .*)/m.exec(page)!;
  const [, config] = /```toml pvasm\.toml\n([\s\S]*?)```/.exec(page)!;
  write({ 'page.toml': config! });
  cpSync(join(projectRoot, 'samples'), at('samples'), { recursive: true });
  const words = command!.split(' ').map((word) => (word.endsWith('.S') ? join('samples', word) : word));
  expect(pvasm(...words, '--config', 'page.toml')).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(readFileSync(at('out/variants.S'), 'latin1')).toContain('data8 xen_vectors#');
});
