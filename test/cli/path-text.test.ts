/** Paths of Windows, on any system. */
import { expect, test } from 'vitest';
import { splitPlace, splitTarget, targetLabel, withSlashes } from '../../src/cli/path-text.ts';
import { isAbsolute, nameAsUri, relativeNames } from '../../src/lint/names.ts';

test('a backslash separates where the system says so', () => {
  expect(withSlashes('C:\\k\\arch\\ivt.S', '\\')).toBe('C:/k/arch/ivt.S');
  expect(withSlashes('odd\\name.S', '/')).toBe('odd\\name.S');
});

test.each([
  ['C:\\x.S:12', 'C:\\x.S', 12],
  ['C:/k/x.S:3', 'C:/k/x.S', 3],
  ['a:b.S:1', 'a:b.S', 1],
])('%s is a place', (text, file, line) => expect(splitPlace(text)).toEqual({ file, line }));

test.each(['C:\\x.S', 'C:', 'x.S:', ':4'])('%s is none', (text) => expect(splitPlace(text)).toBeNull());

test.each([
  ['xen', 'xen', null, 'xen'],
  ['xen:a', 'xen', 'a', 'xen:a'],
  ['C:\\acme.S:b', 'C:\\acme.S', 'b', 'acme:b'],
  ['C:\\acme.S', 'C:\\acme.S', null, 'acme'],
  ['C:/hv/acme.S:B', 'C:/hv/acme.S', 'B', 'acme:B'],
])('the target %s', (text, name, letter, label) => {
  expect(splitTarget(text)).toEqual({ name, letter });
  expect(targetLabel(text)).toBe(label);
});

test('names are relative to the project, in URIs with slashes', () => {
  const name = relativeNames('C:\\k', 'C:\\k\\arch');
  expect(name('ia64\\ivt.S')).toBe('arch/ia64/ivt.S');
  expect(name('C:\\k\\Makefile')).toBe('Makefile');
  expect(nameAsUri(name('C:\\k\\a b.S'))).toBe('a%20b.S');
  expect(['C:/x', '/x', 'x', './x'].map(isAbsolute)).toEqual([true, true, false, false]);
});
