/** Random rows of sites, whose bodies share addresses and saves: each listing does what its source does, for every target. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { callPvasm } from '../support/pvasm.ts';
import { seed } from '../support/seed.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-neighbours-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const READ = ['ifa', 'isr', 'ipsr', 'iip', 'itir', 'iipa', 'ifs', 'iim', 'iha'];
const WRITTEN = ['ifa', 'itir', 'iha', 'iim', 'iipa', 'isr'];
const REGISTERS = Array.from({ length: 10 }, (_, at) => `r${16 + at}`);

/** A handler that fills its registers, does some twenty things with them, and stores all of them. */
function handler(random: () => number): string {
  const below = (count: number) => Math.floor(random() * count);
  const one = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const register = () => one(REGISTERS);
  const kinds: readonly [number, () => string][] = [
    [34, () => `mov ${register()}=cr.${one(READ)}`],
    [20, () => `mov cr.${one(WRITTEN)}=${register()}`],
    [8, () => `thash ${register()}=${register()}`],
    [7, () => `mov ar.k${1 + below(5)}=${register()}`],
    [4, () => `mov ${register()}=rr[${register()}]`],
    [5, () => `cmp.eq p6,p7=${register()},${register()}`],
    [4, () => `ld8 ${register()}=[r31]`],
    [18, () => `add ${register()}=${register()},${register()}`],
  ];
  const all = kinds.flatMap(([share, make]) => Array.from({ length: share }, () => make));
  const body = Array.from({ length: 20 }, () => {
    const text = one(all)();
    return text.startsWith('cmp') ? text : `${one(['', '', '', '(p6) ', '(p7) '])}${text}`;
  });
  const lines = [
    'mov r31=r30',
    ...REGISTERS.map((name, at) => `mov ${name}=cr.${READ[at % READ.length]}`),
    'cmp.eq p6,p7=r16,r17',
    ...body,
    ...REGISTERS.map((name) => `st8 [r31]=${name},8`),
    'rfi',
  ];
  return `\t.section .text..ivt,"ax"\n\t.align 32768\n\t.global ia64_ivt\nia64_ivt:\n\t.org ia64_ivt+0x800\n${lines
    .map((line) => `\t${line}\n\t;;\n`)
    .join('')}\t.org ia64_ivt+0x4000\n\trfi\n`;
}

/** Random numbers of a seed (mulberry32). */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test('40 handlers for xen, kvm, and patched for xen', () => {
  const random = randomFrom(seed(11));
  const files = Array.from({ length: 40 }, (_, at) => {
    const path = join(folder, `handler${at}.S`);
    writeFileSync(path, handler(random));
    return path;
  });
  const targets = ['-t', 'xen:b', '-t', 'kvm:b', '-t', 'native+xen:d'];
  const built = callPvasm(['build', ...files, ...targets, '-o', join(folder, 'out')]);
  expect({ status: built.status, stderr: built.stderr }).toEqual({ status: 0, stderr: '' });
  const texts = files.map((file) => readFileSync(join(folder, 'out/xen-b', file.slice(folder.length + 1)), 'latin1'));
  const steps = texts.join('').match(/\/\* (?:XSI_\w+, )?then XSI_/g)?.length ?? 0;
  expect(steps).toBeGreaterThan(300);
  const verified = callPvasm(['verify', ...files, ...targets, '--states', '20']);
  expect({ status: verified.status, differing: verified.stdout.match(/.* differs.*/g) }).toEqual({
    status: 0,
    differing: null,
  });
}, 120_000);
