/** A listing says which -D and -U it was made for, and is not compiled with others. */
import { describe, expect, test } from 'vitest';
import { expandAssemblerMacros } from '../../src/macros/expand.ts';
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

describe('a listing made for symbols of the command line', () => {
  const text =
    'f:\tmov r14=5 ;;\n\tmov r15=cr.ivr ;;\n\t.ifdef X\n\tadd r15=r14,r15 ;;\n\t.endif\n\tmov r8=r15\n\tbr.ret.sptk b0\n';
  const symbol = (line: string): Command => ({ kind: 'assembly', line });
  /** What the assembler says of it, by our reading of its language; with the real one: test/cli/as.test.ts. */
  const refusals = (made: string, commands: readonly Command[]) => {
    const options = { includeDirs: [], strict: false, host: { read: () => undefined } };
    const { tokens } = preprocess(new SourceText('a.S', made), { ...options, commands });
    return expandAssemblerMacros(tokens).refusals.map(({ message }) => message);
  };

  test('is made of the code that they choose: Xen returns its answer in r8', () => {
    const reading = text.replace('mov r14=5 ;;', 'nop 0').replaceAll('r14', 'r8');
    const saved = /mov r\d+=r8; break/;
    expect(listing([symbol('X = 1')], 'xen:b', reading)).toMatch(saved);
    expect(listing([], 'xen:b', reading)).not.toMatch(saved);
  });

  test.each<[string, Command[], Command[], string[]]>([
    ['the same', [symbol('X = 1')], [symbol('X = 1')], []],
    ['none, where none was given', [], [], []],
    ['one that was not given', [], [symbol('X = 1')], ['made by pvasm for no --defsym X: give pvasm the same option']],
    ['none', [symbol('X = 1')], [], ['made by pvasm for --defsym X=1: assemble it with the same option']],
    [
      'another value',
      [symbol('X = 1')],
      [symbol('X = 2')],
      ['made by pvasm for --defsym X=1: assemble it with the same option'],
    ],
  ])('is assembled with %s', (_, made, used, told) => {
    expect(refusals(listing(made, 'xen:b', text), used)).toEqual(told);
  });

  test('a symbol that the source defines is no choice', () => {
    expect(listing([], 'xen:b', `X = 1\n${text}`)).not.toContain('.error');
  });
});
