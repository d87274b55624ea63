import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { patchFormat } from '../../src/machine/patch-format.ts';
import { operations } from '../../src/project/operations.data.ts';
import { recordsHeader } from './header.ts';

const { structures, filler, bundle } = patchFormat();

test.each([...structures])('%s: its fields follow each other, each aligned to its size', (_, { fields }) => {
  let next = 0;
  for (const { name, offset, size } of fields) {
    expect({ name, offset, aligned: offset % size }).toEqual({ name, offset: next, aligned: 0 });
    next += size;
  }
});

test('what stands in a block before its code is no longer than a whole number of words', () => {
  for (const name of ['site', 'block', 'replacement'] as const) expect(structures.get(name)!.size % 4).toBe(0);
  expect(filler).toHaveLength(2 * bundle);
});

test('the C header says the same', async () => {
  await expect(recordsHeader()).toMatchFileSnapshot('../../samples/patcher/pvasm_records.h');
});

test('the documentation says the same', () => {
  const page = readFileSync('docs/patching.md', 'utf8');
  for (const [structure, { size, fields }] of structures) {
    expect(page).toContain(`${structure}: ${size} bytes`);
    for (const { name, offset, size: width, kind } of fields)
      if (!name.startsWith('reserved')) expect(page).toContain(`| ${name} | ${offset} | ${width} | ${kind} |`);
  }
});

test('operations keep their numbers, or the version changes', () => {
  const names = operations.map(({ name }) => name).join('\n');
  const table = readFileSync('grammar/patching.tsv', 'utf8');
  const hash = createHash('sha256').update(names).digest('hex').slice(0, 12);
  expect(/^\$operations\t(\w+)$/m.exec(table)![1]).toBe(hash);
});
