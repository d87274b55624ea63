import { beforeAll, describe, expect, test } from 'vitest';
import { parseSource } from '../../src/syntax/parse.ts';
import { printTree } from '../../src/syntax/print.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { workOf } from '../support/work.ts';

function errorsOf(text: string): string[] {
  const tree = parseSource(new SourceText('t.S', text));
  expect(printTree(tree)).toBe(text);
  return tree.errors.map(({ message }) => message);
}

describe('no depth of nesting overflows the stack', () => {
  const many = 100_000;
  const deep = 'the expression is nested too deeply';
  test.each<[string, string, string[]]>([
    ['parentheses', `mov r1=${'('.repeat(many)}1${')'.repeat(many)}\nrfi`, [deep]],
    ['open parentheses', `${'('.repeat(many)}\nrfi`, [deep]],
    ['brackets', `mov r1=${'['.repeat(many)}\nrfi`, [deep]],
    ['unary operators', `mov r1=${'~'.repeat(many)}1\nrfi`, [deep]],
    ['operators', `data8 1${'+1'.repeat(many)}\nrfi`, ['the expression is too long']],
    ['relocations', `add r1=${'@ltoff('.repeat(many)}\nrfi`, [deep]],
    ['macro calls', `${'F('.repeat(many)}rfi${')'.repeat(many)}\nrfi`, []],
    ['macro calls in an operand', `mov r1=${'F('.repeat(many)}1${')'.repeat(many)}\nrfi`, []],
    ['conditionals', `${'#if X\n'.repeat(many)}`, []],
    ['bundles', '{'.repeat(many), []],
  ])('%s', (_name, text, messages) => expect(errorsOf(text)).toEqual(messages));

  test('a directive keeps what is nested too deeply', () => expect(errorsOf(`.x ${'('.repeat(many)}`)).toEqual([]));
});

const PIECES: readonly (readonly [what: string, piece: string])[] = [
  ['instructions', '(p6) ld8.fill r8=[r2],16 ;; // c\n'],
  ['one line', 'mov r1=r2; '],
  ['operands', 'r1, '],
  ['stray characters', ') '],
  ['errors', 'mov r1=(r2\n'],
  ['macro calls', 'EX(.Lfail, (p6) probe.w.fault r32, 3)\n'],
  ['splices', 'nop 0; \\\n'],
  ['backslashes', '\\ '],
  ['quotes', '\' " '],
  ['block comments', '/* a */ '],
  ['open parentheses', '(a '],
  ['C lines', '#ifndef __ASSEMBLY__\nint x;\n'],
  ['words', 'a.b##c '],
  ['definitions', '#define F(a) mov r1=a\n'],
  ['open braces', '{\n'],
];

describe('work grows with the text, not with its square', () => {
  const parse = (text: string) => () => parseSource(new SourceText('t.S', text));
  const factor = 16;
  let work: readonly number[] = [];
  beforeAll(() => {
    for (const [, piece] of PIECES) parse(piece)(); // tables that are made at the first call
    // Counted together: starting and stopping the counter takes longer than what is counted.
    work = workOf(...PIECES.flatMap(([, piece]) => [parse(piece.repeat(40)), parse(piece.repeat(40 * factor))]));
  });

  test.each(PIECES.map(([what], at) => [what, at] as const))('%s', (_, at) => {
    expect(work[2 * at + 1]! / work[2 * at]!).toBeLessThan(factor * 1.5);
  });

  /** More tokens than a call can have arguments. */
  test('a line of 5 MB', () => {
    expect(errorsOf('mov r1=r2;'.repeat(500_000))).toEqual([]);
  });
});
