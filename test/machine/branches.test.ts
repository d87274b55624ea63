import { expect, test } from 'vitest';
import table from '../../grammar/branches.tsv';
import instructions from '../../grammar/instructions.tsv';
import { tableRows } from '../../src/machine/tsv.ts';

test('every kind of branch has its line, and every line a kind', () => {
  const used = new Set([...instructions.matchAll(/^[^#].*\bbranch=(\w+)/gm)].map(([, kind]) => kind!));
  expect(
    tableRows(table)
      .map(([kind]) => kind!)
      .sort(),
  ).toEqual([...used].sort());
});
