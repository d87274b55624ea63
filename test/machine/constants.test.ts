import { describe, expect, test } from 'vitest';
import { constantValue } from '../../src/machine/constants.ts';
import type { NameScope } from '../../src/machine/naming.ts';
import { parseExpression } from '../../src/syntax/parse.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { tokenize } from '../../src/syntax/tokenize.ts';

const symbols = new Map([['four', 4n]]);
const scope: NameScope = { alias: () => undefined, frame: null, symbol: (name) => symbols.get(name) };

function value(text: string): bigint | undefined {
  const { expression } = parseExpression(tokenize(new SourceText('x.s', text), { dialect: 'gas' }));
  return expression === null ? undefined : constantValue(expression, scope);
}

describe('constant expressions, as gas computes them', () => {
  test.each([
    ['0x10+2*3', 22n],
    ['-7/2', -3n],
    ['-7%2', -1n],
    ['1<<63', -(1n << 63n)],
    ['1<<64', 0n],
    ['-1>>60', 15n],
    ['~0', -1n],
    ['!5', 0n],
    ['!0', 1n],
    ['3==3', -1n],
    ['3!=3', 0n],
    ['2<3', -1n],
    ['2&&0', 0n],
    ['2||0', 1n],
    ['0xffffffffffffffff', -1n],
    ['psr.ic|psr.i', 0x6000n],
    ['psr.dfh', 1n << 19n],
    ['(four+1)*8', 40n],
    ["'a'", 97n],
  ])('%s', (text, expected) => expect(value(text)).toBe(expected));

  test.each(['five', '1f', '.', '@gprel(four)', '1/0', '1%0', 'r8'])('%s has none', (text) =>
    expect(value(text)).toBeUndefined(),
  );
});
