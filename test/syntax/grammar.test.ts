import { expect, test } from 'vitest';
import { Grammar } from '../../src/syntax/grammar.ts';

test('the grammar is valid: no ambiguity, no left recursion, no alternative that can never be taken', () => {
  expect(() => new Grammar(false)).not.toThrow();
});
