/** `pvasm init`: what it finds in a tree, and that `check` takes what it writes. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { parseConfig } from '../../src/config/config.ts';
import { RULES } from '../../src/lint/registry.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { provideBuilt } from '../support/built.ts';
import { callPvasm } from '../support/pvasm.ts';
import { mustRun } from '../support/run.ts';

const work = mkdtempSync(join(tmpdir(), 'pvasm-init-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));
beforeAll(provideBuilt);

const IVT = `#include <asm/bits.h>
	.section .text.ivt,"ax"
	.align 32768
	.global vectors
vectors:
	.org vectors+0x0400
	mov r31=pr
	mov r16=cr.ifa
	;;
	mov pr=r31,-1
	rfi
	;;
	.org vectors+0x0800
	rfi
	;;
`;

/** A tree by its files, and the command in it. */
function tree(name: string, files: Readonly<Record<string, string>>) {
  const root = join(work, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const pvasm = (...words: readonly string[]) => callPvasm(words, { cwd: root });
  const written = () => {
    const text = readFileSync(join(root, 'pvasm.toml'), 'utf8');
    const { config, diagnostics } = parseConfig(new SourceText('pvasm.toml', text), RULES);
    expect(diagnostics).toEqual([]);
    return { text, config };
  };
  return { root, pvasm, written };
}

const SOURCES = { 'kernel/ivt.S': IVT, 'include/asm/bits.h': '', 'other/x86.S': '\tmovl $1, %eax\n' };

describe('finds', () => {
  test('vectors, and flags that compile_commands.json gives to all sources', () => {
    const entry = (file: string, flags: string) => ({
      directory: join(work, 'commands/build'),
      file,
      command: `gcc -c -Wall -I../include -DALL=1 '-DNAME="a b"' ${flags} ${file}`,
    });
    const commands = [
      entry('../kernel/ivt.S', '-D_VECTORS'),
      entry('../kernel/entry.S', '-UNOT'),
      entry('../other/x86.S', '-DELSE'),
      entry('../kernel/main.c', ''),
    ];
    const { pvasm, written } = tree('commands', {
      ...SOURCES,
      'kernel/entry.S': 'f:\tmov r8=cr.ivr ;;\n\tbr.ret.sptk b0\n',
      'build/compile_commands.json': JSON.stringify(commands),
    });
    expect(pvasm('init')).toEqual({
      status: 0,
      stdout: '',
      stderr:
        'pvasm: pvasm.toml is written: 2 sources, vectors in kernel/ivt.S, the flags of 2 from build/compile_commands.json\n',
    });
    const { text, config } = written();
    expect(config).toMatchObject({ include: ['include'], define: ['ALL=1', 'NAME="a b"'], undefine: [] });
    expect(text).toContain('#   -D_VECTORS (1 of 2 sources)\n#   -UNOT (1 of 2 sources)\n');
    expect(text).toContain('[vectors]\ntables = ["vectors"]');
    const { status, stderr } = pvasm('check', 'kernel/ivt.S', 'kernel/entry.S');
    expect(status).toBe(1);
    expect(stderr).toContain('2 files in 2 configurations: 0 errors');
  });

  test("flags of Kbuild's .cmd files", () => {
    const command = `savedcmd_kernel/ivt.o := gcc -Wp,-MMD,kernel/.ivt.o.d -nostdinc -I./include -include ./include/asm/bits.h -D__ASSEMBLY__ '-DBUILD_STR(s)=$(pound)s' -c -o kernel/ivt.o kernel/ivt.S ; ./tools/objtool x\n\nsource_kernel/ivt.o := kernel/ivt.S\n`;
    const { pvasm, written } = tree('kbuild', { ...SOURCES, 'kernel/.ivt.o.cmd': command });
    expect(pvasm('init').stderr).toContain("the flags of 1 from Kbuild's .cmd files");
    const { text, config } = written();
    expect(config).toMatchObject({
      ...{ include: ['include'], includeFiles: ['include/asm/bits.h'], define: ['__ASSEMBLY__', 'BUILD_STR(s)=#s'] },
    });
    expect(text).not.toContain('left out');
    expect(pvasm('check', 'kernel/ivt.S').stderr).toContain('0 errors');
  });

  test("Linux's macros of 2008, and its vectors by the conventions that ship", () => {
    const text = IVT.replaceAll('vectors', 'ia64_ivt').replace(
      '\tmov r16=cr.ifa\n',
      '\tMOV_FROM_IFA(r16)\n\tMOV_FROM_ISR(r17)\n\tMOV_FROM_ITIR(r18)\n',
    );
    const { pvasm, written } = tree('linux', { 'arch/ia64/kernel/ivt.S': text });
    expect(pvasm('init').status).toBe(0);
    const { config, text: made } = written();
    expect(config).toMatchObject({ vocabularies: ['linux-hand-macros'], suppressionSets: ['linux-ia64'] });
    expect(made).not.toContain('\n[vectors]');
  });

  test('no listings, and in git nothing that it does not track', () => {
    const made = { 'build/native/ivt.S': IVT, 'listings/xen/ivt.S': `#line 1 "kernel/ivt.S"\n${IVT}` };
    for (const name of ['untracked', 'tracked']) {
      const { root, pvasm } = tree(name, { ...SOURCES, ...made });
      if (name === 'untracked') rmSync(join(root, 'build'), { recursive: true });
      else mustRun('bash', ['-c', 'git init -q && git add kernel'], { cwd: root });
      expect(pvasm('init').stderr).toContain('1 source, vectors in kernel/ivt.S');
    }
  });

  test('nothing but sources: each key stands there as a remark', () => {
    const { root, pvasm, written } = tree('bare', {});
    mkdirSync(root, { recursive: true });
    cpSync(join(projectRoot, 'samples/kbuild/pal.S'), join(root, 'pal.S'));
    expect(pvasm('init').stderr).toContain('1 source, no vector table, no flags');
    const { text, config } = written();
    expect(config).toMatchObject({ include: [], define: [], targets: ['native', 'xen'] });
    for (const key of ['include', 'include-files', 'define', 'configs', 'tables'])
      expect(text).toMatch(new RegExp(`^# ${key} = `, 'm'));
    // What is a remark can be taken in.
    const all = text.replace(/^# (include|include-files|define|configs|tables|\[|file|reason)/gm, '$1');
    expect(parseConfig(new SourceText('pvasm.toml', all), RULES).diagnostics).toEqual([]);
  });
});

describe('writes nothing', () => {
  test('where there is a pvasm.toml', () => {
    const { pvasm, written } = tree('there', { ...SOURCES, 'pvasm.toml': '# mine\n' });
    expect(pvasm('init')).toMatchObject({
      status: 2,
      stderr: 'pvasm: pvasm.toml is there already: change it, or move it away\n',
    });
    expect(written().text).toBe('# mine\n');
  });

  test('where there is no assembly', () => {
    const { pvasm } = tree('none', { 'other/x86.S': SOURCES['other/x86.S'] });
    expect(pvasm('init')).toMatchObject({ status: 2, stderr: expect.stringContaining('no IA-64 assembly') });
  });
});
