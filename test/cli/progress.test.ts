/** What a call of many files shows on a terminal. */
import { expect, test } from 'vitest';
import { progressLine, type Screen } from '../../src/cli/progress.ts';
import { SourceText } from '../../src/syntax/source.ts';

function shown(screen: Omit<Screen, 'write'>, total: number, terminal?: string): string {
  let text = '';
  const line = progressLine({ ...screen, write: (more) => (text += more) }, total, terminal);
  line.show(new SourceText('kernel/entry.S', ''), 0);
  line.show(new SourceText('ivt.S', ''), 1);
  line.clear();
  return text;
}

const clear = '\r\u001b[K';

test('the file and the count, one over the other, and in the end nothing', () => {
  expect(shown({ isTTY: true }, 12)).toBe(`${clear}1/12 kernel/entry.S${clear}2/12 ivt.S${clear}`);
});

test('no more than the line takes', () => {
  expect(shown({ isTTY: true, columns: 10 }, 2)).toBe(`${clear}1/2 kerne${clear}2/2 ivt.S${clear}`);
  expect(shown({ isTTY: true, columns: 0 }, 2)).toBe(`${clear}1/2 kernel/entry.S${clear}2/2 ivt.S${clear}`);
});

test.each<[string, Omit<Screen, 'write'>, number, string?]>([
  ['in a pipe', {}, 12],
  ['for one file', { isTTY: true }, 1],
  ['on a terminal that cannot', { isTTY: true }, 12, 'dumb'],
])('nothing %s', (_, screen, total, terminal) => {
  expect(shown(screen, total, terminal)).toBe('');
});
