import fc from 'fast-check';
import { parse, stringify } from 'smol-toml';
import { expect, test } from 'vitest';
import { readToml, type TomlPath } from '../../src/config/toml.ts';
import { SourceText } from '../../src/syntax/source.ts';

function spelled(text: string, path: TomlPath): string {
  const { file, start, end } = readToml(new SourceText('a.toml', text)).placeOf(path);
  return file.text.slice(start, end);
}

const DOCUMENT = `
# a comment = [
targets = ["native", 'xen:a', """long
"quoted\\"" """]
a . "b c".d = { x = 1, y = [ { z = 2 }, ] } # more
[rules] # [not.this]
PV001 = "off"
[[suppress]]
rule = "PV001"
[suppress.inner]
key = 1
[[suppress]]
rule = "PV002"
`;

test.each<[TomlPath, string]>([
  [['targets'], 'targets'],
  [['targets', 1], "'xen:a'"],
  [['targets', 2], '"""long\n"quoted\\"" """'],
  [['a', 'b c', 'd', 'x'], 'x'],
  [['a', 'b c', 'd', 'y', 0, 'z'], 'z'],
  [['rules'], '[rules]'],
  [['rules', 'PV001'], 'PV001'],
  [['suppress', 1], '[[suppress]]'],
  [['suppress', 1, 'rule'], 'rule'],
  [['suppress', 0, 'inner', 'key'], 'key'],
  [['rules', 'PV999'], '[rules]'],
  [['nowhere'], ''],
])('finds %j', (path, text) => {
  expect(spelled(DOCUMENT, path)).toBe(text);
});

test('tells the second of two entries from the first', () => {
  const document = readToml(new SourceText('a.toml', DOCUMENT));
  const line = (path: TomlPath): number => document.file.position(document.placeOf(path).start).line;
  expect([line(['suppress', 0, 'rule']), line(['suppress', 1, 'rule'])]).toEqual([9, 13]);
});

test.each([
  ['a = \n', 1],
  ['a = 1\nb = [1, 2\n', 3],
  ['a = 1\na = 2\n', 2],
  ['[a\n', 1],
])('%j is one error at its line', (text, line) => {
  const { diagnostics, value } = readToml(new SourceText('a.toml', text));
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]!.file.position(diagnostics[0]!.start).line).toBe(line);
  expect(value).toEqual({});
});

test('a place behind other text than ASCII counts bytes', () => {
  const text = Buffer.from('reason = "für r8 → r9"\nb = 1\n', 'utf8').toString('latin1');
  expect(spelled(text, ['b'])).toBe('b');
});

test.each([
  ['a dotted key', `a${'.a'.repeat(100_000)} = 1\n`],
  ['a list of lists', `a = ${'['.repeat(100_000)}`],
  ['a list of lists, a line each', `a = ${'[\n'.repeat(20_000)}`],
])('%s beyond all measure is one error, at once', { timeout: 10_000 }, (_, text) => {
  const { diagnostics } = readToml(new SourceText('a.toml', `b = 1\n${text}`));
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]!.file.position(diagnostics[0]!.start).line).toBeGreaterThan(1);
});

test('UTF-8 in the file is text in its values', () => {
  const text = Buffer.from('reason = "für r8 → r9"\n', 'utf8').toString('latin1');
  expect(readToml(new SourceText('a.toml', text)).value).toEqual({ reason: 'für r8 → r9' });
});

test('every key of a written document has a place, whatever the values', () => {
  const key = fc
    .string({ minLength: 1, maxLength: 6 })
    .filter((name) => name !== '__proto__' && !/["\\\x00-\x1f\x7f]/.test(name));
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean());
  const value = fc.dictionary(key, fc.oneof(leaf, fc.array(fc.string()), fc.dictionary(key, leaf)), {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(value, (table) => {
      const text = Buffer.from(stringify(table), 'utf8').toString('latin1');
      const document = readToml(new SourceText('a.toml', text));
      expect(document.diagnostics).toEqual([]);
      expect(document.value).toEqual(parse(stringify(table)));
      for (const name of Object.keys(table)) {
        const bytes = Buffer.from(name, 'utf8').toString('latin1');
        const { start, end } = document.placeOf([name]);
        expect(text.slice(start, end)).toContain(bytes);
      }
    }),
    { numRuns: 200 },
  );
});

test('never throws and always ends, whatever the text', () => {
  const pieces = fc.constantFrom(
    '[',
    ']',
    '[[',
    ']]',
    '"',
    "'",
    '"""',
    '=',
    '.',
    'a',
    '{',
    '}',
    ',',
    '#',
    '\n',
    ' ',
    '\\',
    '1',
  );
  fc.assert(
    fc.property(fc.array(pieces), (parts) => {
      const document = readToml(new SourceText('a.toml', parts.join('')));
      expect(document.placeOf(['a']).file.name).toBe('a.toml');
    }),
    { numRuns: 500 },
  );
});
