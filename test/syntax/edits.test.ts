import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits, checkEdits, type Edit } from '../../src/syntax/edits.ts';

describe('edits', () => {
  test.each<[string, Edit[], string]>([
    ['abc', [], 'abc'],
    ['abc', [{ start: 1, end: 2, text: 'X' }], 'aXc'],
    [
      'abc',
      [
        { start: 0, end: 0, text: 'X' },
        { start: 3, end: 3, text: 'Y' },
      ],
      'XabcY',
    ],
    [
      'abc',
      [
        { start: 1, end: 1, text: 'X' },
        { start: 1, end: 1, text: 'Y' },
        { start: 1, end: 3, text: '' },
      ],
      'aXY',
    ],
  ])('%j %j', (text, edits, expected) => expect(applyEdits(text, edits)).toBe(expected));

  test.each<[Edit[], string]>([
    [[{ start: 2, end: 1, text: '' }], 'edit 0 ends at 1, before its start 2'],
    [
      [
        { start: 0, end: 2, text: '' },
        { start: 1, end: 3, text: '' },
      ],
      'edit 1 starts at 1, inside or before the edit that ends at 2',
    ],
    [[{ start: 0, end: 4, text: '' }], 'edit 0 ends at 4, behind the end of the text at 3'],
    [[{ start: 0.5, end: 1, text: '' }], 'edit 0 has no whole offsets'],
    [[{ start: -1, end: 1, text: '' }], 'edit 0 starts at -1, inside or before the edit that ends at 0'],
  ])('%j is refused', (edits, message) => {
    expect(checkEdits(edits, 3)).toBe(message);
    expect(() => applyEdits('abc', edits)).toThrow(message);
  });

  test('as one replacement after the other, from the back', () => {
    const cuts = fc.uniqueArray(fc.nat(50), { maxLength: 10 }).map((list) => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(
        fc.string({ minLength: 51, maxLength: 60 }),
        cuts,
        fc.array(fc.string({ maxLength: 4 }), { minLength: 5 }),
        (text, at, texts) => {
          const edits: Edit[] = [];
          for (let index = 0; index + 1 < at.length; index += 2)
            edits.push({ start: at[index]!, end: at[index + 1]!, text: texts[index / 2]! });
          let expected = text;
          for (const { start, end, text: replacement } of edits.toReversed())
            expected = expected.slice(0, start) + replacement + expected.slice(end);
          expect(applyEdits(text, edits)).toBe(expected);
        },
      ),
    );
  });

  test('many edits in little time', () => {
    const text = 'x'.repeat(1_000_000);
    const edits = Array.from({ length: 200_000 }, (_, index) => ({
      start: index * 5,
      end: index * 5 + 2,
      text: 'abc',
    }));
    expect(applyEdits(text, edits).length).toBe(1_200_000);
  });
});
