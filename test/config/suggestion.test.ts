import { expect, test } from 'vitest';
import { suggestion } from '../../src/config/suggestion.ts';

const known = [
  'fc',
  'r1',
  'mov',
  'movl',
  'add',
  'shl',
  'br.call.sptk',
  'thash',
  'COVER',
  'target',
  'format',
  'xen',
  'kvm',
];

test.each([
  ['mvo', 'mov'],
  ['thsh', 'thash'],
  ['TAHSH', 'thash'],
  ['tagret', 'target'],
  ['formta', 'format'],
  ['covr', 'COVER'],
  ['br.cal.sptk', 'br.call.sptk'],
  ['br.clal.stpk', 'br.call.sptk'],
  ['xne', 'xen'],
  ['kwm', 'kvm'],
  ['ad', 'add'],
])('%s is a misspelt %s', (word, meant) => {
  expect(suggestion(word, known)).toBe(`; did you mean '${meant}'?`);
});

// Half of a word of two letters is another word, and so is most of one that three changes make.
test.each(['f1', 'ft', 'r', 'x', '', 'abc', 'xyz', 'zzz', 'thxyo', 'br.ret', 'tarantula'])('%j is none', (word) => {
  expect(suggestion(word, known)).toBe('');
});

test('of several the nearest, of these the first', () => {
  expect(suggestion('movx', ['movel', 'mov', 'movl'])).toBe("; did you mean 'mov'?");
});
