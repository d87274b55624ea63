import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unifiedDiff, versionsDiff } from '../../src/report/hunks.ts';
import { colourPaint, plainPaint } from '../../src/report/paint.ts';
import { expandTabs, sideBySide } from '../../src/report/side-by-side.ts';
import { rowsOf } from '../../src/report/versions.ts';
import { applyEdits, type Edit } from '../../src/syntax/edits.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { growth } from '../support/work.ts';
import { applyUnified } from './apply.ts';

/** A text of some lines, and a list of edits that fits it. */
const textAndEdits = (lists: number) =>
  fc
    .array(fc.constantFrom('a\n', 'bb\n', '\n', 'c\r\n', 'mov r8=r9\n', 'x'), { maxLength: 30 })
    .map((lines) => lines.join(''))
    .chain((text) => fc.tuple(fc.constant(text), fc.array(editsFor(text), { minLength: lists, maxLength: lists })));

function editsFor(text: string): fc.Arbitrary<Edit[]> {
  const edit = fc.record({
    start: fc.nat(text.length),
    length: fc.nat(6),
    text: fc.constantFrom('', 'n', 'n\n', 'one\ntwo\n', '\n'),
  });
  return fc.array(edit, { maxLength: 6 }).map((drafts) => {
    const edits: Edit[] = [];
    for (const { start, length, text: replacement } of drafts.sort((a, b) => a.start - b.start)) {
      if (start < (edits.at(-1)?.end ?? 0) || edits.at(-1)?.start === start) continue;
      edits.push({ start, end: Math.min(text.length, start + length), text: replacement });
    }
    return edits;
  });
}

describe('versions of a file', () => {
  test('the lines of each version are its text', () => {
    fc.assert(
      fc.property(textAndEdits(2), ([text, lists]) => {
        const rows = rowsOf(new SourceText('t.S', text), [[], ...lists]);
        for (const [version, edits] of [[], ...lists].entries()) {
          const lines = rows.flatMap(({ texts }) => texts[version] ?? []);
          expect(lines.join('')).toBe(applyEdits(text, edits));
        }
      }),
    );
  });

  test('applying the unified diff of two versions to one gives the other', () => {
    fc.assert(
      fc.property(textAndEdits(2), ([text, lists]) => {
        const [left, right] = lists as [Edit[], Edit[]];
        const diff = versionsDiff(new SourceText('t.S', text), [left, right], ['a', 'b']);
        expect(applyUnified(applyEdits(text, left), diff)).toBe(applyEdits(text, right));
      }),
    );
  });

  test('work grows with the number of edits, not with its square', () => {
    const diffOf = (count: number) => {
      const file = new SourceText('t.S', 'mov r8=cr.ivr\n'.repeat(2 * count));
      const edits = Array.from({ length: count }, (_, at) => ({ start: at * 28, end: at * 28 + 3, text: 'MOV' }));
      return unifiedDiff(file, edits);
    };
    expect(diffOf(10_000).match(/^-/gm)!.length).toBe(10_001);
    expect(growth(diffOf, 100, 16)).toBeLessThan(16 * 1.5);
  });
});

describe('unified', () => {
  test.each<[what: string, text: string, edits: Edit[], expected: string]>([
    ['nothing', 'a\n', [], ''],
    [
      'one line',
      '1\n2\n3\n4\n5\n6\n',
      [{ start: 6, end: 7, text: 'x' }],
      '@@ -1,6 +1,6 @@\n 1\n 2\n 3\n-4\n+x\n 5\n 6\n',
    ],
    ['a line more', '1\n2\n', [{ start: 2, end: 2, text: 'x\n' }], '@@ -1,2 +1,3 @@\n 1\n+x\n 2\n'],
    [
      'no line end',
      'a',
      [{ start: 0, end: 1, text: 'b' }],
      '@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n',
    ],
    ['at the end', 'a\n', [{ start: 2, end: 2, text: 'b\n' }], '@@ -1,1 +1,2 @@\n a\n+b\n'],
    [
      'far apart',
      `${'l\n'.repeat(20)}`,
      [
        { start: 0, end: 1, text: 'x' },
        { start: 38, end: 39, text: 'y' },
      ],
      '@@ -1,4 +1,4 @@\n-l\n+x\n l\n l\n l\n@@ -17,4 +17,4 @@\n l\n l\n l\n-l\n+y\n',
    ],
  ])('%s', (_, text, edits, expected) => {
    const head = expected === '' ? '' : '--- a/t.S\n+++ b/t.S\n';
    expect(unifiedDiff(new SourceText('t.S', text), edits)).toBe(head + expected);
  });

  test('the heading names what the edits of the hunk are', () => {
    const edits = [
      { start: 0, end: 1, text: 'x', name: 'first' },
      { start: 2, end: 3, text: 'y', name: 'second' },
    ];
    const heading = (of: readonly { name: string }[]) => of.map(({ name }) => name).join(', ');
    expect(unifiedDiff(new SourceText('t.S', 'a\nb\n'), edits, undefined, { heading })).toContain(
      '@@ -1,2 +1,2 @@ first, second\n',
    );
  });
});

describe('side by side', () => {
  const source = new SourceText('t.S', '\tmov r8=cr.ivr\t// what came\n\tmov r9=r8\n');
  const edits = [{ start: 1, end: 14, text: 'mov r8=0xfffffffffff04800 /* XSI_IVR */ ;; ld8 r8=[r8]' }];
  const show = (width: number, paint = plainPaint) =>
    sideBySide(source, [[], edits], ['t.S', 'xen'], { width, heading: () => 'READ_IVR t.S:1', paint });

  test('columns, with the rest of wide lines below', () => {
    expect(show(83)).toBe(
      [
        't.S                                        xen',
        '-- READ_IVR t.S:1 -----------------------------------------------------------------',
        '    1         mov r8=cr.ivr   // what    |     1         mov r8=0xfffffffffff04800',
        '   .. came                               |    .. /* XSI_IVR */ ;; ld8 r8=[r8]  //',
        '                                         |    .. what came',
        '    2         mov r9=r8                        2         mov r9=r8',
        '',
      ].join('\n'),
    );
  });

  test('no line is wider than asked for, unless columns would be of no use', () => {
    for (const width of [60, 80, 121, 200])
      for (const line of show(width).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    expect(show(10).split('\n')[0]).toHaveLength('t.S'.padEnd(26).length + 3 + 3);
  });

  test('colours change nothing else', () => {
    const colourless = show(100, colourPaint).replace(/\x1b\[\d+m/g, '');
    const trimmed = (text: string) => text.replace(/ +$/gm, '');
    expect(trimmed(colourless)).toBe(trimmed(show(100)));
    expect(show(100, colourPaint)).toContain('\x1b[7m0x');
  });

  test.each([
    ['\ta', '        a'],
    ['ab\tc', 'ab      c'],
    ['12345678\tc', '12345678        c'],
    ['\x1b[0m', '?[0m'],
    ['\xc3\xa9\tx', '\xc3\xa9       x'],
  ])('tabs and control characters: %j', (text, expected) => {
    expect(expandTabs(text)).toBe(expected);
  });

  test('equal versions are nothing to show', () => {
    expect(sideBySide(source, [edits, edits], ['a', 'b'], { width: 80, heading: () => '', paint: plainPaint })).toBe(
      '',
    );
  });
});
