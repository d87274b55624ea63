/** Calls of shared routines where ar.pfs is free: one instruction, and the macro says so. */
import { describe, expect, test } from 'vitest';
import { loadTarget } from '../../src/expand/target.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { assembleText } from '../support/assemble.ts';
import { built, listing, macroised as macroisedFor, operations } from './support.ts';

const macroised = (text: string) => macroisedFor({ files: { 'a.S': text }, targets: ['native', 'xen:a'] });

/** What a routine of two sites makes of them; ar.pfs is free where `behind` overwrites it first. */
const code = (first: string, second: string, behind = '\tbr.call.sptk.many b0=g\n\t;;\n') =>
  `f:\t${first}\n\t;;\n\t${second}\n\t;;\n\tmov r14=r0\n\tmov r15=r0\n\tmov r16=r0\n\t;;\n${behind}\tbr.sptk.few h\n\t;;\n`;

const CALL = /; br\.call\.sptk\.many (b\d)=\.Lpvasm_xen_(\w+)_call; 7701:/;

describe('a site at which ar.pfs is free', () => {
  const source = code('ssm psr.ic ;; srlz.i ;;', '(p8) ssm psr.i');

  test('names it behind all other registers, and no other scratch', () => {
    expect(macroised(source)).toMatch(/ASM_SSM_PSR_SRLZ_I\(b\d, psr\.ic, r\d+, r\d+, ar\.pfs\)/);
    expect(macroised(source)).toMatch(/ASM_SSM_PSR_P\(p8, b\d, psr\.i, r\d+, p\d+, ar\.pfs\)/);
  });

  test('is a call of one instruction, of a routine that returns as a subroutine does', () => {
    const text = listing(source, 'xen:a');
    expect(text).toMatch(CALL);
    expect(text).toMatch(/\(p8\) br\.call\.sptk\.many b\d=\.Lpvasm_xen_ssm_psr_\w+_call; 7701:/);
    expect(text.match(/br\.ret\.sptk\.many b\d$/gm)).toHaveLength(2);
    expect(text).not.toContain('movl');
    expect(assembleText(text).messages).toBe('');
  });

  test('changes ar.pfs and its branch register, as is derived from the call', () => {
    const { plans } = built({ files: { 'a.S': source }, targets: ['xen:a'] });
    const [first] = plans[0]!.planned;
    expect(first!.expansion).toMatchObject({ kind: 'branch', instructions: 1, stops: 0 });
  });

  test('is the same listing when it is built from the macro-ised text alone', () => {
    expect(listing(macroised(source), 'xen:a')).toBe(listing(source, 'xen:a'));
    expect(macroised(macroised(source))).toBe(macroised(source));
  });
});

/** Sites that may not be such calls. */
test.each([
  ['ar.pfs is read behind it', code('ssm psr.ic ;; srlz.i ;;', 'nop.m 0', '\tmov r17=ar.pfs\n\t;;\n\tst8 [r18]=r17\n')],
  ['it returns to a caller', 'f:\tssm psr.ic ;; srlz.i ;;\n\tmov r14=r0\n\tmov r15=r0\n\tbr.ret.sptk.many b0\n\t;;\n'],
  ['its operand is a stacked register', code('mov cr.ifa=r32', 'nop.m 0')],
])('where %s, a call takes a return address', (_, source) => {
  const text = listing(source, 'xen:a');
  expect(text).not.toContain('br.call.sptk.many b0=.Lpvasm');
  expect(text).toMatch(/mov b\d=r\d+ ;; br\.sptk\.many \.Lpvasm/);
});

/** A handler that saves ar.pfs and b6 first of all, and gives them back at its end. */
const handler = (body: string) => `
\t.section .text..ivt,"ax"
ia64_ivt:
\t.org ia64_ivt+0x0c00
\tmov r29=ar.pfs
\tmov r28=b6
\t;;
${body}
\t;;
\tmov b6=r28
\tmov ar.pfs=r29
${[...Array(9)].map((_, at) => `\tmov r${16 + at}=r0`).join('\n')}
\t;;
\trfi
\t.org ia64_ivt+0x8000
`;
const CALLS = /br\.call\.sptk\.many b6=\.Lpvasm/g;

describe('behind an interruption, whose register frame may be incomplete', () => {
  const site = '\tmov cr.ifa=r0';

  test('a site takes a return address', () => {
    const text = listing(handler(site), 'xen:a');
    expect(text).not.toMatch(CALLS);
    expect(text).toContain('br.sptk.many .Lpvasm');
    expect(macroised(handler(site))).not.toContain('ar.pfs)');
  });

  test.each(['cover', 'alloc r18=ar.pfs,0,0,0,0', 'flushrs', 'mov ar.bspstore=r17', 'br.call.sptk.many b6=g'])(
    'it is complete behind %s',
    (completing) => {
      const source = handler(`${site}\n\t;;\n\t${completing}\n\t;;\n${site}`);
      expect(listing(source, 'xen:a').match(CALLS)).toHaveLength(1);
    },
  );

  test('not on all paths behind one that a predicate guards', () => {
    const source = handler(`(p6)\tbr.call.sptk.many b6=g\n\t;;\n${site}`);
    expect(listing(source, 'xen:a')).not.toMatch(CALLS);
  });

  test('the rest of a handler that another one joins has its frame', () => {
    const source = handler(`(p6)\tbr.cond.sptk 1f\n\t;;\n\tcover\n\t;;\n1:${site}`);
    expect(listing(source, 'xen:a')).not.toMatch(CALLS);
  });

  test('a person who names ar.pfs there gets no call either', () => {
    const source = handler('\tASM_WRITE_IFA(b6, r0, r16, ar.pfs)');
    expect(listing(source, 'xen:a')).not.toMatch(CALLS);
  });
});

/** Code that saves ar.pfs and b6 first of all, and gives them back at its end. */
const elsewhere = (end: string, body = '\tmov cr.ifa=r0') => `
\t.global more
more:
\tmov r29=ar.pfs
\tmov r28=b6
\t;;
${body}
\t;;
\tmov b6=r28
\tmov ar.pfs=r29
\tmov r14=r0
\t;;
${end}
`;

describe('code that other files come to', () => {
  const calls = (text: string, own = '') =>
    listing({ files: { 'a.S': text }, targets: ['xen:a'], own }, 'xen:a').match(CALLS)?.length ?? 0;

  test.each([
    ['returns as a routine does', elsewhere('\tbr.ret.sptk.many b0'), 1],
    ['returns, behind a loop', elsewhere('1:\tbr.cloop.sptk.few 1b\n\t;;\n\tbr.ret.sptk.many b0'), 1],
    [
      'calls somebody, or returns',
      elsewhere('(p6)\tbr.ret.sptk.many b0\n\t;;\n\tbr.call.sptk.many b6=g\n1:\tbr.sptk.few 1b'),
      1,
    ],
    ['ends in rfi: it may be the rest of a handler', elsewhere('\trfi'), 0],
    ['may end in rfi', elsewhere('(p6)\tbr.ret.sptk.many b0\n\t;;\n\trfi'), 0],
    ['covers', elsewhere('\tcover\n\t;;\n\tbr.ret.sptk.many b0'), 0],
    ['goes on elsewhere', elsewhere('\tbr.sptk.few further'), 0],
    ['never ends', elsewhere('1:\tbr.sptk.few 1b'), 0],
    ['is a label that nobody in sight comes to', elsewhere('\trfi').replace('\t.global more\n', ''), 0],
  ])('%s', (_, text, expected) => {
    expect(calls(text)).toBe(expected);
  });

  test('a convention says which frame it has', () => {
    expect(calls(elsewhere('\trfi'), '[frames]\ncomplete = ["mo*"]')).toBe(1);
    expect(calls(elsewhere('\tbr.ret.sptk.many b0'), '[frames]\ninterrupted = ["more"]')).toBe(0);
  });

  test('a convention also says it of a vector', () => {
    const source = handler('\tmov cr.ifa=r0').replace('\tmov r29=ar.pfs', 'somebody:\tmov r29=ar.pfs');
    expect(calls(source)).toBe(0);
    expect(calls(source, '[frames]\ncomplete = ["somebody"]')).toBe(1);
  });

  test('a place whose address is taken is come to by whoever was given it', () => {
    const rest = elsewhere('\trfi').replace('\t.global more\nmore:', '\t.global good\ngood:\n\tnop.m 0\n2:');
    const gives = (address: string) => `${elsewhere('\tbr.sptk.few further', `\tmovl r14=${address}`)}${rest}`;
    const own = '[frames]\ncomplete = ["good"]';
    expect(calls(gives('0'), own)).toBe(1);
    expect(calls(gives('2f'), own)).toBe(0);
  });
});

/** Bodies that a call would change the meaning of: one looks at the frame, one has two predicates inside. */
const ACME = `
.macro ASM_COVER breg, s1
\t.ifb \\s1
\t.error "needs a register"
\t.endif
\tmov \\s1=1
\t;;
\tbreak.m 0x10
\tst8 [\\s1]=r0
.endm
.macro ASM_FC pred, breg, a, s1
\t.ifb \\s1
\t.error "needs a register"
\t.endif
(\\pred) mov \\s1=ar.bsp
\t;;
(\\pred) st8 [\\a]=\\s1
.endm
.macro ASM_ITC_I_AND_D pred, pred2, breg, s, s1
\t.ifb \\s1
\t.error "needs a register"
\t.endif
(\\pred) mov \\s1=1
\t;;
(\\pred) st8 [\\s1]=\\s
(\\pred2) st8 [\\s1]=r0
.endm
`;

describe('a body that runs in another frame', () => {
  const { target } = loadTarget(new SourceText('acme.S', ACME), operations.all, new Map());
  const choices = [{ label: 'acme:a', target, alternative: 'A' as const }];
  const text = (source: string) => built({ files: { 'a.S': code(source, 'nop.m 0') }, choices }).plans[0]!;

  test.each([
    ['does what the instruction does to it', 'cover', false],
    ['reads where the register stack is', 'fc r18', false],
    ['has rotating predicates inside', '(p16) itc.i r18 ; (p17) itc.d r18', false],
    ['has others inside', '(p6) itc.i r18 ; (p7) itc.d r18', true],
  ])('which %s: %s', (_, source, called) => {
    const [planned] = text(source).planned;
    expect(planned!.expansion!.kind).toBe('branch');
    expect(planned!.expansion).toMatchObject({
      routine: { label: expect.stringMatching(called ? /_call$/ : /(?<!_call)$/) },
    });
  });
});

test('a person who names ar.pfs where it is needed is told of it', () => {
  const source = `f:\tASM_SSM_PSR_SRLZ_I(b6, psr.ic, r14, r15, ar.pfs)\n\t;;\n\tbr.ret.sptk.many b0\n\t;;\n`;
  const { errors } = built({ files: { 'a.S': source }, targets: ['xen:a'] });
  expect(errors.map(({ message }) => message)).toEqual([
    expect.stringContaining('changes ar.pfs for xen:a, which is not free: ar.pfs is live'),
  ]);
});

describe('sites of one operation', () => {
  const free = '\tmov r14=r0\n\tmov r15=r0\n\tmov r16=r0\n\t;;\n';
  const site = (before: string) => `${before}\t;;\n\tssm psr.ic ;; srlz.i ;;\n${free}`;

  test('take the registers that most of them have, where these are free', () => {
    const source = `f:\n${site('')}${site('')}${site('\tst8 [r10]=r16\n')}\tbr.sptk.few h\n\t;;\n`;
    const macros = macroised(source).match(/ASM_SSM_PSR_SRLZ_I\(.*\)/g)!;
    expect(macros).toHaveLength(3);
    expect(new Set(macros).size).toBe(1);
  });

  test('not one that is needed there', () => {
    const needed = `\tmov r2=r9\n\tmov r3=r9\n\t;;\n\tssm psr.ic ;; srlz.i ;;\n\tst8 [r2]=r3\n${free}`;
    const source = `f:\n${site('')}${site('')}${needed}\tbr.sptk.few h\n\t;;\n`;
    const macros = macroised(source).match(/ASM_SSM_PSR_SRLZ_I\(.*\)/g)!;
    expect(macros[0]).toContain('r2, r3');
    expect(macros[1]).toBe(macros[0]);
    expect(macros[2]).not.toMatch(/\br[23]\b/);
  });
});
