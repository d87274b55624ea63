import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/report/model.ts';
import { assembleFile, countInstructions } from '../support/assemble.ts';
import { configurations, kernel } from '../support/kernel.ts';
import { alternatives, type Made, make, reportOf } from './support.ts';

/** What the report says of the kernel's own files holds, and what it counts is what the assembler makes. */
const files = ['ivt.S', 'entry.S', 'fsys.S', 'gate.S'];
const folder = mkdtempSync(join(tmpdir(), 'pvasm-report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(configurations)('%s', (configuration) => {
  const made = make(
    files.map((name) => kernel().plain(name)),
    kernel().flags(configuration),
  );
  const report = reportOf(made);

  test.each(files)('%s: bytes, instructions and stops are those of the object file', (name) => {
    const file = report.files.find((each) => basename(each.file) === name)!;
    const options = { configuration, includeDirs: [dirname(kernel().plain(name))] };
    expect(size(file.native), 'source').toEqual(counted(assembleFile(file.file, options).object!));
    for (const [index, cost] of file.costs.entries()) {
      const root = join(folder, configuration, String(index));
      writeListings(made, index, root);
      const { object } = assembleFile(join(root, name), { ...options, includeDirs: [root, ...options.includeDirs] });
      expect(size(cost), cost.target).toEqual(counted(object!));
    }
  });

  test('what Xen costs on ivt.S is within the goal: 150 instructions, 100 stops, 800 bytes', () => {
    const { costs, native } = report.files.find(({ file }) => basename(file) === 'ivt.S')!;
    const added = costs.find(({ target }) => target === 'xen')!.added;
    expect(added.instructions).toBeLessThanOrEqual(150);
    expect(added.stops).toBeLessThanOrEqual(100);
    expect(added.bytes).toBeLessThanOrEqual(800);
    expect(size(costs.find(({ target }) => target === 'native')!)).toEqual(size(native));
  });

  test('every site is there once, and says what becomes of it for every target', () => {
    const places = report.sites.map(({ file, line, column }) => `${file}:${line}:${column}`);
    expect(new Set(places).size).toBe(places.length);
    expect(places.length).toBe(made.built.rewritten.sites.length);
    for (const { targets } of report.sites) expect(targets.map(({ target }) => target)).toEqual(alternatives);
  });

  test('only registers that a macro names are changed', () => {
    for (const { macro, expanded, targets } of report.sites) {
      if (expanded === 0) continue;
      for (const { target, clobbersMore } of targets)
        for (const name of clobbersMore) expect(wordsOf(macro), `${macro} on ${target}`).toContain(name);
    }
  });

  test('every scratch register is free, with its reason', () => {
    for (const { scratch } of report.sites)
      for (const { free, reason, register } of scratch) {
        expect(free, reason).toBe(true);
        expect(reason).toContain(`${register} is dead`);
      }
  });

  test('no vector leaves its slot', () => {
    const vectors = report.files.flatMap((file) => file.vectors);
    expect(vectors.length).toBeGreaterThan(60);
    for (const { room, native, used } of vectors) {
      expect(native).toBeLessThanOrEqual(room ?? Number.POSITIVE_INFINITY);
      for (const count of used) expect(count).toBeLessThanOrEqual(room ?? Number.POSITIVE_INFINITY);
    }
  });

  test('sites add up', () => checkSums(report));
});

describe.each(configurations)('%s', (configuration) => {
  test.each(
    kernel()
      .sources()
      .map((source) => [basename(source), source]),
  )('bytes and stops of %s are those of the object file', (_, source) => {
    // Instructions are not compared: a disassembler takes data in code sections for some.
    const { bytes, stops } = countInstructions(assembleFile(source, { configuration }).object!);
    const { native } = reportOf(make([source], kernel().flags(configuration), ['native'])).files[0]!;
    expect(native).toMatchObject({ bytes, stops });
  });
});

function size({ bytes, instructions, stops }: { bytes: number; instructions: number; stops: number }) {
  return { bytes, instructions, stops };
}

function counted(object: Buffer) {
  return size(countInstructions(object));
}

function writeListings({ built }: Made, target: number, root: string): void {
  mkdirSync(root, { recursive: true });
  for (const { choice, file, text } of built.listings)
    if (choice === built.plans[target]!.choice) writeFileSync(join(root, basename(file.name)), text, 'latin1');
}

function wordsOf(macro: string): string[] {
  return macro.match(/[\w.]+/g) ?? [];
}

function checkSums({ files, total, sites }: Report): void {
  for (const [index, cost] of total.entries()) {
    for (const column of ['bytes', 'instructions', 'stops'] as const) {
      expect(cost.added[column]).toBe(files.reduce((sum, { costs }) => sum + costs[index]!.added[column], 0));
      for (const { native, costs } of files)
        expect(costs[index]![column] - native[column]).toBe(costs[index]!.added[column]);
    }
    for (const { file, costs } of files) {
      const own = sites.filter(({ sources }) => sources.includes(file)).length;
      expect(Object.values(costs[index]!.sites).reduce((sum, count) => sum + count, 0)).toBe(own);
    }
  }
}
