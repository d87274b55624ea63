import { describe, expect, test } from 'vitest';
import { expandAssemblerMacros } from '../../src/macros/expand.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { tokenize } from '../../src/syntax/tokenize.ts';
import { assembleText, image } from '../support/assemble.ts';
import { expandText, linesOf, messagesOf, printTokens } from './support.ts';

/** What it is about, the source, and the lines that must come out. gas must make the same of both. */
const CASES: readonly [string, string, string[]][] = [
  ['positional arguments', '.macro m a, b\nadd r8=\\a,\\b\n.endm\nm r9, r10\n', ['add r8=r9,r10']],
  ['a number with the suffixes of C', '.if 0x10UL == 16\nmov r8=1\n.else\nmov r8=2\n.endif\n', ['mov r8=1']],
  ['arguments separated by blanks', '.macro m a b\nadd r8=\\a,\\b\n.endm\nm r9 r10\n', ['add r8=r9,r10']],
  [
    'blanks around an operator do not separate',
    '.macro m a, b=7\nmov r8=\\a\nmov r9=\\b\n.endm\nm 1 + 2\n',
    ['mov r8=1 + 2', 'mov r9=7'],
  ],
  ['keyword arguments and defaults', '.macro m a=r1, b=r2\nadd r8=\\a,\\b\n.endm\nm b=r10\n', ['add r8=r1,r10']],
  ['an empty argument takes the default', '.macro m a=r1, b=r2\nadd r8=\\a,\\b\n.endm\nm , r3\n', ['add r8=r1,r3']],
  ['a required argument', '.macro m a:req\nmov r8=\\a\n.endm\nm r3\n', ['mov r8=r3']],
  [
    'the rest of the line',
    '.macro m a, b:vararg\ndata8 \\a\ndata8 \\b\n.endm\nm 1, 2, 3, 4\n',
    ['data8 1', 'data8 2, 3, 4'],
  ],
  ['a string is its text', '.macro m a\nmov r8=\\a\n.endm\nm "r9"\n', ['mov r8=r9']],
  ['a string with a comma', '.macro m a\nadd r8=\\a\n.endm\nm "r9, r10"\n', ['add r8=r9, r10']],
  ['a parameter in a string', '.macro m a\n.string "<\\a>"\n.endm\nm text\n', ['.string "<text>"']],
  ['names put together', '.macro m n\nmov r\\n=r\\n\\()0\n.endm\nm 2\n', ['mov r2=r20']],
  ['a completer put together', '.macro m size\nld\\size\\().acq r8=[r9]\n.endm\nm 8\n', ['ld8.acq r8=[r9]']],
  [
    'a name includes dots: \\size.acq is no parameter',
    '.macro m size, size.acq\nld\\size.acq r8=[r9]\n.endm\nm 8, 4.acq\n',
    ['ld4.acq r8=[r9]'],
  ],
  ['the count of invocations', '.macro m\nl\\@: mov r8=r9\n.endm\nm\nm\n', ['l0: mov r8=r9', 'l1: mov r8=r9']],
  ['macro names of any case', '.macro Load a\nmov r8=\\a\n.endm\nLOAD r3\n', ['mov r8=r3']],
  ['a stop in a body', '.macro m a\nmov r8=\\a ;;\nmov r9=r8\n.endm\nm r3\n', ['mov r8=r3 ;;', 'mov r9=r8']],
  [
    'an invocation between semicolons',
    '.macro m a\nmov r8=\\a\n.endm\nmov r2=r3; m r4; mov r5=r6 ;;\n',
    ['mov r2=r3; mov r8=r4', '; mov r5=r6 ;;'],
  ],
  [
    'a body on one line: two semicolons that meet are no stop',
    '.macro m a; add r8=\\a,r9; .endm\nm r4; m r5; mov r10=r11\n',
    ['add r8=r4,r9; ; add r8=r5,r9; ; mov r10=r11'],
  ],
  ['a label before an invocation', '.macro m a\nmov r8=\\a\n.endm\nhere: m r4\n', ['here: mov r8=r4']],
  [
    'a macro that defines a macro',
    '.macro outer n\n.macro inner\\n a\nmov r\\n=\\a\n.endm\n.endm\nouter 5\ninner5 r6\n',
    ['mov r5=r6'],
  ],
  [
    'a macro in a macro',
    '.macro one a\nmov r8=\\a\n.endm\n.macro two a, b\none \\a\none \\b\n.endm\ntwo r3, r4\n',
    ['mov r8=r3', 'mov r8=r4'],
  ],
  [
    'recursion that ends',
    '.macro m from, to\nmov r8=\\from\n.if \\to-\\from\nm "(\\from+1)",\\to\n.endif\n.endm\nm 0, 2\n',
    ['mov r8=0', 'mov r8=(0+1)', 'mov r8=((0+1)+1)'],
  ],
  ['exit', '.macro m a\n.ifc \\a,r8\nnop 1\n.exitm\n.endif\nnop 2\n.endm\nm r8\nm r9\n', ['nop 1', 'nop 2']],
  ['purge', '.macro m\nnop 1\n.endm\nm\n.purgem m\n.macro m\nnop 2\n.endm\nm\n', ['nop 1', 'nop 2']],
  ['repeat', '.rept 3\nnop 7\n.endr\n', ['nop 7', 'nop 7', 'nop 7']],
  ['repeat nothing', '.rept 0\nnop 7\n.endr\nnop 8\n', ['nop 8']],
  [
    'nested repeats',
    '.rept 2\nnop 1\n.rept 2\nnop 2\n.endr\n.endr\n',
    ['nop 1', 'nop 2', 'nop 2', 'nop 1', 'nop 2', 'nop 2'],
  ],
  ['for each value', '.irp reg, r8, r9\nmov \\reg=r0\n.endr\n', ['mov r8=r0', 'mov r9=r0']],
  ['for each value, none', '.irp reg\nnop 1\n.endr\n', ['nop 1']],
  ['for each character', '.irpc n, 123\nmov r\\n=r0\n.endr\n', ['mov r1=r0', 'mov r2=r0', 'mov r3=r0']],
  [
    'a parameter inside .irp',
    '.macro m a\n.irp n, 1, 2\nadds r\\n=\\n,\\a\n.endr\n.endm\nm r3\n',
    ['adds r1=1,r3', 'adds r2=2,r3'],
  ],
  ['.if and its expression', '.if (1 << 3 | 1) == 9 && 2 > 1\nnop 1\n.else\nnop 2\n.endif\n', ['nop 1']],
  ["precedence is gas's: | before +", '.if 1 + 2 | 4 == 7\nnop 1\n.else\nnop 2\n.endif\n', ['nop 1']],
  [
    '.elseif',
    '.set n, 2\n.if n == 1\nnop 1\n.elseif n == 2\nnop 2\n.elseif n == 2\nnop 3\n.else\nnop 4\n.endif\n',
    ['.set n, 2', 'nop 2'],
  ],
  ['nested in what is left out', '.if 0\n.if 1\nnop 1\n.else\nnop 2\n.endif\n.else\nnop 3\n.endif\n', ['nop 3']],
  ['.endc', '.ifc a,a\nnop 1\n.endc\n', ['nop 1']],
  [
    '.ifdef',
    'n = 1\n.ifdef n\nnop 1\n.endif\n.ifndef nn\nnop 2\n.endif\n.ifnotdef n\nnop 3\n.endif\n',
    ['n = 1', 'nop 1', 'nop 2'],
  ],
  ['.ifdef of a label', 'here: nop 0\n.ifdef here\nnop 1\n.endif\n', ['here: nop 0', 'nop 1']],
  ['.ifc with quotes', '.ifc "a b","a b"\nnop 1\n.endif\n.ifnc a,b\nnop 3\n.endif\n', ['nop 1', 'nop 3']],
  ['.ifeqs', '.ifeqs "a", "a"\nnop 1\n.endif\n.ifnes "a","a"\nnop 2\n.endif\n', ['nop 1']],
  [
    '.ifb',
    '.macro m a\n.ifb \\a\nnop 1\n.else\nnop 2\n.endif\n.ifnb \\a\nnop 3\n.endif\n.endm\nm\nm x\n',
    ['nop 1', 'nop 2', 'nop 3'],
  ],
  [
    'the comparisons with zero',
    '.ifeq 0\nnop 1\n.endif\n.ifne 0\nnop 2\n.endif\n.ifge 0\nnop 3\n.endif\n.ifgt 0\nnop 4\n.endif\n.ifle 0\nnop 5\n.endif\n.iflt -1\nnop 6\n.endif\n',
    ['nop 1', 'nop 3', 'nop 5', 'nop 6'],
  ],
  ['.set again', '.set n, 1\n.set n, n + 1\n.if n == 2\nnop 2\n.endif\n', ['.set n, 1', '.set n, n + 1', 'nop 2']],
  [
    '.altmacro',
    '.altmacro\n.macro m n, v\nLOCAL here\nhere: mov r&n=v\n.endm\nm 4, %(2+3)\n.noaltmacro\n',
    ['.LL0001: mov r4=5'],
  ],
];

describe('macros, repetitions and conditionals', () => {
  test.each(CASES)('%s', (_, source, expected) => {
    const result = expandText(source);
    expect(messagesOf(result)).toEqual([]);
    expect(linesOf(result)).toEqual(expected);
  });

  test('gas makes the same code of every source and of its expansion', () => {
    for (const [what, source] of CASES) {
      const original = assembleText(source, { preprocess: false, explicit: false });
      expect(original.object, `${what}: ${original.messages}`).not.toBeNull();
      const expanded = assembleText(printTokens(expandText(source).tokens), { preprocess: false, explicit: false });
      expect(image(expanded.object!), what).toEqual(image(original.object!));
    }
  });
});

const ERRORS: readonly [string, string, string[]][] = [
  ['a macro without end', 'nop 1\n.macro m\nnop 2\n', ["input.s:2:1: error: '.macro' has no .endm"]],
  ['a repetition without end', '.rept 2\nnop 2\n', ["input.s:1:1: error: '.rept' has no .endr"]],
  [
    'a conditional without end',
    '.if 1\nnop 2\n',
    ["input.s:1:2: error: '.if' has no .endif before the end of the file"],
  ],
  [
    'a conditional that a macro leaves open',
    '.macro m\n.if 1\n.endm\nm\n',
    ["input.s:2:2: error: '.if' has no .endif before the end of 'm'"],
  ],
  [
    'ends of nothing',
    '.endm\n.endif\n.else\n.endr\n',
    [
      "input.s:1:1: error: '.endm' closes nothing",
      "input.s:2:1: error: '.endif' without an .if",
      "input.s:3:1: error: '.else' without an .if",
      "input.s:4:1: error: '.endr' closes nothing",
    ],
  ],
  [
    'a macro may not close what was opened outside',
    '.macro m\n.endif\n.endm\n.if 1\nm\n.endif\n',
    ["input.s:2:1: error: '.endif' without an .if"],
  ],
  ['two .else', '.if 1\n.else\n.else\n.endif\n', ["input.s:3:1: error: '.else' behind .else"]],
  [
    'recursion without end',
    '.macro m\nm\n.endm\nm\n',
    ["input.s:2:1: error: macros are nested too deeply: does 'm' invoke itself without end?"],
  ],
  [
    'recursion that doubles',
    '.macro m\nm\nm\n.endm\nm\n',
    ["input.s:2:1: error: macros are nested too deeply: does 'm' invoke itself without end?"],
  ],
  [
    'a repetition that grows too large',
    '.rept 100000000\nnop 1\n.endr\n',
    ['input.s:1:1: error: .rept repeats too often'],
  ],
  [
    'a missing argument',
    '.macro m a:req\n.endm\nm\n',
    ["input.s:3:1: error: missing value for required parameter 'a' of macro 'm'"],
  ],
  ['too many arguments', '.macro m a\n.endm\nm 1, 2\n', ["input.s:3:6: error: too many arguments for macro 'm'"]],
  ['a macro defined twice', '.macro m\n.endm\n.macro m\n.endm\n', ["input.s:3:8: error: macro 'm' is already defined"]],
  ['a bad expression', '.if 1 +\n.endif\n', ["input.s:1:5: error: bad expression in '.if'"]],
  [
    'a message of the source',
    '.macro m a\n.ifc \\a,r8\n.error "not r8"\n.endif\n.warning "old"\n.endm\nm r8\n',
    ['input.s:3:1: error: not r8', 'input.s:5:1: warning: old'],
  ],
];

describe('errors have a place, and reading goes on', () => {
  test.each(ERRORS)('%s', (_, source, expected) => {
    const result = expandText(`${source}nop 99\n`);
    expect(messagesOf(result)).toEqual(expected);
  });
});

test('a condition that only the assembler can decide keeps both branches, with a note', () => {
  const result = expandText('a: nop 0\nb:\n.if b - a > 16\nnop 1\n.else\nnop 2\n.endif\nnop 3\n');
  expect(linesOf(result)).toEqual(['a: nop 0', 'b:', 'nop 1', 'nop 2', 'nop 3']);
  expect(messagesOf(result)).toEqual([
    "input.s:3:5: note: the assembler decides '.if b - a > 16'; both branches are kept",
  ]);
});

test('what is defined in an undecided branch is not relied on', () => {
  const result = expandText('a:\n.if a\nn = 1\n.endif\n.if n\nnop 1\n.else\nnop 2\n.endif\n');
  expect(linesOf(result)).toEqual(['a:', 'n = 1', 'nop 1', 'nop 2']);
});

test('text without macros is given back as it is', () => {
  const tokens = tokenize(new SourceText('input.S', 'mov r8=r9 ;; // comment\n.text\n.mem.offset 0,0\n'));
  expect(expandAssemblerMacros(tokens).tokens).toBe(tokens);
});

test('every token knows where it was spelled and what carried it', () => {
  const source = '.macro inner x\nmov r8=\\x\n.endm\n.macro outer y\ninner \\y\n.endm\nouter r3\n';
  const { tokens } = expandText(source);
  const seen = tokens
    .filter((token) => token.text !== '\n')
    .map((token) => {
      const uses: string[] = [];
      for (let { use } = token; use !== null; use = use.parent)
        uses.push(`${use.argument ? 'argument of ' : ''}${use.name}`);
      return `${token.text} ${token.file.text.slice(token.start, token.end)} ${token.file.position(token.start).line}: ${uses.join(', ')}`;
    });
  expect(seen).toEqual([
    'mov mov 2: inner, outer',
    'r8 r8 2: inner, outer',
    '= = 2: inner, outer',
    'r3 r3 7: argument of outer, argument of inner, outer',
  ]);
});
