import { describe, expect, test } from 'vitest';
import { splitArguments } from '../../src/syntax/arguments.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { tokenize } from '../../src/syntax/tokenize.ts';

describe('arguments of a macro call', () => {
  test.each<[string, string[] | null]>([
    ['(a, b c ,d)', ['a', 'b c', 'd']],
    ['( , (a,b) [c,d] )', ['', '(a,b) [c', 'd]']],
    ['()', ['']],
    ['(/* x */)', ['']],
    ['(a,\n\n b\n) c)', ['a', 'b']],
    ['(".,)", \',\')', ['".,)"', "','"]],
    ['(a, (b)', null],
  ])('%j', (text, expected) => {
    const tokens = tokenize(new SourceText('t', text));
    const split = splitArguments(tokens, 0);
    const texts = split?.args.map(({ first, last }) =>
      tokens
        .slice(first, last + 1)
        .map((token) => token.text)
        .join(''),
    );
    expect(texts ?? null).toEqual(expected);
    if (split !== null) expect(tokens[split.close]!.text).toBe(')');
  });
});
