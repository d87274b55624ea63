import { describe, expect, test } from 'vitest';
import { parseSource } from '../../src/syntax/parse.ts';
import { printTree } from '../../src/syntax/print.ts';
import { SourceText } from '../../src/syntax/source.ts';

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

/** In milliseconds. */
function time(text: string): number {
  const start = performance.now();
  parseSource(new SourceText('t.S', text));
  return performance.now() - start;
}

/** A clock on a busy machine proves nothing by one long measurement; a square is over the limit every time. */
const ATTEMPTS = 10;

describe('time grows with the text, not with its square', () => {
  test.each<[string, string]>([
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
  ])('%s', (_name, piece) => {
    const small = piece.repeat(500);
    const factor = 32;
    const large = piece.repeat(500 * factor);
    // Ten times the linear time, a third of the square.
    const isLinear = () => time(large) < time(small) * factor * 10 + 200;
    expect(Array.from({ length: ATTEMPTS }).some(isLinear)).toBe(true);
  });

  test('a line of 5 MB', () => {
    const text = 'mov r1=r2;'.repeat(500_000);
    expect(errorsOf(text)).toEqual([]);
  });
});
