import { expect, test } from 'vitest';
import { hunt } from './campaign.ts';
import { brokenFlow } from './faults/flow.ts';
import { misses, table } from './table.ts';

test('new', () => {
  const names = [
    'unsaved register',
    'restore on one path only',
    'predicate swapped',
    'frame too small',
    'store through a wrong register',
  ];
  const all = brokenFlow().filter(({ fault }) => names.includes(fault));
  const tried = hunt(all);
  console.log(table(tried) + '\n' + misses(tried).join('\n'));
  expect(1).toBe(1);
}, 3600000);
