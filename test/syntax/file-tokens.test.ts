/** Tokens that a file's tree and its preprocessing share. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cutWhole, takeWhole, tokensBetween } from '../../src/syntax/file-tokens.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { type Token, TokenKind } from '../../src/syntax/token.ts';
import { tokenize } from '../../src/syntax/tokenize.ts';

const seen = (tokens: readonly Token[]) =>
  tokens.map(({ kind, text, start, end, spaceBefore }) => [kind, text, start, end, spaceBefore]);

test.each(['samples/ivt.S', 'samples/minstate.h'])(
  '%s: a part of what was cut whole is the part cut by itself',
  (path) => {
    const text = readFileSync(path, 'latin1');
    const file = new SourceText(path, text);
    cutWhole(file);
    const ends = tokenize(file).flatMap(({ kind, end }) => (kind === TokenKind.Comment ? [] : [end]));
    for (let at = 0; at + 17 < ends.length; at += 17) {
      const [start, end] = [ends[at]!, ends[at + 17]!];
      expect(seen(tokensBetween(file, start, end))).toEqual(seen(tokenize(file, { start, end, trivia: false })));
    }
  },
);

test('a file that is cut whole is cut once, until its tree has taken its tokens', () => {
  const file = new SourceText('a.S', 'f:\tmov r8 = cr.ifa // why\n');
  cutWhole(file);
  const parts = tokensBetween(file, 0, file.text.length);
  cutWhole(file);
  const whole = takeWhole(file);
  expect(parts.every((token) => whole.includes(token))).toBe(true);
  expect(takeWhole(file)[0]).not.toBe(whole[0]);
});
