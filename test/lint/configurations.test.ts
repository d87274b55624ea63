import { expect, test } from 'vitest';
import { conditionInWords, enumerateConfigurations, type Setting } from '../../src/lint/configurations.ts';

/** A program of nested tests: it asks for B only when A is set, and for LEVEL always; C changes nothing. */
function run(setting: Setting): { asked: Set<string>; signature: string; result: null } {
  const a = setting.get('A') === '1';
  const asked = new Set(['A', 'LEVEL', 'C', ...(a ? ['B'] : [])]);
  return { asked, signature: `${a} ${a && setting.get('B') === '1'} ${setting.get('LEVEL')}`, result: null };
}

const BOTH = [null, '1'];
const NAMES = [
  { name: 'A', values: BOTH },
  { name: 'B', values: BOTH },
  { name: 'C', values: BOTH },
  { name: 'LEVEL', values: ['3', '4'] },
  { name: 'NEVER', values: BOTH },
];

test('keeps one configuration for each different code', () => {
  const { configurations, merged, limited } = enumerateConfigurations(NAMES, run, 1000);
  expect(configurations.map((each) => each.name)).toEqual([
    '!A !C LEVEL=3',
    '!A !C LEVEL=4',
    'A !B !C LEVEL=3',
    'A !B !C LEVEL=4',
    'A B !C LEVEL=3',
    'A B !C LEVEL=4',
  ]);
  expect([merged, limited]).toEqual([6, false]);
});

test('stops at the limit and says so', () => {
  expect(enumerateConfigurations(NAMES, run, 5)).toMatchObject({ limited: true });
});

test('a file that tests nothing has one configuration', () => {
  const { configurations } = enumerateConfigurations([], () => ({ asked: new Set(), signature: '', result: null }), 10);
  expect(configurations.map((each) => each.name)).toEqual(['']);
});

const all = enumerateConfigurations(NAMES, run, 1000).configurations.map((each) => each.setting);

test.each<[(setting: Setting) => boolean, string | null]>([
  [() => true, null],
  [(setting) => setting.get('A') === '1', 'A is defined'],
  [(setting) => setting.get('A') === null, 'A is not defined'],
  [(setting) => setting.get('A') === '1' && setting.get('LEVEL') === '4', 'A is defined and LEVEL is 4'],
  [(setting) => setting.get('B') === '1', 'A is defined and B is defined'],
  [
    (setting) => (setting.get('A') === null) === (setting.get('LEVEL') === '3') && setting.get('B') !== '1',
    'A is not defined and C is not defined and LEVEL is 3; or A is defined and B is not defined and C is not defined and LEVEL is 4',
  ],
])('%s', (holds, words) => {
  expect(conditionInWords(all.filter(holds), all)).toBe(words);
});
