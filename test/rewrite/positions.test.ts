/** What assembler, debugger and linker say of a listing's lines: they are those of the source, as without any listing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mustCallPvasm } from '../support/pvasm.ts';
import { mustRun, run } from '../support/run.ts';
import { toolchain } from '../support/toolchain.ts';

/** Sites in a header's macros of both kinds, in long and short ones, in a bundle, in a run, in a call's place. */
const FILES: Readonly<Record<string, string>> = {
  'macros.h': `/* a header */
#define PAIR(x)	mov x=cr.ifa ;; \\
	thash x=x ;; \\
	mov x=cr.itir
	.macro enter reg
	mov \\reg=cr.ipsr
	;;
	ssm psr.ic ;;
	srlz.i
	;;
	.endm
#define AFTER 7
	.skip AFTER*16
`,
  'a.S': `#include "macros.h"
#define OWN(x)	mov x=cr.iip ;; \\
	tpa x=x
	.text
	.proc f
f:	alloc r14=ar.pfs,0,0,0,0
	PAIR(r9)
	;;
	thash r9=r9
	;;
	OWN(r10)
	enter r11
	{ .mmi
	mov r9=cr.ivr
	nop 0
	nop 0
	}
	;;
	ssm psr.ic
	;;
	srlz.d
	;;
	thash r9=r9
	mov cr.tpr=r10
	;;
	br.ret.sptk.many b0
	.endp f
`,
};
const BROKEN = { 'macros.h': 13, 'a.S': 25 };
const TARGETS = ['native', 'xen:a', 'xen:b', 'xen'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pvasm-positions-'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  mustCallPvasm(['build', 'a.S', '-o', 'out', ...targets(TARGETS)], {
    cwd: folder,
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const targets = (names: readonly string[]) => names.flatMap((name) => ['-t', name]);

/** What gcc and gas say of a file, and the object that they make. */
function assemble(path: string, name: string) {
  const { stdout } = run('gcc', ['-E', '-x', 'assembler-with-cpp', '-nostdinc', '-undef', path], { cwd: folder });
  const object = join(folder, `${name}.o`);
  const { stderr } = run(toolchain().as, ['-x', '-g', '-o', object, '-'], {
    cwd: folder,
    input: Buffer.from(stdout, 'latin1'),
  });
  return { object, stderr };
}

/** Files and lines that have code, each once in order. */
function linesOf(object: string): string[] {
  const table = mustRun(toolchain().readelf, ['--debug-dump=decodedline', object]);
  const rows = table.matchAll(/^(\S+)\s+(\d+)\s+0?x?[0-9a-f]+.*$/gm);
  return [...new Set([...rows].map(([, file, line]) => `${file}:${line}`))];
}

describe.each(TARGETS)('%s', (target) => {
  const listing = `out/${target.replace(':', '-')}/a.S`;

  test('code stands on lines that it stands on in the source', () => {
    const own = linesOf(assemble('a.S', 'own').object);
    const made = linesOf(assemble(listing, 'made').object);
    expect(own).toContain('a.S:23');
    // Line 21 holds what the run of line 19 has taken in.
    const routines = ['a.S:2', 'macros.h:2', 'macros.h:4', 'macros.h:6', 'macros.h:8']; // where sites of macros are spelled
    const called = target.startsWith('xen') && target !== 'xen:b';
    expect(made.filter((line) => !own.includes(line) && !(called && routines.includes(line)))).toEqual([]);
    expect(own.filter((line) => !made.includes(line) && line !== 'a.S:21')).toEqual([]);
  });

  test('each instruction of each expansion, by objdump -dl and addr2line', () => {
    const { object } = assemble(listing, 'made');
    const text = mustRun(toolchain().objdump, ['-dl', object]);
    const named = [...text.matchAll(/^(\S*\/)?(\S+):(\d+)$/gm)].map(
      ([, , file, line]) => [file, Number(line)] as const,
    );
    expect(named.length).toBeGreaterThan(8);
    for (const [file, line] of named) expect(FILES[file!]!.split('\n')[line - 1]).not.toMatch(/^\s*(;;)?$/);
    const last = [...text.matchAll(/^ +([0-9a-f]+):\t/gm)].at(-1)![1]!;
    const place = mustRun(toolchain().addr2line, ['-e', object, last]).trim();
    expect(place).toMatch(target === 'xen:a' || target === 'xen' ? /a\.S:\d+$|macros\.h:\d+$/ : /a\.S:26$/);
  });

  test('a line that gas refuses has the number of the source', () => {
    for (const [name, line] of Object.entries(BROKEN)) {
      const lines = FILES[name]!.split('\n');
      lines.splice(line - 1, 0, '\t.nosuch 1');
      writeFileSync(join(folder, name), lines.join('\n'));
      const args = ['build', 'a.S', '-t', target, '-o', 'broken'];
      mustCallPvasm([...args], { cwd: folder });
      const said = assemble(listing.replace('out', 'broken'), 'broken').stderr;
      const own = assemble('a.S', 'broken').stderr;
      writeFileSync(join(folder, name), FILES[name]!);
      expect(said).toContain(`${name}:${line}: Error: unknown pseudo-op: \`.nosuch'`);
      expect(own).toContain(`${name}:${line}: Error: unknown pseudo-op: \`.nosuch'`);
    }
  });
});

test('with -P there is no marker anywhere, and the same code', () => {
  mustCallPvasm(['build', 'a.S', '-P', '-o', 'unmarked', ...targets(TARGETS)], { cwd: folder });
  expect(run('grep', ['-rnE', '#(line)? *[0-9]', 'unmarked'], { cwd: folder }).stdout).toBe('');
  for (const target of ['native', 'xen-a', 'xen-b']) {
    const code = (path: string) =>
      mustRun(toolchain().objdump, ['-d', assemble(path, 'code').object]).replace(/^.*file format.*$/m, '');
    expect(code(`unmarked/${target}/a.S`)).toBe(code(`out/${target}/a.S`));
  }
});
