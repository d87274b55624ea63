import { expect, test } from 'vitest';
import { nameMatcher } from '../../src/config/patterns.ts';
import { fingerprinter } from '../../src/lint/finding.ts';
import { nameAsUri, relativeNames } from '../../src/lint/names.ts';
import { SourceText } from '../../src/syntax/source.ts';

const LINES = ['\tmov r8=cr.ivr // a', 'nop.m 0', '\tmov  r8=cr.ivr   // a', 'mov r9=cr.ivr'];

function prints(lines: readonly string[], name = 'a.S', rule = 'PV001'): string[] {
  const file = new SourceText(name, lines.join('\n'));
  const print = fingerprinter((each) => each.name);
  return lines.flatMap((line, index) =>
    line.includes('mov')
      ? [print(rule, { file, start: file.lineStarts[index]!, end: file.lineStarts[index]! + 1 })]
      : [],
  );
}

test('a fingerprint stays when lines come and go and blanks change', () => {
  const before = prints(LINES);
  expect(prints(['.text', '', ...LINES])).toEqual(before);
  expect(prints(LINES.map((line) => line.replace(/\t/g, '        ')))).toEqual(before);
  expect(before.every((print) => /^[0-9a-f]{32}$/.test(print))).toBe(true);
});

test('it tells rules, files, lines, and equal lines apart', () => {
  const all = [...prints(LINES), ...prints(LINES, 'b.S'), ...prints(LINES, 'a.S', 'PV002')];
  expect(new Set(all).size).toBe(9);
});

test.each([
  ['ivt.S', 'kernel/ivt.S'],
  ['./ivt.S', 'kernel/ivt.S'],
  ['../mm/x.S', 'mm/x.S'],
  ['/src/linux/kernel/ivt.S', 'kernel/ivt.S'],
  ['/usr/include/x.h', '../../usr/include/x.h'],
])('%s, seen from the project, is %s', (given, relative) => {
  expect(relativeNames('/src/linux', '/src/linux/kernel')(given)).toBe(relative);
});

test.each([
  ['ivt.S', 'arch/ia64/kernel/ivt.S', true],
  ['kernel/ivt.S', 'arch/ia64/kernel/ivt.S', true],
  ['ernel/ivt.S', 'arch/ia64/kernel/ivt.S', false],
  ['*.S', 'kernel/ivt.S', true],
  ['arch/*.S', 'arch/ia64/ivt.S', false],
  ['arch/**/*.S', 'arch/ia64/kernel/ivt.S', true],
  ['arch/**/ivt.S', 'arch/ivt.S', true],
  ['a.S', 'aXS', false],
])('%s means %s: %s', (pattern, name, matches) => {
  expect(nameMatcher(pattern)(name)).toBe(matches);
});

test('a name as URI reference is plain ASCII without a scheme', () => {
  expect(nameAsUri('a b:c/ä🙂[1]%.S')).toBe('a%20b%3Ac/%C3%A4%F0%9F%99%82%5B1%5D%25.S');
});
