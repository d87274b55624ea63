/**
 * Vectors that do not fit: Linux's and the samples' tables with slots of half the size, and with handlers that fill theirs natively.
 * The assembler judges the room (it refuses a slot that is too full), `pvasm verify` what the moved code does.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { patchedFile } from '../../src/patch/apply.ts';
import { openImage } from '../../src/patch/image.ts';
import type { FileReport } from '../../src/report/model.ts';
import { assembleFile } from '../support/assemble.ts';
import { symbolsOf } from '../support/elf.ts';
import { plainInstructions } from '../support/instructions.ts';
import { configurations, kernel } from '../support/kernel.ts';
import { pvasm, scratchFolder } from './listings.ts';

const folder = scratchFolder();
const TARGETS = ['native', 'xen:a', 'xen:b', 'xen', 'native+xen:d'];

/** Every offset in the table, of `.org` and of macros that say one, becomes half of what it was. */
function halved(text: string): string {
  return text
    .replace(/(\.org\s+(?:ia64_ivt|vectors)\+)(0x[0-9a-f]+)/g, (_, org: string, offset: string) => org + half(offset))
    .replace(/^(\tunexpected\s+)(0x[0-9a-f]+)/gm, (_, call: string, offset: string) => call + half(offset));
}

function half(offset: string): string {
  return `0x${(Number(offset) / 2).toString(16)}`;
}

/** Handlers natively as long as their slots allow: so many bundles are put in behind their first instruction group. */
const GROWN = { dtlb_miss: 56, dirty_bit: 54, daccess_bit: 53 };

function grown(text: string): string {
  let all = text;
  for (const [name, bundles] of Object.entries(GROWN)) {
    const at = all.indexOf('\t;;\n', all.indexOf(`ENTRY(${name})`)) + 4;
    all = `${all.slice(0, at)}${'\tnop.x 0 ;;\n'.repeat(bundles)}${all.slice(at)}`;
  }
  return all;
}

/** Writes a variant of a source, with what it includes beside it. */
function variant(kind: string, file: string, change: (text: string) => string, beside: readonly string[]): string {
  const root = join(folder, kind);
  mkdirSync(root, { recursive: true });
  for (const each of beside) writeFileSync(join(root, basename(each)), readFileSync(each));
  const text = readFileSync(file, 'latin1');
  const changed = change(text);
  expect(changed).not.toBe(text);
  writeFileSync(join(root, basename(file)), changed, 'latin1');
  return join(root, basename(file));
}

const targetOptions = (targets: readonly string[]) => targets.flatMap((target) => ['-t', target]);

/** By name: where the symbols of the table's section are, and how long they are. */
function addresses(object: Buffer): ReadonlyMap<string, { value: number; size: number }> {
  return new Map(symbolsOf(object).map(({ name, value, size }) => [name, { value, size }]));
}

/** How often each instruction is there, but for branches and distances: where code stands differs. */
function instructionCounts(object: Buffer): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { text } of [...plainInstructions(object).values()].flat())
    if (!/#\d|^br\.many/.test(text)) counts[text] = (counts[text] ?? 0) + 1;
  return counts;
}

const kernelVariants = [
  ['halved', halved, ['break_fault', 'nat_consumption']],
  ['grown', grown, ['dirty_bit', 'dtlb_miss', 'daccess_bit']],
] as const;

describe.each(configurations)('Linux, %s', (configuration) => {
  test.each(kernelVariants)('%s slots', (kind, change, crowded) => {
    const file = variant(`${kind}-${configuration}`, kernel().plain('ivt.S'), change, [kernel().plain('minstate.h')]);
    const out = join(folder, `${kind}-${configuration}`, 'out');
    const flags = kernel().flags(configuration);
    const { status, stderr } = pvasm(['build', file, ...targetOptions(TARGETS), '-o', out, ...flags]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const source = assembleFile(file, { configuration });
    expect(source.messages).toBe('');
    const native = addresses(source.object!);
    const table = native.get('ia64_ivt')!.value;
    const objects = new Map<string, Buffer>();
    for (const target of TARGETS) {
      const root = join(out, target.replace(':', '-'));
      const listing = assembleFile(join(root, 'ivt.S'), { configuration, includeDirs: [join(root, 'include')] });
      expect({ target, messages: listing.messages }).toEqual({ target, messages: '' });
      objects.set(target, listing.object!);
      const here = addresses(listing.object!);
      for (const name of crowded) {
        expect({ target, name, at: here.get(name)?.value }).toEqual({ target, name, at: native.get(name)!.value });
        const tail = here.get(`${name}_tail`);
        if (tail !== undefined) expect(tail.value).toBeGreaterThan(table + (kind === 'halved' ? 0x3f80 : 0x7f00));
        // A routine ends where its part ends: nobody takes the table between for a part of it.
        expect(here.get(name)!.size).toBeLessThanOrEqual(0x400);
      }
      const tails = crowded.filter((name) => here.has(`${name}_tail`));
      expect({ target, tails: tails.length > 0 }).toEqual({ target, tails: target !== 'native' });
    }
    // Where nothing had to move, the native listing is the source.
    expect(plainInstructions(objects.get('native')!)).toEqual(plainInstructions(source.object!));
    // Patched for Xen the joint listing has Xen's instructions; only the branches to tails may be others.
    const patched = patchedFile(openImage(objects.get('native+xen:d')!), 'xen');
    expect(instructionCounts(patched)).toEqual(instructionCounts(objects.get('xen:b')!));
  });

  test.each(kernelVariants)('%s slots: the code does the same', (kind, change) => {
    const file = variant(`${kind}-v-${configuration}`, kernel().plain('ivt.S'), change, [kernel().plain('minstate.h')]);
    expectEqual([file, ...kernel().flags(configuration), '--states', '6']);
  });
});

/** Other targets, which have longer bodies; trace's do not fit slots of half the size. */
test.each([
  [...kernelVariants[0], ['kvm']],
  [...kernelVariants[1], ['kvm', 'trace']],
] as const)('%s slots for other targets: they fit, and the code does the same', (kind, change, crowded, targets) => {
  const file = variant(`${kind}-others`, kernel().plain('ivt.S'), change, [kernel().plain('minstate.h')]);
  const out = join(folder, `${kind}-others`, 'out');
  const flags = kernel().flags('smp');
  const { status, stderr } = pvasm(['build', file, ...targetOptions(targets), '-o', out, ...flags]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  for (const target of targets) {
    const root = join(out, target);
    const listing = assembleFile(join(root, 'ivt.S'), { configuration: 'smp', includeDirs: [join(root, 'include')] });
    expect({ target, messages: listing.messages }).toEqual({ target, messages: '' });
    const here = addresses(listing.object!);
    expect({ target, tails: crowded.some((name) => here.has(`${name}_tail`)) }).toEqual({ target, tails: true });
  }
  const judged = pvasm(['verify', file, ...flags, '--states', '3', ...targetOptions(targets)]);
  expect(judged).toMatchObject({ status: 0 });
  for (const target of targets) expect(judged.stdout).toMatch(new RegExp(`for ${target}: .*: equal$`, 'm'));
});

test("trace's bodies are too long for slots of half the size: each vector is named, and nothing is written", () => {
  const file = variant('halved-trace', kernel().plain('ivt.S'), halved, [kernel().plain('minstate.h')]);
  const out = join(folder, 'halved-trace', 'out');
  const { status, stderr } = pvasm(['build', file, '-t', 'trace', '-o', out, ...kernel().flags('smp')]);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /error: nat_consumption does not fit its slot for trace: it takes \d+ bundles of 8, \d+ too many; its tail cannot move out of line before line \d+.* would help\n/,
  );
  expect(existsSync(out)).toBe(false);
});

function expectEqual(args: readonly string[]): void {
  const { status, stdout } = pvasm(['verify', ...args, ...targetOptions(TARGETS)]);
  expect({ status, stdout }).toMatchObject({ status: 0 });
  const judged = [...TARGETS, 'native+xen:d patched for xen'];
  for (const target of judged) expect(stdout).toMatch(new RegExp(`for ${target.replace('+', '\\+')}: .*: equal$`, 'm'));
}

test('a table of the samples whose slots are a quarter as long', () => {
  const sample = join(projectRoot, 'samples/ivt.S');
  const file = variant('sample', sample, (text) => halved(halved(text)), [join(projectRoot, 'samples/minstate.h')]);
  const out = join(folder, 'sample', 'out');
  expect(pvasm(['build', file, ...targetOptions(TARGETS), '-o', out])).toMatchObject({ status: 0, stderr: '' });
  const tails = TARGETS.map((target) => {
    const root = join(out, target.replace(':', '-'));
    const { object, messages } = assembleFile(join(root, 'ivt.S'), { includeDirs: [join(root, 'include')] });
    expect({ target, messages }).toEqual({ target, messages: '' });
    const names = [...addresses(object!).keys()].filter((name) => name.endsWith('_tail')).sort();
    return `${target}: ${names.join(' ')}`;
  });
  expect(tails).toEqual([
    'native: ',
    'xen:a: alt_dtlb_miss_tail vhpt_miss_tail',
    'xen:b: vhpt_miss_tail',
    'xen: vhpt_miss_tail',
    'native+xen:d: alt_dtlb_miss_tail vhpt_miss_tail',
  ]);
  expectEqual([file, '--states', '6']);
});

/**
 * Tables as old kernels have them: natively handlers take 63 of their 64 bundles, and on Xen five of them (plain ivt.S of 2.6.26) or
 * six (RHEL 4) do not fit any more. Grown from the samples, at the entry of each.
 */
const FULL = { vhpt_miss: 48, itlb_miss: 57, dtlb_miss: 57, alt_dtlb_miss: 51, dirty_bit: 57, page_not_present: 14 };

/** Vectors that the samples leave out, behind those that are grown: a slot ends where the next one begins. */
function followed(text: string): string {
  const behind = [
    [/^.*org\s+vectors\+0x1000/m, '0x0c00'],
    [/^.*org\s+vectors\+0x2c00/m, '0x2400'],
    [/^\s*unexpected\s+0x5400/m, '0x5100'],
  ] as const;
  return behind.reduce(
    (all, [next, offset]) => all.replace(next, (line) => `\t.org vectors+${offset}\n\trfi\n\t;;\n${line}`),
    text,
  );
}

test.each([
  ['five', Object.entries(FULL).slice(0, 5)],
  ['six', Object.entries(FULL)],
] as const)('%s handlers that fill their slots natively', (kind, handlers) => {
  const fill = (text: string) =>
    handlers.reduce((all, [name, bundles]) => {
      const at = all.indexOf(`\n${name}:\n`) + name.length + 3;
      return `${all.slice(0, at)}${'\tnop.x 0 ;;\n'.repeat(bundles)}${all.slice(at)}`;
    }, followed(text));
  const file = variant(kind, join(projectRoot, 'samples/ivt.S'), fill, [join(projectRoot, 'samples/minstate.h')]);
  const out = join(folder, kind, 'out');
  expect(pvasm(['build', file, ...targetOptions(TARGETS), '-o', out])).toMatchObject({ status: 0, stderr: '' });
  const { stdout } = pvasm(['report', file, ...targetOptions(TARGETS), '--format', 'json']);
  const [reported] = JSON.parse(stdout).files as FileReport[];
  const names = handlers.map(([name]) => name);
  for (const { name, room, native } of reported!.vectors)
    if (names.includes(name ?? '')) expect([name, room! - native]).toEqual([name, name === 'page_not_present' ? 0 : 1]);
  expect(pvasm(['report', file, '-t', 'xen:b']).stdout).toMatch(
    /What was done so that all vectors fit[\s\S]*vhpt_miss +\d+ bundles? from line \d+ on out of line, behind a branch: 1 instruction more/,
  );
  for (const target of TARGETS) {
    const root = join(out, target.replace(':', '-'));
    const { messages } = assembleFile(join(root, 'ivt.S'), { includeDirs: [join(root, 'include')] });
    expect({ target, messages }).toEqual({ target, messages: '' });
    const moved = reported!.room.find((each) => each.target === target)?.moved ?? [];
    // In place all of them are too long; nothing moves for the bare machine alone.
    const expected = target === 'native' ? [] : target === 'xen:b' || target === 'native+xen:d' ? names : null;
    if (expected !== null) expect([target, moved.map(({ vector }) => vector)]).toEqual([target, expected]);
    for (const { instructions } of moved) expect(instructions).toBeLessThanOrEqual(1);
  }
  expectEqual([file, '--states', '4']);
});

test('a handler that cannot be parted: which vector, by how many bundles, and what would help; there is no listing', () => {
  const tight = (text: string) => {
    const at = text.indexOf('\n', text.indexOf('ENTRY(dtlb_miss)')) + 1;
    return `${text.slice(0, at)}${'\t.rept 70\n\tnop.x 0 ;;\n\t.endr\n'}${text.slice(at)}`;
  };
  const file = variant('tight', kernel().plain('ivt.S'), tight, [kernel().plain('minstate.h')]);
  const out = join(folder, 'tight', 'out');
  const { status, stderr } = pvasm(['build', file, '-t', 'xen:b', '-o', out, ...kernel().flags('smp')]);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /ivt\.S:\d+:2: error: dtlb_miss does not fit its slot for xen:b: it takes 80 bundles of 64, 16 too many; its tail cannot move out of line before line \d+, behind bundle \d+: a line behind a stop, .* would help\n/,
  );
  expect(existsSync(out)).toBe(false);
});
