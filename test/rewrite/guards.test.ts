/** A listing says which -D and -U it was made for, and is not compiled with others. */
import { describe, expect, test } from 'vitest';
import { preprocess } from '../../src/preprocess/preprocess.ts';
import type { Command } from '../../src/preprocess/types.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { built } from './support.ts';

const SOURCE = '#ifdef A\n\tnop 1\n#endif\n#if N > 2\n\tnop 2\n#endif\nf:\tmov r8=cr.ifa\n\tbr.ret.sptk b0\n';
const define = (text: string): Command => ({ kind: 'define', text });
const undef = (name: string): Command => ({ kind: 'undef', name });

function listing(commands: readonly Command[], target = 'xen:b', text = SOURCE): string {
  return built({ files: { 'a.S': text }, targets: [target], commands }).listings[0]!.text;
}

/** What cpp says of a listing that is compiled with other flags. */
function errors(text: string, commands: readonly Command[]): string[] {
  const options = { includeDirs: [], strict: false, host: { read: () => undefined } };
  return preprocess(new SourceText('a.S', text), { ...options, commands }).diagnostics.map(({ message }) => message);
}

describe('a listing made with flags', () => {
  const flags = [undef('A'), define('N=4')];
  test('is compiled with the same', () => expect(errors(listing(flags), flags)).toEqual([]));
  test.each([
    ['a name defined that -U gave', [define('A'), define('N=4')], '-UA'],
    ['another value', [define('N=3')], '-DN=4'],
    ['no value', [], '-DN=4'],
  ])('is refused with %s', (_, others, told) => {
    expect(errors(listing(flags), others)).toEqual([
      `#error "made by pvasm for ${told}: compile it with the same flags"`,
    ]);
  });
});

test.each([
  ['without flags', [], 'xen:b', SOURCE],
  ['for the bare machine', [undef('A')], 'native', SOURCE],
  ['where no condition asks', [define('B'), undef('C')], 'xen:b', SOURCE],
  ['where the source has the last word', [define('A'), define('N')], 'xen:b', `#undef A\n#define N 3\n${SOURCE}`],
] as const)('a listing %s is for all', (_, flags, target, text) => {
  expect(listing(flags, target, text)).not.toContain('#error');
});
