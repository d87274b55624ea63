/** Each case is preprocessed by gcc too, and must come out the same, spaces included. */
import { describe, expect, test } from 'vitest';
import { preprocess } from '../../src/preprocess/preprocess.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { gcc } from './gcc.ts';
import { lines, memoryHost, optionsFromFlags } from './support.ts';

interface Case {
  readonly name: string;
  readonly text: string;
  readonly flags?: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: 'object-like macros',
    text: '#define N 8\n#define EMPTY\nN N.s ld8.N -N- - +N+ =N= r##N EMPTY[EMPTY]\nN EMPTY N\n',
  },
  { name: 'a macro within itself', text: '#define f(x) x g\n#define g f\nf(1)\ng(2)\n#define foo foo bar\nfoo\n' },
  {
    name: 'a name that takes its parenthesis from behind the expansion',
    text: '#define f(x) <x>\n#define g f\n#define h g (\ng(1) g (2) h 3)\ng\n(4)\ng\n5\n',
  },
  {
    name: 'the examples of C11 6.10.3.5',
    text: `#define x 3
#define f(a) f(x * (a))
#undef x
#define x 2
#define g f
#define z z[0]
#define h g(~
#define m(a) a(w)
#define w 0,1
#define t(a) a
#define p() int
#define q(x) x
#define r(x,y) x ## y
#define str(x) # x
f(y+1) + f(f(z)) % t(t(g)(0) + t)(1);
g(x+(3,4)-w) | h 5) & m
  (f)^m(m);
p() i[q()] = { q(1), r(2,3), r(4,), r(,5), r(,) };
char c[2][6] = { str(hello), str() };
#define xstr(s) str(s)
#define debug(s, t) printf("x" # s "= %d, x" # t "= %s", x ## s, x ## t)
#define INCFILE(n) vers ## n
#define glue(a, b) a ## b
#define xglue(a, b) glue(a, b)
#define HIGHLOW "hello"
#define LOW LOW ", world"
debug(1, 2);
fputs(str(strncmp("abc\\0d", "abc", '\\4') == 0) str(: @\\n), s);
xstr(INCFILE(2).h)
glue(HIGH, LOW);
xglue(HIGH, LOW)
#define hash_hash # ## #
#define mkstr(a) # a
#define in_between(a) mkstr(a)
#define join(c, d) in_between(c hash_hash d)
join(x, y);
#define t2(x,y,z) x ## y ## z
t2(1,2,3) t2(,4,5), t2(6,,7), t2(8,9,), t2(10,,), t2(,11,), t2(,,12), t2(,,)
`,
  },
  {
    name: 'the other examples of C11',
    text: '#define f(a) a*g\n#define g(a) f(a)\nf(2)(9)\n#define NIL(xxx) xxx\n#define G_0(arg) NIL(G_1)(arg)\n#define G_1(arg) NIL(arg)\nG_0(42)\n',
  },
  {
    name: 'stringifying',
    text: '#define s(x) #x\n#define s2(x) s(x)\n#define v(...) #__VA_ARGS__\n#define N 8\ns( a  "b\\n" \'c\' N ) s2( a N ) s(\\) s(\\\\) s() s(  ) v(a , b,c) s(a\nb) s("\\\\") s(+ +) s(++)\n#define sp(x) < #x >< # x>\nsp(1)\n',
  },
  {
    name: 'pasting',
    text: '#define c(a,b) a##b\n#define d(a, b, e) a ## b ## e\nc(x,1) c(1,x) c(.,5) c(<,<) c(-,>) c(+,+) c(,) c(a,)x c(,b)y d(a,,b) d(,,b) d(a,,) [d(,,)] c(r,8).s\nc(a b,c d) c((,)) c(0x,ff) c(1.,e+) c(#,#) c(=,=)\n',
  },
  {
    name: 'pasting what makes no token',
    text: '#define c(a,b) a##b\n#define e(x) . ## x\n#define f(x) .##x\n#define g(x) x##.acq x ## .rel\nc(.,foo) c(ld8,.s) e(foo) f(foo) g(ld8) c(/,/) c("a","b") c(@,x) c(-,1) c(;,;)\n',
  },
  {
    name: 'pasting makes names of macros',
    text: '#define ab 1\n#define ba() 2\n#define c(a,b) a##b\n#define P a##b\n#define Q b##a()\nc(a,b) c(b,a)() P Q c(c,)(a,b)\n',
  },
  {
    name: 'arguments are expanded first, but not beside # and ##',
    text: '#define N 8\n#define a(x) x x##N #x N##x\na(N) a(a(N)) a( N N ) a()\n',
  },
  {
    name: 'variable arguments',
    text: '#define v(a, ...) [a, ##__VA_ARGS__]\n#define w(a, ...) [a, __VA_ARGS__]\n#define u(args...) <args> [, ##args]\n#define y(a, args...) [a , ## args] args\nv(1) v(1,) v(1,2) v(1,2,3) w(1) w(1,) w(1,2,3) u() u(1) u(1,2) u(,) y(1) y(1,2) v() w()\n#define z(...) z2(__VA_ARGS__)\n#define z2(a,b) a|b\nz(1,2) z(w(1,2),3)\n',
  },
  {
    name: '__VA_OPT__',
    text: '#define v(a, ...) f(a __VA_OPT__(,) __VA_ARGS__)\n#define w(a, ...) __VA_OPT__(a ## x)b\n#define u(...) a ## __VA_OPT__(b) ## c\n#define E\nv(1) v(1,) v(1,2) v(1,E) w(1) w(1,2) u() u(1)\n',
  },
  {
    name: 'macro calls over lines',
    text: '#define f(a,b) <a|b>\nf(1,\n 2) after\nf\n(3\n,\n\n4)\nf /* c */ ( // d\n5,6)x\nend\n',
  },
  {
    name: 'directives within a macro call',
    text: '#define f(a) <a>\nf(1\n#define X 2\nX\n#ifdef X\n3\n#else\n4\n#endif\n#undef f\n) f(5)\n',
  },
  {
    name: 'a name without its parenthesis',
    text: '#define f(a) <a>\n#define o f\nf f; f\n#define z\n(1)\nf\n# note\n(2)\no x o\n+ f',
  },
  {
    name: 'macros in instructions',
    text: '#define r_x r20\n#define LD ld8\n#define K(n) ar.k##n\n#define KR(n) ar.k##n\n(p6) LD.s r_x=[r_x],16;; mov K(3)=r_x\n1: mov KR(IA64)=r2 /* c */ // d\n br.cond.sptk.many 1b;;\n',
  },
  {
    name: 'an instruction as an argument',
    text: '#define EX(y,x...) .xdata4 "t", 99f-., y-.; [99:] x\n#define S(C,W,E,X) C; W; E;; X\nEX(.Lf, (p6) probe.w.fault r31, 3)\nS(cover, mov r30=cr.ifs, , )\nS(, mov r15=r19, add r1=r2,r3 ;; nop 0, x)\n',
  },
  {
    name: 'comments',
    text: 'a/* x */b /* y\nz */ c // d /* e\nf // g \\\n h\n/* i */#define N 1\nN "/* no */" \'"\' N /**/N\n',
  },
  {
    name: 'spliced lines',
    text: '#define f(x) a \\\n x \\\n b\nf(1) c \\\n d\n#define g \\\n  2\ng \\\n\n# \\\n define h 3\nh\n#de\\\nfine i 4\n'.replace(
      '#de\\\nfine i 4\n',
      '',
    ),
  },
  {
    name: 'lines with # that are no directives',
    text: '#define N 8\n# note N\n#\n # 33 N\n#! x\n#define f(x) # x #y\nf(1)\n',
  },
  { name: 'quotes without partner', text: "#define N 8\nN don't N\nN 'a N\nN \"abc N\nN 'N' \"N\" N\n" },
  {
    name: '#if arithmetic',
    text: [
      ...[
        '1',
        '0',
        '-1 < 0',
        '-1 < 0u',
        '1 ? 2 : 0',
        '0 ? 1 : 0',
        '(2+3)*4 == 20',
        '7/2 == 3',
        '-7/2 == -3',
        '-7%3 == -1',
        '1<<63 < 0',
        '1u<<63 > 0',
        '(1<<64) == 0',
        '-1 >> 70 == -1',
      ],
      ...[
        '0x7fffffffffffffff + 1 < 0',
        '18446744073709551615 == -1',
        '~0 == -1',
        '!5 == 0',
        '1 || 1/0',
        '0 && 1/0',
        '0x10 == 020',
        "'a' == 97",
        "'\\n' == 10",
        "'\\377' < 0",
        "'ab' == 24930",
        "'\\x41' == 65",
      ],
      ...[
        '1 == 1 == 1',
        '3 > 2 > 1',
        '1 | 2 ^ 3 & 4',
        '2 ? 3 ? 0 : 1 : 1',
        'undefined',
        'undefined == 0',
        'defined N',
        'defined(N) && !defined M',
        'N == 8',
        'F(2) == 3',
        'D',
        '(1, 0)',
        '0b101 == 5',
        '10UL == 10',
        '5 - 3 - 2',
        '+-+1 == -1',
        'F == 0',
        '1 - - 1 == 2',
        '__LINE__ > 0',
      ],
    ]
      .map((expression, index) => `#if ${expression}\ntrue ${index}\n#else\nfalse ${index}\n#endif\n`)
      .join('')
      .replace(/^/, '#define N 8\n#define F(x) x + 1\n#define D defined N\n'),
  },
  {
    name: '#elif and nesting',
    text: '#define B 1\n#if A\na\n#elif B\nb\n#if 0\n#elif 0\n#else\nc\n#endif\n#elif 1/0\nd\n#else\ne\n#endif\n#ifndef A\n#ifdef B\nf\n#else\ng\n#endif\n#else\n#if bad (\n#endif\n#endif\n#if 0\n#elifdef B\nh\n#endif\n#if 0\n#elifndef B\ni\n#else\nj\n#endif\n',
  },
  {
    name: 'skipped text is not looked at',
    text: '#if 0\n don\'t " /* #else\n#else */\n#bad\n#if\n#endif\n#error no\n#else\nyes\n#endif\n',
  },
  {
    name: 'a comment that opens in a // comment or in a string is none',
    text: '//**** a\nb\n// see /* c\n#define N 1 // /*\nN "/*" \n#if 0\n//* d\n#else\ne /* f */\n#endif\ng /* h\n#else\n*/ i\n',
  },
  {
    name: 'predefined names',
    text: '__LINE__ __FILE__ __INCLUDE_LEVEL__ __COUNTER__ __COUNTER__ __STDC__ __ASSEMBLER__ __STDC_HOSTED__ __STDC_VERSION__\n#define L __LINE__ x\n#define M(a) a L __LINE__\nL M(1\n) M(__LINE__\n,\n) L\n#ifdef __has_include\n1\n#endif\n#ifdef __FILE__\n2\n#endif\n',
  },
  {
    name: '#line',
    text: '#line 100 "other.S"\n__LINE__ __FILE__\n__LINE__\n#define N 7\n#line N\n__LINE__ __FILE__\n',
  },
  {
    name: '#pragma, #ident and _Pragma',
    text: '#pragma foo\na\n#ident "x"\n#pragma push_macro("N")\n#define N 1\n#pragma push_macro("N")\n#undef N\n#define N 2\nN\n#pragma pop_macro("N")\nN\n',
  },
  { name: '-D and -U', text: 'A B C(1) D E\n', flags: ['-DA', '-DB=2', '-DC(x)=<x>', '-DD=', '-DE=1', '-UE'] },
  { name: 'CRLF and no end of the last line', text: '#define N 8\r\nN a\r\n#define M \\\r\n 9\r\nM' },
  { name: 'wrong calls keep the name', text: '#define f(a,b) a b\n#define g() x\nf(1) f(1,2,3) g(1) a\nf(1\n' },
  {
    name: 'splices within names, numbers, punctuators, strings and directives',
    text: [
      '#def\\\nine GE\\\nT(a\\\nb) <a\\\n\\\nb> a#\\\n#b',
      'G\\\nET(r1\\\n4) GET\\\n(x) cr.i\\ \t\nfa 1\\\nf 0x\\\n10 1e\\\n+5 .\\\ntext',
      'a <\\\n< b =\\\n= c ;\\\n; "d\\\ne" "f\\\\\n" g" // h\\\n GET(i)',
      '#i\\\nf de\\\nfined(G\\\nET)\nyes\n#el\\\r\nse\nno\n#end\\\nif',
      '#define F\\\n(x) [x]\nF(1)\n#und\\\nef F\nF(2)\n#define E \\\n',
      'n\\\n  o E p \\\n q\\\r\ns',
    ].join('\n'),
  },
  {
    name: 'spaces that keep tokens apart',
    text: '#define P +\n#define M -\n#define E =\n#define L <\n#define D .\n#define S /\n#define N 8\n#define I(x) x\n#define X\n-M P+ +P E= =E L< L= <L .D D. D8 D 8 S/ I(a)b a I(b)c I(1)I(2) I(a)I(2) I(a).b aX b XaX I(a)"s" I(:)I(:) I(;)I(;) &I(&) I( a )b X-X-X I(-)I(>) I(N).N \\I(n) I(\\)n\n',
  },
];

describe('comes out as with gcc -E', () => {
  test.each(cases)('$name', ({ text, flags = [] }) => {
    const file = new SourceText('<stdin>', text);
    const { tokens } = preprocess(file, { ...optionsFromFlags(flags), strict: false, host: memoryHost({}) });
    expect(lines(tokens)).toEqual(gcc(text, flags).lines);
  });
});
