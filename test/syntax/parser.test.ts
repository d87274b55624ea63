import { describe, expect, test } from 'vitest';
import { parseSource, parseTokens } from '../../src/syntax/parse.ts';
import { printTree } from '../../src/syntax/print.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { tokenize } from '../../src/syntax/tokenize.ts';
import { show } from './show.ts';

type Case = readonly [input: string, ...expected: string[]];

function parsed(text: string, dialect: 'cpp' | 'gas' = 'cpp'): string[] {
  const tree = parseSource(new SourceText('t.S', text), { dialect });
  expect(tree.errors.map(({ message }) => message)).toEqual([]);
  expect(printTree(tree)).toBe(text);
  return show(tree.tokens, tree.statements);
}

/** Cases that read alike as written and as preprocessed. */
const both: readonly Case[] = [
  // instructions
  ['mov r1=r2', 'mov r1 = r2'],
  ['(p6) ld8.fill r8=[r2],16', '(p6) ld8.fill r8 = [r2], 16'],
  ['(pUStk)\tmov.m r20=ar.itc', '(pUStk) mov.m r20 = ar.itc'],
  ['(p[0]) cmp.eq p#[1],p1#[2]=r#[1],r0', '(p[0]) cmp.eq p[1], p1[2] = r[1], r0'],
  ['st8 [r2]=r3,8', 'st8 [r2] = r3, 8'],
  ['st8 [ r2 ] = r3 , 8', 'st8 [r2] = r3, 8'],
  ['mov rr[r3]=r2', 'mov rr[r3] = r2'],
  ['mov rr [r3]=r2', 'mov rr[r3] = r2'],
  ['mov r8=cpuid[r2]', 'mov r8 = cpuid[r2]'],
  ['itr.d dtr[r25]=r18', 'itr.d dtr[r25] = r18'],
  ['mov.sptk b7=r8,label', 'mov.sptk b7 = r8, label'],
  ['mov.ret.sptk.many b0=r2,1f', 'mov.ret.sptk.many b0 = r2, local 1f'],
  ['hint @pause', 'hint @pause'],
  ['br.call.sptk.many rp=b6', 'br.call.sptk.many rp = b6'],
  ['cmp.eq p6,p7=r0,r17', 'cmp.eq p6, p7 = r0, r17'],
  ['fclass.m p3,p4=f4,@nat|@qnan', 'fclass.m p3, p4 = f4, <@nat | @qnan>'],
  ['alloc r36=ar.pfs,0,5,3,0', 'alloc r36 = ar.pfs, 0, 5, 3, 0'],
  ['ssm psr.ic | PSR_DEFAULT_BITS', 'ssm <psr.ic | PSR_DEFAULT_BITS>'],
  ['rsm psr.i|psr.ic', 'rsm <psr.i | psr.ic>'],
  ['br.ret.sptk.many rp', 'br.ret.sptk.many rp'],
  ['rfi', 'rfi'],
  ['MOV R1=R2', 'MOV R1 = R2'],
  ['br.cond.sptk (foo)', 'br.cond.sptk (foo)'],
  ['data8 foo#, bar# + 8', 'data8 foo, <bar + 8>'],
  ['stringz "a;b"', 'stringz "a;b"'],
  ['real4 0.1', 'real4 opaque{0.1}'],
  // labels and tags
  ['foo:', 'label foo'],
  ['foo :', 'label foo'],
  ['foo::', 'label foo global'],
  ['.L1: .ret0: 1: "a b": mov r1=r2', 'label .L1', 'label .ret0', 'label 1', 'label "a b"', 'mov r1 = r2'],
  ['.4k: br .4k_block', 'label .4k', 'br .4k_block'],
  ['a$b: c@d:', 'label a$b', 'label c@d'],
  ['[1:] (p6) mov r1=r2', 'tag 1', '(p6) mov r1 = r2'],
  ['[.L0:]\n[tag:]br.ret.sptk rp', 'tag .L0', 'tag tag', 'br.ret.sptk rp'],
  ['[1:](p1)movl r2=foo', 'tag 1', '(p1) movl r2 = foo'],
  // stops and separators
  ['mov r1=r2;mov r3=r4;;', 'mov r1 = r2', 'mov r3 = r4', ';;'],
  ['nop 0 ; ; nop 0', 'nop 0', 'nop 0'],
  [';;;', ';;'],
  ['bsw.1;; // must be last\n', 'bsw.1', ';;'],
  // bundles
  ['{ .mii', '{ mii'],
  ['{.mib; nop 0 }', '{ mib', 'nop 0', '}'],
  ['{ ;\n.mii\n nop 0 }', '{ mii', 'nop 0', '}'],
  ['{\n\n  .mii\n', '{ mii'],
  ['{ nop.m 0\n nop.i 0;; }', '{', 'nop.m 0', 'nop.i 0', ';;', '}'],
  ['}{ .mfi', '}', '{ mfi'],
  ['{ .mmi nop 0', '{ mmi', 'nop 0'],
  ['nop.f 1 } nop.x 1 {.mmf', 'nop.f 1', '}', 'nop.x 1', '{ mmf'],
  ['{[.L6:]\nnop 0', '{', 'tag .L6', 'nop 0'],
  ['.mii', 'directive .mii'],
  // expressions: gas's ranks, not C's
  ['data8 a+b*c-d', 'data8 <<a + <b * c>> - d>'],
  ['data8 a|b<<2', 'data8 <a | <b << 2>>'],
  ['data8 a+b|c', 'data8 <a + <b | c>>'],
  ['data8 a&b^c|d', 'data8 <<<a & b> ^ c> | d>'],
  ['data8 a-b-c', 'data8 <<a - b> - c>'],
  ['data8 a==b&&c<>d||e', 'data8 <<<a == b> && <c <> d>> || e>'],
  ['data8 ~1<<3', 'data8 <~1 << 3>'],
  ['data8 -(a+b)%!c', 'data8 <-(<a + b>) % !c>'],
  ['data8 a--1', 'data8 <a - -1>'],
  ['data8 0x1e-4, 0x1e+x, 017, 0b11, 10', 'data8 <30 - 4>, <30 + x>, 15, 3, 10'],
  ['data8 99f-., .-1b, .+16', 'data8 <local 99f - here>, <here - local 1b>, <here + 16>'],
  ["data1 'a', '\\n', 'b, '\\''", 'data1 97, 10, 98, 39'],
  ['add r1=@gprel(x+8),gp', 'add r1 = @gprel(<x + 8>), gp'],
  ['movl r3=@ltoff(@fptr(esym))', 'movl r3 = @ltoff(@fptr(esym))'],
  ['data4.ua @slotcount(.L1-.L0)', 'data4.ua @slotcount(<.L1 - .L0>)'],
  ['adds r2=PT(B6)-PT(F7),r3', 'adds r2 = <PT(B6) - PT(F7)>, r3'],
  ['mov r16=IA64_KR(CURRENT)', 'mov r16 = IA64_KR(CURRENT)'],
  ['mov r1=F(a,(b,c),)', 'mov r1 = F(a|(b,c)|)'],
  ['mov r1=F(a,\n b)', 'mov r1 = F(a|b)'],
  // assignments
  ['tmp = r18', 'assign tmp r18'],
  ['x == y + 1', 'assign x <y + 1>'],
  ['. = . + 8', 'assign . <here + 8>'],
  ['.x = ar.k1', 'assign .x ar.k1'],
  // directives
  ['.section ".a b", "ax", @progbits', 'directive .section ".a b", "ax", @progbits'],
  ['.section .data..patch.vtop,"a"', 'directive .section .data..patch.vtop, "a"'],
  ['.xdata4 "__ex_table", 99f-., y-.+4', 'directive .xdata4 "__ex_table", <local 99f - here>, <<y - here> + 4>'],
  ['.mem.offset 0,0; st8.spill [r16]=r8,16', 'directive .mem.offset 0, 0', 'st8.spill [r16] = r8, 16'],
  ['.pred.rel "mutex", p1, p2', 'directive .pred.rel "mutex", p1, p2'],
  ['.org ia64_ivt+0x400', 'directive .org <ia64_ivt + 1024>'],
  ['.loc 1 4 0', 'directive .loc opaque{1 4 0}'],
  ['.ascii "a" "b", "c"', 'directive .ascii opaque{"a" "b"}, "c"'],
  ['.some.unknown (((, *', 'directive .some.unknown opaque{(((, *}'],
  ['.symver a, a@@V1', 'directive .symver a, a@@V1'],
  ['.text', 'directive .text'],
  ['.rotr in[8], out[4]', 'directive .rotr in[8], out[4]'],
  // the macro language of gas
  [
    '.macro save reg=r8, n:req, rest:vararg',
    'directive .macro opaque{save reg=r8}, opaque{n:req}, opaque{rest:vararg}',
  ],
  ['(\\pred) mov r\\n\\()x=\\reg', '(\\pred) mov r\\n\\()x = \\reg'],
  ['.L\\@: mov.\\unit \\r=r1;;', 'label .L\\@', 'mov.\\unit \\r = r1', ';;'],
  ['\\label: \\op r1=r2', 'label \\label', '\\op r1 = r2'],
  ['1\\@: br 1\\@f', 'label 1\\@', 'br 1\\@f'],
  ['.irp x,1,2,3', 'directive .irp x, 1, 2, 3'],
  ['.rept 4\nnop 0\n.endr', 'directive .rept 4', 'nop 0', 'directive .endr'],
  ['.if \\n == 3\n.ifc \\a,r8', 'directive .if <\\n == 3>', 'directive .ifc \\a, r8'],
  ['_&n: op&x r1=r2', 'label _&n', 'op&x r1 = r2'],
  ['m1 mov, r2 =\n', 'm1 mov, r2 ='],
  ['.macro odd x\n.endm\nodd r1 r2 (', 'directive .macro opaque{odd x}', 'directive .endm', 'odd opaque{r1 r2 (}'],
  // macro calls
  ['FAULT(26)', 'call FAULT(unparsed)'],
  ['F()', 'call F()'],
  ['F( )mov r1=r2', 'call F()', 'mov r1 = r2'],
  ['EX(.Lfail, (p6) probe.w.fault r32, 3)', 'call EX(directive .Lfail | (p6) probe.w.fault r32 | unparsed)'],
  ['DO_SAVE_MIN(cover, mov r30=cr.ifs, ,)', 'call DO_SAVE_MIN(cover | mov r30 = cr.ifs |  | )'],
  ['(p6) F(a) G(b); H(c);;', '(p6) call F(a)', 'call G(b)', 'call H(c)', ';;'],
  ['F(mov r1=(2), G(ssm psr.i;; srlz.d))', 'call F(mov r1 = (2) | call G(ssm psr.i; ;;; srlz.d))'],
  ['F(a,\n  mov r1=r2\n)\nnop 0', 'call F(a | mov r1 = r2)', 'nop 0'],
  ['1: F(a) // c', 'label 1', 'call F(a)'],
  ['SAVE_REST;;', 'SAVE_REST', ';;'],
  // layout
  ['mov r1=r2 // a\r\n\tmov r3=r4 /* b */\r\n', 'mov r1 = r2', 'mov r3 = r4'],
  ['mov /* a */ r1 /* b */ = /* c\n */ r2', 'mov r1 = r2'],
  ['mov r1=\\\n r2', 'mov r1 = r2'],
  [''],
];

describe('as written', () => {
  test.each(both)('%j', (text, ...expected) => expect(parsed(text)).toEqual(expected));
});

describe('as preprocessed, without blanks in the list', () => {
  test.each(both)('%j', (text, ...expected) => {
    const tokens = tokenize(new SourceText('t.i', text)).filter(({ kind }) => kind !== 6 && kind !== 7);
    const { statements, errors } = parseTokens(tokens);
    expect(errors).toEqual([]);
    const squeezed = (line: string) =>
      line.replace(/opaque\{.*?\}/g, (opaque) => opaque.replace(/ /g, '')).replace(/\|/g, ' | ');
    expect(show(tokens, statements).map(squeezed)).toEqual(expected.map(squeezed));
  });
});

const raw: readonly Case[] = [
  ['#include "x.h"\n# ifdef A\n#\tdefine B\n#endif', 'cpp include', 'cpp ifdef', 'cpp define B:', 'cpp endif'],
  ['#', 'cpp'],
  ["# not a directive, don't read it\nrfi", 'cpp not', 'rfi'],
  ['## more\nrfi', 'cpp', 'rfi'],
  ['rfi ; # of gas: a comment\nfoo: # too', 'rfi', 'cpp of', 'label foo', 'cpp too'],
  ['#define X r8', 'cpp define X: r8'],
  ['#define X (1 << 3)', 'cpp define X: unparsed'],
  [
    '#define F(a, b...) mov a=b ; \\\n\tnop 0\t/* c */\t\\\n\t;;\nrfi',
    'cpp define F(a b ...): mov a = b; nop 0; ;;',
    'rfi',
  ],
  ['#define F(...) g __VA_ARGS__', 'cpp define F(__VA_ARGS__ ...): g __VA_ARGS__'],
  ['#define F (a)', 'cpp define F: unparsed'],
  ['#define L(n) .L##n: mov r ## n=#n, n##f', 'cpp define L(n): label .L##n; mov r##n = #n, n##f'],
  ['#define R(pred, reg)\t\\\n(pred)\tmov reg = cr.ipsr', 'cpp define R(pred reg): (pred) mov reg = cr.ipsr'],
  ['#define E(name) \\\n\t.align 32; \\\nname:', 'cpp define E(name): directive .align 32; label name'],
  [
    '#define EX(y,x...) .xdata4 "t", 99f-.; \\\n [99:] x',
    'cpp define EX(y x ...): directive .xdata4 "t", <local 99f - here>; tag 99; x',
  ],
  // A macro without arguments may stand for statements, and the next one begins on the next spliced line.
  [
    '#define X \\\n ACCOUNT \\\n adds r2=8,r1; \\\n STAMP \\\n(p6) rfi',
    'cpp define X: ACCOUNT; adds r2 = 8, r1; STAMP; (p6) rfi',
  ],
  ['ACCOUNT mov r1=r2', 'ACCOUNT', 'mov r1 = r2'],
  ['EX (.Lx, rfi)', 'call EX(directive .Lx | rfi)'],
  ['data8 (3), 4', 'data8 (3), 4'],
  ['weak_alias (.Lx, .Ly)', 'call weak_alias(directive .Lx | directive .Ly)'],
  ['weak_alias ((1), 2)\nfoo ((1), (2)+3)', 'call weak_alias(unparsed | unparsed)', 'call foo(unparsed | unparsed)'],
  ['data8 ((3)+(4))', 'data8 (<(3) + (4)>)'],
  [
    '.macro pair a:vararg\n.endm\npair (1), 2',
    'directive .macro opaque{pair a:vararg}',
    'directive .endm',
    'pair (1), 2',
  ],
  // C in headers
  [
    '#ifndef __ASSEMBLY__\nint f(void) { return 1; }\n#else\nrfi\n#endif',
    'cpp ifndef',
    'unparsed',
    'cpp else',
    'rfi',
    'cpp endif',
  ],
  ['#ifdef __ASSEMBLY__\nrfi\n#else\nint x[] = {1};\n#endif', 'cpp ifdef', 'rfi', 'cpp else', 'unparsed', 'cpp endif'],
  [
    '#if !defined(__ASSEMBLY__) && defined(X)\n# if 1\nint x[];\n# endif\n@\n#endif\nrfi',
    'cpp if',
    'cpp if',
    'unparsed',
    'cpp endif',
    'unparsed',
    'cpp endif',
    'rfi',
  ],
  ['#if 0\nwhat ( is ) this?\n#endif', 'cpp if', 'what opaque{( is ) this?}', 'cpp endif'],
  ['#if 0\n)\n#else\nrfi\n#endif', 'cpp if', 'unparsed', 'cpp else', 'rfi', 'cpp endif'],
];

describe('the preprocessor in the text', () => {
  test.each(raw)('%j', (text, ...expected) => expect(parsed(text)).toEqual(expected));
});

describe('gas alone', () => {
  test.each<Case>([
    ['# a comment with (\nrfi', 'rfi'],
    ['foo: # a comment', 'label foo'],
    ['.proc a#, b#', 'directive .proc a, b'],
    ['mov r1=r2 \n', 'mov r1 = r2'],
  ])('%j', (text, ...expected) => expect(parsed(text, 'gas')).toEqual(expected));
});

test('a text that is parsed in several pieces: none ends within a statement', () => {
  const lines = [
    '{',
    ' ;',
    ' .mii',
    'mov r8=cr.ivr ; nop 0',
    'add r9 = r8, (1 +',
    '2)',
    '}',
    'SAVE(r8,',
    ' r9)',
    'x: ;;',
    '',
  ];
  const once = parseTokens(tokenize(new SourceText('a.S', `${lines.join('\n')}\n`)));
  const kinds = ({ statements }: typeof once) => statements.map(({ kind }) => kind);
  expect(kinds(once)).toEqual(
    expect.arrayContaining(['bundleOpen', 'instruction', 'macroCall', 'bundleClose', 'label']),
  );
  const times = 3000; // each has 40 lexemes, and a piece 20,000
  const many = parseTokens(tokenize(new SourceText('a.S', `${lines.join('\n')}\n`.repeat(times))));
  expect(kinds(many)).toEqual(new Array(times).fill(kinds(once)).flat());
  expect(many.errors).toHaveLength(times * once.errors.length);
  const last = many.statements.at(-1)!;
  expect(many.statements.every(({ first, last: end }) => first <= end && end <= last.last)).toBe(true);
});
