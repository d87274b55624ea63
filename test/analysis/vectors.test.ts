import { expect, test } from 'vitest';
import table from '../../grammar/vectors.tsv';
import { vectorAt } from '../../src/machine/vector-table.ts';

test('the slots of the interruption vector table follow each other without a gap, 32 KB in all', () => {
  let end = 0;
  let count = 0;
  for (const line of table.split('\n').filter((each) => each !== '' && !each.startsWith('#'))) {
    const [offset, bundles, name] = line.split('\t');
    expect(Number(offset), name).toBe(end);
    end += Number(bundles) * 16;
    count++;
  }
  expect([count, end]).toEqual([68, 0x8000]);
});

test.each([
  [0, 64, false],
  [0x3ff, 64, false],
  [0x1400, 64, true],
  [0x1800, 64, false],
  [0x4c00, 64, false],
  [0x5000, 16, false],
  [0x7f00, 16, false],
])('the slot at offset %i has %i bundles; nested: %s', (offset, bundles, nested) => {
  expect(vectorAt(offset)).toMatchObject({ bundles, nested });
});
