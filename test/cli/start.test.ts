/** How a call starts: what it loads for a file without sites, and what V8 has compiled for it in earlier calls. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { provideBuilt } from '../support/built.ts';
import { run } from '../support/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-start-'));
const compiled = join(folder, 'dist/compiled');

const PLAIN = '#include "h.h"\nf:\tadds r8=N,r9 ;;\n\tbr.ret.sptk b0\n';
const SITE = `${PLAIN}\tmov r8=cr.ivr\n\tbr.ret.sptk b0\n`;

beforeAll(() => {
  provideBuilt();
  for (const name of ['bin', 'dist']) cpSync(join(projectRoot, name), join(folder, name), { recursive: true });
  const texts = {
    'h.h': '#define N 1\n',
    'plain.S': PLAIN,
    'site.S': SITE,
    'wrong.S': 'f:\tmov r8=)\n',
    flags: '-DX=1\n',
  };
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pvasm = (args: readonly string[], options: { input?: string } = {}) =>
  run(process.execPath, [join(folder, 'bin/pvasm.js'), ...args], { cwd: folder, ...options });
const silent = { status: 0, stdout: '', stderr: '' };
const listing = (out: string, name: string) => readFileSync(join(folder, out, 'xen', name), 'latin1');

test('what V8 has compiled is kept, and taken where it can be', () => {
  rmSync(compiled, { recursive: true, force: true });
  expect(pvasm(['build', 'site.S', '-o', 'fresh'])).toEqual(silent);
  const [version] = readdirSync(compiled);
  const kept = readdirSync(join(compiled, version!)).sort();
  expect(kept).toEqual([expect.stringMatching(/^plain-[\d.]+$/), expect.stringMatching(/^pvasm-[\d.]+$/)]);
  expect(pvasm(['build', 'site.S', '-o', 'kept'])).toEqual(silent);
  for (const name of kept) {
    const path = join(compiled, version!, name);
    writeFileSync(path, readFileSync(path).subarray(0, 1000));
  }
  expect(pvasm(['build', 'site.S', '-o', 'damaged'])).toEqual(silent);
  rmSync(compiled, { recursive: true, force: true });
  writeFileSync(compiled, ''); // nothing can be kept
  expect(pvasm(['build', 'site.S', '-o', 'unkept'])).toEqual(silent);
  rmSync(compiled);
  for (const out of ['kept', 'damaged', 'unkept']) expect(listing(out, 'site.S')).toBe(listing('fresh', 'site.S'));
});

test('what V8 compiled of a bundle is not taken for another of the same length', () => {
  const whole = join(folder, 'dist/pvasm.cjs');
  const bytes = readFileSync(whole);
  rmSync(compiled, { recursive: true, force: true }); // now the first call keeps what it ran
  const [from, to] = ["; try 'pvasm", "; TRY 'pvasm"];
  expect(pvasm(['rewrite']).stderr).toContain(from);
  writeFileSync(whole, bytes.toString('latin1').replaceAll(from, to), 'latin1');
  try {
    expect(pvasm(['rewrite']).stderr).toContain(to);
  } finally {
    writeFileSync(whole, bytes);
  }
});

test('what stands before is read once, whoever needs it', () => {
  expect(pvasm(['rewrite', '-', '-I.'], { input: SITE }).stdout).toContain('ASM_READ_IVR');
  expect(pvasm(['rewrite', '-', '-I.'], { input: PLAIN })).toEqual({ ...silent, stdout: PLAIN });
  const command = `"${process.execPath}" bin/pvasm.js build site.S @/dev/stdin -t xen -o piped`;
  expect(run('sh', ['-c', `echo '-DX=1 -I.' | ${command}`], { cwd: folder })).toEqual(silent);
  expect(existsSync(join(folder, 'piped/xen/site.S'))).toBe(true);
});

test('a file without sites needs no more than the preprocessor', () => {
  const whole = join(folder, 'dist/pvasm.cjs');
  expect(pvasm(['build', 'plain.S', '-o', 'whole', '-MD', '-Wno-such=1', '-P'])).toEqual(silent);
  const bytes = readFileSync(whole);
  rmSync(whole);
  try {
    expect(pvasm(['build', 'plain.S', '-t', 'xen', '-o', 'alone', '-MD'])).toEqual(silent);
    expect(pvasm(['rewrite', 'plain.S', '--output=rewritten', '@flags'])).toEqual(silent);
    expect(pvasm(['build', 'wrong.S', '-o', 'none']).status).not.toBe(0);
    expect(pvasm(['build', 'site.S', '-o', 'none']).status).not.toBe(0);
  } finally {
    writeFileSync(whole, bytes);
  }
  expect(readFileSync(join(folder, 'alone/xen/plain.d'), 'latin1')).toBe('alone/xen/plain.S: plain.S h.h\n');
  expect(readFileSync(join(folder, 'rewritten/plain.S'), 'latin1')).toBe(PLAIN.replace('"h.h"', '"../h.h"'));
  expect(pvasm(['build', 'wrong.S', '-o', 'none'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('wrong.S:1:'),
  });
  expect(existsSync(join(folder, 'none'))).toBe(false);
});
