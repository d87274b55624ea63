import { expect, test } from 'vitest';
import { conditionInWords, type Setting, settingsOf, shortCondition } from '../../src/lint/configurations.ts';
import { allConfigurations, readSetting } from '../../src/preprocess/configurations.ts';
import { SourceText } from '../../src/syntax/source.ts';

/** B is tested only where A is set; LEVEL is a number. */
const SOURCE = new SourceText(
  'a.S',
  `#ifdef A
a
#ifdef B
b
#endif
#endif
#if LEVEL == 4
four
#else
three
#endif
`,
);

const base = {
  includeDirs: ['include'],
  commands: [{ kind: 'include', path: 'config.h' }] as const,
  strict: true,
  host: { read: (path: string) => (path === 'include/config.h' ? '#define LEVEL 3\n' : undefined) },
};
const { runs } = allConfigurations(SOURCE, base);
const all = settingsOf(runs);

test('the settings are complete: what a run does not set is as it was given', () => {
  const lines = all.map((setting) => [...setting].map(([name, value]) => `${name}=${value}`).join(' '));
  expect(lines.length).toBe(6);
  expect(lines.every((line) => /A=(1|null) B=(1|null) LEVEL=\d/.test(line))).toBe(true);
});

test.each<[(setting: Setting) => boolean, string | null]>([
  [() => true, null],
  [(setting) => setting.get('A') === '1', 'A is defined'],
  [(setting) => setting.get('A') === null, 'A is not defined'],
  [(setting) => setting.get('A') === '1' && setting.get('LEVEL') === '4', 'A is defined and LEVEL is 4'],
  [(setting) => setting.get('B') === '1', 'B is defined'],
  [
    (setting) => (setting.get('A') === null) === (setting.get('LEVEL') === '3') && setting.get('B') === null,
    'A is not defined and B is not defined and LEVEL is 3; or A is defined and B is not defined and LEVEL is 4',
  ],
])('%s', (holds, words) => {
  expect(conditionInWords(all.filter(holds), all)).toBe(words);
});

test('flags are settings', () => {
  expect([...readSetting(['-DA', '-DB=2', '-DC=x=y', '-UD'])]).toEqual([
    ['A', '1'],
    ['B', '2'],
    ['C', 'x=y'],
    ['D', null],
  ]);
});

test.each([
  ['A is set', 'A is set'],
  [
    Array.from({ length: 12 }, (_, at) => `CONFIG_NUMBER_${at} is set`).join(' and '),
    'CONFIG_NUMBER_0 is set and CONFIG_NUMBER_1 is set and CONFIG_NUMBER_2 is set and 9 more',
  ],
  [
    Array.from({ length: 300 }, (_, at) => `CONFIG_NUMBER_${at} is set and OTHER is defined`).join('; or '),
    'CONFIG_NUMBER_0 is set and OTHER is defined; or in 299 other cases',
  ],
  [`${'x'.repeat(200)} is true`, `${'x'.repeat(97)}...`],
])('a condition is told in one short line: %#', (condition, short) => {
  expect(shortCondition(condition)).toBe(short);
  expect(short.length).toBeLessThanOrEqual(100);
});

test('a condition of very many parts is told as fast as a short one', () => {
  const start = performance.now();
  const long = Array.from({ length: 20_000 }, (_, at) => `A is not ${at}`).join(' and ');
  for (let times = 0; times < 20; times++) expect(shortCondition(long)).toMatch(/^A is not 0 and .* and \d+ more$/);
  expect(performance.now() - start).toBeLessThan(5000);
});
