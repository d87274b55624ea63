/** What a compiler makes of kernel C code (samples/compiled), taken as it is: every site, native identity, unwind tables, proof. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { disassemble } from '../support/assemble.ts';
import { provideBuilt } from '../support/built.ts';
import { assembleCompiled, compiledSample, costRows, LEVELS } from '../support/compiled.ts';
import { callPvasm } from '../support/pvasm.ts';
import { mustRun } from '../support/run.ts';
import { toolchain } from '../support/toolchain.ts';

const TARGETS = ['native', 'xen:a', 'xen:b', 'xen'];
const figures = readFileSync(join(projectRoot, 'docs/figures.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'pvasm-compiled-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What of kernel.c's inline assembly a guest of Xen does in another way, as a disassembler shows it. */
const PARAVIRTUALIZED = /\bcr\.|=psr\b|\bpsr\.l=|\bar\.k\d|\brr\[|\bcpuid\[|\bdtr\[|^(?:[rs]sm|ptc\.ga|thash) /;

function sensitiveIn(object: Buffer): string[] {
  return disassemble(object)
    .map(({ mnemonic, operands }) => `${mnemonic} ${operands}`)
    .filter((code) => PARAVIRTUALIZED.test(code));
}

/** Unwind tables without what the length of code decides, and without what only fills up. */
function unwindTables(object: Buffer): string {
  const path = join(folder, 'unwound.o');
  writeFileSync(path, object);
  return mustRun(toolchain().readelf, ['-u', path])
    .replace(/ at offset 0x[0-9a-f]+/, '')
    .replace(/\[0x[0-9a-f]+-0x[0-9a-f]+\], info at \+0x[0-9a-f]+/g, '')
    .replace(/len=\d+ bytes/g, '')
    .replace(/ *R1:prologue\(rlen=0\)\n/g, '')
    .replace(/\b(rlen|t)=\d+/g, '$1')
    .replace(/\bR[13]:/g, 'R:'); // of a short and a long region
}

function pvasm(...words: readonly string[]) {
  return callPvasm(words, { cwd: folder });
}

/** A sample with its listings by target, and the macro-ised file, as the commands write them. */
function made(level: string) {
  const name = `kernel.${level}.s`;
  const { text } = compiledSample(level);
  writeFileSync(join(folder, name), text, 'latin1');
  const calls = [
    pvasm('build', name, ...TARGETS.flatMap((target) => ['-t', target]), '-o', 'listings'),
    pvasm('rewrite', name, '-o', 'rewritten'),
  ];
  const read = (path: string) => readFileSync(join(folder, path), 'latin1');
  const listings = new Map(TARGETS.map((target) => [target, read(`listings/${target.replace(':', '-')}/${name}`)]));
  return { name, text, native: assembleCompiled(text), calls, listings, rewritten: read(`rewritten/${name}`) };
}

describe.each(LEVELS)('gcc -%s', (level) => {
  let sample: ReturnType<typeof made>;
  beforeAll(() => {
    provideBuilt();
    sample = made(level);
  });

  test('every site of its inline assembly gets registers, and nothing is said', () => {
    for (const call of sample.calls) expect(call).toEqual({ status: 0, stdout: '', stderr: '' });
    const left = sensitiveIn(sample.native);
    expect(left.length).toBeGreaterThan(20);
    expect(sample.rewritten.match(/\bASM_\w+\(/g)!.length).toBeGreaterThan(left.length / 2);
  });

  test('native is the same object', () => {
    expect(assembleCompiled(sample.listings.get('native')!).equals(sample.native)).toBe(true);
  });

  test.each(TARGETS.slice(1))('%s: silent under -x, nothing left, unwound as before', (target) => {
    const object = assembleCompiled(sample.listings.get(target)!);
    const { native } = sample;
    expect(sensitiveIn(object)).toEqual([]);
    expect(unwindTables(object)).toBe(unwindTables(native));
    expect(unwindTables(native)).toMatch(/prologue.*\n[\s\S]*body/);
  });

  test('the macro-ised file names no register that is not free, and nothing else is found in it', () => {
    expect(pvasm('check', `rewritten/${sample.name}`)).toMatchObject({ status: 0, stdout: '' });
  });

  test('executed beside the source, it does the same', () => {
    writeFileSync(join(folder, `integer.${level}.s`), withoutFloatingPoint(sample.text), 'latin1');
    const { status, stdout, stderr } = pvasm('verify', `integer.${level}.s`, '--states', '4');
    expect(stdout + stderr).not.toContain('differ');
    expect(status).toBe(0);
  });

  test('docs/figures.md says what it costs', () => {
    const xen = new Map([...sample.listings].filter(([target]) => target !== 'native'));
    expect(figures).toContain(costRows(sample.name, sample.text, xen).join('\n'));
  });
});

describe.each([
  // Explicit bundles, names of C++, lines of a debugger, sections of one function.
  ['compiler-forms.s', 3],
  // -fpic -g with exceptions: unwind directives of all kinds, relocations, thread-local data, comdat groups, kinds of symbols.
  ['compiler-unwind.s', 4],
  // -O0 -g of C++: static routines that call each other, a jump table, varargs, alloca, comdat.
  ['compiler-unoptimized.s', 15],
  // Another compiler's: no mark around its privileged instructions, which stand in explicit bundles.
  ['compiler-intrinsics.s', 7],
])('%s', (name, sites) => {
  const text = readFileSync(join(import.meta.dirname, name), 'latin1');
  const listing = (target: string): string => {
    writeFileSync(join(folder, name), text, 'latin1');
    const { status, stdout, stderr } = pvasm('build', name, '-t', target, '-o', '-');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return stdout;
  };

  test('native is the same object', () => {
    expect(assembleCompiled(listing('native')).equals(assembleCompiled(text))).toBe(true);
    expect(sensitiveIn(assembleCompiled(text))).toHaveLength(sites);
  });

  test.each(TARGETS.slice(1))('%s: silent under -x, nothing left, unwound as before', (target) => {
    const object = assembleCompiled(listing(target));
    expect(sensitiveIn(object)).toEqual([]);
    expect(unwindTables(object)).toBe(unwindTables(assembleCompiled(text)));
  });
});

/** Without the routines that divide, or spill floating-point registers: `verify` does not execute those instructions. */
function withoutFloatingPoint(text: string): string {
  return text.replace(/\t\.proc (\S+)\n[\s\S]*?\.endp \1\n/g, (routine) =>
    /\b(?:fcvt|stf|ldf|frcpa|setf)/.test(routine) ? '' : routine,
  );
}
