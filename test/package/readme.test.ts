/** README's "A kernel of your own", its commands run as they are written, in a tree as a kernel's build sees it. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { assembleFile } from '../support/assemble.ts';
import { provideBuilt } from '../support/built.ts';
import { run } from '../support/run.ts';

const SECTION = '## A kernel of your own';
const folder = mkdtempSync(join(tmpdir(), 'pvasm-readme-'));
const KERNEL = 'arch/ia64/kernel';

/** What kbuild hands to gcc for an assembly file, one flag a line. */
const FLAGS = `-Wp,-MD,arch/ia64/kernel/.ivt.o.d
-nostdinc
-isystem
/usr/lib/gcc/ia64-linux-gnu/include
-I./arch/ia64/include
-Iinclude
-include
include/linux/kconfig.h
-D__KERNEL__
-DHAVE_WORKING_TEXT_ALIGN
-mconstant-gp
-D__ASSEMBLY__
-pipe
-ffixed-r13
-mfixed-range=f12-f15,f32-f127
-falign-functions=32
-frename-registers
-fno-optimize-sibling-calls
-Wall
-Wundef
-Wno-trigraphs
-fno-strict-aliasing
-O2
-g
-std=gnu89
-DCONFIG_AS_CFI=1
-DMODULE_NAME="ivt"
-c
`;

const FSYS = `#include <asm/fsys.h>
	.text
	.global fsys_getcpu
	.proc fsys_getcpu
fsys_getcpu:
	RSM_PSR_I(r17)
	;;
	mov r18=cr.itir
	;;
	add r8=r17,r18
	br.ret.sptk.many b6
	.endp fsys_getcpu
`;

const GATE = `#include <asm/fsys.h>
	.section .text..gate,"ax"
	.global gate_enter
	.proc gate_enter
gate_enter:
#ifdef CONFIG_SMP
	mov r16=ar.k3
#endif
	mov r2=cr.i\\
ip
	;;
	add r8=r2,r0
	br.ret.sptk.many b6
	.endp gate_enter
`;

const FILES: Readonly<Record<string, string>> = {
  flags: FLAGS,
  'include/linux/kconfig.h': '#define CONFIG_SMP 1\n',
  'arch/ia64/include/asm/fsys.h': '#define RSM_PSR_I(old)	mov old=psr ;; rsm psr.i\n',
  [`${KERNEL}/fsys.S`]: FSYS,
  [`${KERNEL}/gate.S`]: GATE,
};

beforeAll(() => {
  provideBuilt();
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  for (const name of ['ivt.S', 'entry.S', 'minstate.h'])
    cpSync(join(projectRoot, 'samples', name), join(folder, KERNEL, name));
  mkdirSync(join(folder, 'bin'));
  symlinkSync(join(projectRoot, 'bin/pvasm.js'), join(folder, 'bin/pvasm'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The commands of the section, remarks and all, as a shell reads them. */
function commands(): string[] {
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
  const section = readme.slice(readme.indexOf(SECTION), readme.indexOf('\n## ', readme.indexOf(SECTION) + 1));
  return /```\n([\s\S]*?)```/.exec(section)![1]!.trim().split('\n');
}

test('every command ends well, and its outputs assemble', () => {
  const all = commands();
  expect(all.map((command) => command.split(/\s+/, 2).join(' '))).toEqual([
    'pvasm rewrite',
    'pvasm build',
    'pvasm check',
  ]);
  const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}` };
  for (const command of all) {
    const { status, stdout, stderr } = run('bash', ['-c', command], { cwd: folder, env });
    expect({ status, stdout }, `${command}\n${stdout}${stderr}`).toEqual({ status: 0, stdout: '' });
  }
  for (const name of ['ivt.S', 'entry.S', 'fsys.S', 'gate.S']) {
    expect(existsSync(join(folder, 'pv', name)), name).toBe(true);
    for (const target of ['native', 'xen']) {
      const includeDirs = ['arch/ia64/include', 'include', KERNEL].map((each) => join(folder, each));
      const flags = ['-include', join(folder, 'include/linux/kconfig.h'), '-D__ASSEMBLY__'];
      expect(assembleFile(join(folder, 'listings', target, name), { includeDirs, flags }).messages, name).toBe('');
    }
  }
});

test('what the first screen says of costs is what the report and the figures say', () => {
  const page = readFileSync(join(projectRoot, 'README.md'), 'utf8');
  const [, excerpt] = /\(excerpt\):\n\n```\n([\s\S]*?)```/.exec(page)!;
  const command = ['bin/pvasm.js', 'report', 'samples/ivt.S', '-t', 'native', '-t', 'xen'];
  const { stdout } = run(process.execPath, command, { cwd: projectRoot });
  expect(excerpt!.trimEnd().split('\n').length).toBe(4);
  expect(stdout.split('\n')).toEqual(expect.arrayContaining(excerpt!.trimEnd().split('\n')));

  const [, xen, hand] = /Xen costs (\+\d+) instructions where the hand macros cost (\+\d+)/.exec(page)!;
  const figures = readFileSync(join(projectRoot, 'docs/figures.md'), 'utf8');
  const table = figures.slice(figures.indexOf('| ivt.S |'), figures.indexOf('| entry.S |'));
  expect(table).toContain(`| Linux's hand macros | ${hand} |`);
  expect(table).toContain(`| \`xen\` | ${xen} |`);
});
