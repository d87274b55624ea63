import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SourceText } from '../../src/syntax/source.ts';
import { TokenKind } from '../../src/syntax/token.ts';
import { type Dialect, tokenize } from '../../src/syntax/tokenize.ts';
import { bytes, sourceText } from './text.ts';

const LETTERS = ['I', 'N', 'S', 'C', 'P', '\\n', '_', '#', '?'];

/** Tokens as `kind:text`, blanks left out; kinds by their letters above. */
function tokens(text: string, dialect: Dialect = 'cpp'): string[] {
  return tokenize(new SourceText('t', text), { dialect })
    .filter(({ kind }) => kind !== TokenKind.Space)
    .map(({ kind, text: spelled }) => (kind === TokenKind.Newline ? '\\n' : `${LETTERS[kind]}:${spelled}`));
}

describe('lexemes of cpp', () => {
  test.each<[string, string[]]>([
    ['ld8.fill r8=[r2],16', ['I:ld8', 'P:.', 'I:fill', 'I:r8', 'P:=', 'P:[', 'I:r2', 'P:]', 'P:,', 'N:16']],
    ['1f 0x10 .5 1e+5 0x1E-x 1p+2 1_a.b', ['N:1f', 'N:0x10', 'N:.5', 'N:1e+5', 'N:0x1E-x', 'N:1p+2', 'N:1_a.b']],
    ['0x1f-.', ['N:0x1f', 'P:-', 'P:.']],
    [';;;', ['P:;', 'P:;', 'P:;']],
    ['a##b #x', ['I:a', 'P:##', 'I:b', 'P:#', 'I:x']],
    [
      '<<= >>= << >> <= >= == != && || ... .. ->',
      ['P:<<=', 'P:>>=', 'P:<<', 'P:>>', 'P:<=', 'P:>=', 'P:==', 'P:!=', 'P:&&', 'P:||', 'P:...', 'P:.', 'P:.', 'P:->'],
    ],
    ['"a\\"b" "c\nd"', ['S:"a\\"b"', 'S:"c', '\\n', 'I:d', 'S:"']],
    ['"a\\\nb" "\\\\\n""', ['S:"ab"', 'S:"\\""']],
    ['l\\\nd8 1\\ \r\n\\\nf <\\\n<= =\\\n= x\\\n y', ['I:ld8', 'N:1f', 'P:<<=', 'P:==', 'I:x', 'I:y']],
    ["'a' '\\n' '\\'' 'ab' '\\377'", ["C:'a'", "C:'\\n'", "C:'\\''", "C:'ab'", "C:'\\377'"]],
    ["='a,'b", ['P:=', "C:'a", 'P:,', "C:'b"]],
    ["don't", ['I:don', "?:'", 'I:t']],
    ["x '", ['I:x', "?:'"]],
    ['@gprel(x) `$', ['?:@', 'I:gprel', 'P:(', 'I:x', 'P:)', '?:`', '?:$']],
    ['a\0b\xe9', ['I:a', '?:\0', 'I:b', '?:\xe9']],
    ['\\a', ['?:\\', 'I:a']],
    ['a \\\n b', ['I:a', 'I:b']],
    ['a \\ \t\r\n b', ['I:a', 'I:b']],
    ['a // b \\\n c\nd', ['I:a', '#:// b \\\n c', '\\n', 'I:d']],
    ['a /* b\n c */ d /* e', ['I:a', '#:/* b\n c */', 'I:d', '#:/* e']],
    ['/*/ a */b', ['#:/*/ a */', 'I:b']],
    ['a\r\n// b\r\nc', ['I:a', '\\n', '#:// b', '\\n', 'I:c']],
    ['a\fb\vc\rd', ['I:a', 'I:b', 'I:c', 'I:d']],
    ['', []],
  ])('%j', (text, expected) => expect(tokens(text)).toEqual(expected));
});

describe('gas reads .s files without cpp', () => {
  test.each<[string, string[]]>([
    ['# a\n  # b\n', ['#:# a', '\\n', '#:# b', '\\n']],
    ['a;# b', ['I:a', 'P:;', '#:# b']],
    ['a: # b', ['I:a', 'P::', '#:# b']],
    ['{# b', ['P:{', '#:# b']],
    ['.proc a#\n', ['P:.', 'I:proc', 'I:a', 'P:#', '\\n']],
    ['br x # b', ['I:br', 'I:x', 'P:#', 'I:b']],
    ['// a \\\nb', ['#:// a \\', '\\n', 'I:b']],
    ['a \\\nb', ['I:a', '?:\\', '\\n', 'I:b']],
    ['/* a\n*/ # b', ['#:/* a\n*/', '#:# b']],
  ])('%j', (text, expected) => expect(tokens(text, 'gas')).toEqual(expected));
});

test('what stands before a token: blanks and comments separate, a bare splice does not', () => {
  const spaced = (text: string) =>
    tokenize(new SourceText('t', text)).filter(({ kind }) => kind === TokenKind.Identifier);
  const separated = (text: string) => spaced(text).map(({ spaceBefore }) => spaceBefore);
  expect(separated('a b')).toEqual([false, true]);
  expect(separated('a/**/b')).toEqual([false, true]);
  expect(separated('a \\\nb')).toEqual([false, true]);
  expect(separated('a.\\\nb')).toEqual([false, false]);
  expect(separated('a\n b\nc')).toEqual([false, true, false]);
});

test.each<Dialect>(['cpp', 'gas'])('tokens tile any text (%s)', (dialect) => {
  fc.assert(
    fc.property(fc.oneof(sourceText, bytes), (text) => {
      let at = 0;
      for (const token of tokenize(new SourceText('t', text), { dialect })) {
        expect(token.start).toBe(at);
        expect(token.end).toBeGreaterThan(at);
        const piece = text.slice(token.start, token.end);
        const isJoined = dialect === 'cpp' && token.kind <= TokenKind.Punctuator;
        expect(token.text).toBe(isJoined ? piece.replace(/\\[ \t\v\f\r]*\n/g, '') : piece);
        at = token.end;
      }
      expect(at).toBe(text.length);
    }),
    { numRuns: 500 },
  );
});
