import { expect, test } from 'vitest';
import { SourceText } from '../../src/syntax/source.ts';
import { tokenize } from '../../src/syntax/tokenize.ts';
import { growth, workOf } from './work.ts';

const lex = (pieces: number) => () => tokenize(new SourceText('t.S', 'mov r1=r2\n'.repeat(pieces)));

test('work is the same each time', () => {
  lex(1)(); // tables that are made at the first call
  const [once, again] = workOf(lex(100), lex(100));
  expect(once).toBeGreaterThan(100);
  expect(again).toBe(once);
});

test('it grows with the text, and with the square where there is one', () => {
  expect(growth((pieces) => lex(pieces)(), 20, 10)).toBeCloseTo(10, 0);
  const square = (pieces: number) => {
    for (let at = 0; at < pieces; at++) lex(pieces)();
  };
  expect(growth(square, 4, 10)).toBeGreaterThan(60);
});
