import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { excerpt } from '../../src/syntax/excerpt.ts';
import { SourceText } from '../../src/syntax/source.ts';

function shown(text: string, start: number, end: number): string[] {
  return excerpt({ file: new SourceText('a.S', text), start, end }).split('\n');
}

describe('the source line and a caret below', () => {
  test('tabs stay tabs, and the mark ends with the line', () => {
    expect(shown('\tmov\tr1=r2\nnop 0\n', 5, 40)).toEqual(['\tmov\tr1=r2', '\t   \t^~~~~']);
  });

  test('control characters do not reach the terminal', () => {
    expect(shown('mov \x1b[2J\n', 0, 3)).toEqual(['mov ?[2J', '^~~']);
  });

  const long = `${'a'.repeat(100)} HERE ${'b'.repeat(100)}`;
  test.each([
    ['at its beginning', 0, `${long.slice(0, 120)}...`, '^~~~'],
    ['in its midst', 101, `...${long.slice(61, 181)}...`, `${' '.repeat(43)}^~~~`],
    ['at its end', 202, `...${long.slice(86)}`, `${' '.repeat(119)}^~~~`],
  ])('of a long line the part around the place: %s', (_, start, line, mark) => {
    expect(shown(long, start, start + 4)).toEqual([line, mark]);
  });

  test('the caret stands under the first character of the place, however long the line', () => {
    fc.assert(
      fc.property(fc.nat(400), fc.nat(300), (length, at) => {
        const text = `${Array.from({ length }, (_, index) => String.fromCharCode(97 + (index % 26))).join('')}X`;
        const start = Math.min(at, length);
        const [line, mark] = shown(text, start, start + 1);
        expect(line![mark!.indexOf('^')]).toBe(text[start]);
        expect(line!.length).toBeLessThanOrEqual(126);
      }),
    );
  });
});
