/** Several token lists of one source, parsed with what they have in common parsed once. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expandAssemblerMacros } from '../../src/macros/expand.ts';
import { coveringRuns } from '../../src/preprocess/covering-runs.ts';
import { LineParser } from '../../src/syntax/line-parser.ts';
import { parseTokens } from '../../src/syntax/parse.ts';
import { SourceText } from '../../src/syntax/source.ts';
import type { Token } from '../../src/syntax/token.ts';
import { tokenize } from '../../src/syntax/tokenize.ts';
import { show } from './show.ts';

/** The same statements, of the same tokens, as the list parsed by itself; and how many tokens all lists take together. */
function parseInTurn(lists: readonly (readonly Token[])[]): number {
  const parser = new LineParser();
  let held = 0;
  for (const list of lists) {
    const alone = parseTokens(list);
    const shared = parser.parse(list);
    expect(show(shared.tokens, shared.statements)).toEqual(show(list, alone.statements));
    expect(placesOf(shared.tokens, shared.statements)).toEqual(placesOf(list, alone.statements));
    held = shared.tokens.length;
  }
  return held;
}

function placesOf(tokens: readonly Token[], statements: ReturnType<typeof parseTokens>['statements']): string[] {
  return statements.map(({ kind, first, last }) =>
    [kind, ...tokens.slice(first, last + 1).map(({ file, start, use }) => `${file.name}:${start}${useOf(use)}`)].join(),
  );
}

function useOf(use: Token['use']): string {
  return use === null ? '' : `|${use.name}@${use.file.name}:${use.start}${use.argument}${useOf(use.parent)}`;
}

/** Statements, parts of statements, what is wrong, and what reaches over the end of a line. */
const PARTS = [
  ...[
    'mov r8=cr.ifa',
    '(p6) br.ret.sptk rp',
    'f:',
    '[1:]',
    '.text',
    'x = 1 + (2',
    ')',
    '{',
    '{ .mii',
    '.mii',
    '}',
    'rfi',
  ],
  ...['# note', '#define', '#if 0', 'foo#', '"s;t"', ',', 'mov = =', '.macro m a', '.endm', '[r2', '@gprel(x)'],
];
const SEPARATORS = ['\n', '\n', ';', ' ;; ', ';;\n', '; ;', ' '];

test('random lists: each line that is left out of some of them is in a list of its own', () => {
  const piece = fc.record({
    part: fc.constantFrom(...PARTS),
    separator: fc.constantFrom(...SEPARATORS),
    lists: fc.integer({ min: 0, max: 7 }),
  });
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 14 }), (pieces) => {
      const file = new SourceText('t.S', pieces.map(({ part, separator }) => part + separator).join(''));
      const tokens = tokenize(file, { trivia: false });
      const lists = [0, 1, 2].map((list) => {
        let start = 0;
        return pieces.flatMap(({ part, separator, lists: bits }) => {
          const from = start;
          start += part.length + separator.length;
          return (bits >> list) & 1 ? tokens.filter((token) => token.start >= from && token.start < start) : [];
        });
      });
      parseInTurn(lists.filter((list) => list.length > 0));
    }),
    { numRuns: 1500 },
  );
});

describe('the runs of a sample', () => {
  test.each([
    ['samples/ivt.S', 1.2],
    ['samples/entry.S', 1.2],
  ])('%s: what they have in common is there once', (path, most) => {
    const headers = (name: string) => {
      try {
        return readFileSync(name, 'latin1');
      } catch {
        return undefined;
      }
    };
    const source = new SourceText(path, readFileSync(path, 'latin1'));
    const options = { includeDirs: ['samples'], commands: [], strict: false, host: { read: headers } };
    const runs = coveringRuns(source, options as never, () => true).map(
      ({ result }) => expandAssemblerMacros(result.tokens).tokens,
    );
    expect(runs.length).toBeGreaterThan(1);
    const held = parseInTurn(runs);
    expect(held / runs[0]!.length).toBeLessThan(most);
  });
});
