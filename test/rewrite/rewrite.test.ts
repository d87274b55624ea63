import { describe, expect, test } from 'vitest';
import { macroised, rewritten } from './support.ts';

/** A handler in which r14 and r15 are free behind the line under test, and nothing else is. */
const handler = (line: string) =>
  `foo:\n\t${line}\n\t;;\n\tmov r14=r0\n\tmov r15=r0\n\tmov r8=r9 ;;\n\tbr.ret.sptk b0\n`;
const spelled = (line: string) => macroised(handler(line)).split('\n')[1]!.trim();

describe('spelling', () => {
  test.each([
    ['mov r9=cr.ifa', 'ASM_READ_IFA(-, r9)'],
    ['mov r9=cr.ivr', /^ASM_READ_IVR\(-, r9, r8\)$/],
    ['mov r9=cr65', /^ASM_READ_IVR\(-, r9, r8\)$/],
    ['(p6) mov r9=cr.isr', 'ASM_READ_ISR_P(p6, -, r9)'],
    ['mov cr.ifa=r9', /^ASM_WRITE_IFA\(-, r9, r\d+\)$/],
    ['mov.m r9=ar.k6', 'ASM_READ_KR(-, r9, ar.k6)'],
    ['ssm psr.ic | psr.i', /^ASM_SSM_PSR\(-, psr\.ic \| psr\.i, r\d+, r\d+, p\d+\)$/],
    ['ptc.l r9,r10', 'ASM_PTC_L(-, r9, r10)'],
    ['mov r9=rr[r10]', /^ASM_READ_RR\(-, r9, r10, r8\)$/],
    ['rfi', 'ASM_RFI(-)'],
    ['add r9=r10,r11', 'add r9=r10,r11'],
    ['mov r9=ar.pfs', 'mov r9=ar.pfs'],
  ])('%s', (line, expected) => {
    expect(spelled(line)).toEqual(expected instanceof RegExp ? expect.stringMatching(expected) : expected);
  });
});

describe('places', () => {
  test('a #define body takes what is free wherever it is expanded', () => {
    const source = '#define SAVE(reg) mov cr.ifa=reg\nfoo:\n\tSAVE(r9)\n\t;;\n\tmov r14=r0 ;;\n\tbr.ret.sptk b0\n';
    expect(macroised(source)).toContain('#define SAVE(reg) ASM_WRITE_IFA(');
  });

  test('a site in a macro argument', () => {
    const source = '#define WRAP(insn) nop 0 ; insn\nfoo:\n\tWRAP(mov r9=cr.ifa) ;;\n\tst8 [r9]=r0\n\tbr.ret.sptk b0\n';
    expect(macroised(source)).toContain('WRAP(ASM_READ_IFA(-, r9)) ;;');
  });

  test('a site in a .macro body', () => {
    const source =
      '\t.macro get reg\n\tmov \\reg=cr.ifa\n\t.endm\nfoo:\n\tget r9 ;;\n\tst8 [r9]=r0\n\tbr.ret.sptk b0\n';
    expect(macroised(source)).toContain('ASM_READ_IFA(-, \\reg)');
  });

  test('every branch of an #if, whatever is configured', () => {
    const source =
      'foo:\n#ifdef CONFIG_SMP\n\tmov r9=cr.ifa ;;\n#else\n\tmov r9=cr.isr ;;\n#endif\n\tst8 [r9]=r0\n\tbr.ret.sptk b0\n';
    const text = macroised(source);
    expect(text).toContain('ASM_READ_IFA(-, r9)');
    expect(text).toContain('ASM_READ_ISR(-, r9)');
  });

  test('a scratch register is free in every branch, not only in the configured one', () => {
    const source =
      'foo:\n\tmov cr.ifa=r9\n\t;;\n#ifdef CONFIG_X\n\tst8 [r9]=r14 ;;\n#endif\n\tmov r14=r0 ;;\n\tmov r15=r0 ;;\n\tbr.ret.sptk b0\n';
    expect(macroised(source)).not.toMatch(/ASM_WRITE_IFA\([^)]*r14\)/);
  });

  test.each([false, true])(
    'two independent conditions: who reads the register needs both (all combinations: %s)',
    (every) => {
      const live = [2, 3, ...Array.from({ length: 26 }, (_, at) => at + 4)].filter(
        (number) => ![9, 12, 13, 14].includes(number),
      );
      const source = `foo:\n\tmov cr.ifa=r9\n\t;;\n#ifdef A\n\tmov r14=r0 ;;\n#endif\n#ifdef B\n\tst8 [r1]=r14 ;;\n#endif\n\tmov r14=r0 ;;\n${live.map((number) => `\tst8 [r1]=r${number} ;;\n`).join('')}\tst8 [r1]=r30 ;;\n\tst8 [r1]=r31\n\tbr.ret.sptk b0\n`;
      expect(macroised({ files: { 'a.S': source }, everyConfiguration: every })).toBe(source);
    },
  );

  test('comments and layout stay', () => {
    const source = 'foo:\tmov\tr9 = cr.ifa\t// why\n\t;;\n\tst8 [r9]=r0\t/* there */\n\tbr.ret.sptk b0\n';
    expect(macroised(source)).toBe(
      'foo:\tASM_READ_IFA(-, r9)\t// why\n\t;;\n\tst8 [r9]=r0\t/* there */\n\tbr.ret.sptk b0\n',
    );
  });

  test('a fused run keeps the comment between its parts', () => {
    const source = 'foo:\n\tssm psr.ic\n\t;;\n\tsrlz.d\t// now\n\tmov r14=r0\n\tmov r15=r0 ;;\n\tbr.ret.sptk b0\n';
    expect(macroised(source)).toMatch(/ASM_SSM_PSR_SRLZ_D\(-, psr\.ic, r\d+, r\d+\)\n\n\t\/\/ now\n/);
  });
});

describe('refusals', () => {
  test('an operand that decides what the instruction is cannot be a parameter', () => {
    const source =
      '#define COPY(to, from) mov to=from\nfoo:\n\tCOPY(r9, cr.ifa) ;;\n\tCOPY(r10, cr.isr) ;;\n\tst8 [r9]=r10\n\tbr.ret.sptk b0\n';
    const { refusals, files } = rewritten(source);
    expect(files[0]!.text).toBe(source);
    expect(refusals.map(({ reason }) => reason).join()).toContain('argument of its macro');
  });

  test('no free register: the message names the live ones and their reader', () => {
    const live = Array.from({ length: 30 }, (_, at) => `\tst8 [r1]=r${at + 2} ;;`).join('\n');
    const { refusals } = rewritten(`foo:\n\tmov cr.ifa=r9\n\t;;\n${live}\n\tbr.ret.sptk b0\n`);
    expect(refusals[0]!.reason).toMatch(
      /^not enough registers are free: it needs 1, free are none; live are r2 \(read at a\.S:4\), r3 \(read at a\.S:5\)/,
    );
  });

  test('one spelling that needs another body in each place stays native', () => {
    const source =
      '#define GET(to) mov to=rr[r10]\nfoo:\n\tGET(r8) ;;\n\tGET(r9) ;;\n\tst8 [r8]=r9\n\tbr.ret.sptk b0\n';
    const { files, refusals } = rewritten(source);
    expect(files[0]!.text).toBe(source);
    expect(refusals.map(({ reason }) => reason)).toEqual([
      'the places that its macro is expanded in need different bodies',
    ]);
  });

  test('a macro that nobody expands proves nothing free, and needs nothing where no scratch is needed', () => {
    const { files, refusals } = rewritten({
      files: { 'm.h': '#define A(r) mov r=cr.ifa\n#define B(r) mov cr.ifa=r\n' },
    });
    expect(files[0]!.text).toBe('#define A(r) ASM_READ_IFA(-, r)\n#define B(r) mov cr.ifa=r\n');
    expect(refusals[0]!.reason).toContain('no file of this call expands its macro');
  });
});

test('rewriting again changes nothing', () => {
  const once = macroised(handler('(p6) mov r9=cr.ivr'));
  expect(macroised(once)).toBe(once);
});

test('a source with sites, and the header beside it, are cut into tokens once', () => {
  const files = { 'a.S': '#include "b.h"\nf:\tREAD(r8)\n\tmov r9=cr.isr\n\tbr.ret.sptk b0\n' };
  const { project } = rewritten({ files, headers: { 'b.h': '\tmov r10=cr.iip\n#define READ(r) mov r=cr.ifa\n' } });
  const { preprocessed } = project.units[0]!;
  for (const file of preprocessed.files.filter(({ name }) => /^[ab]\./.test(name))) {
    const whole = new Set(project.tree(file).tree.tokens);
    const spelled = preprocessed.tokens.filter(
      (token) => token.file === file && token.use === null && token.text !== '\n',
    );
    expect(spelled.length).toBeGreaterThan(3);
    expect(spelled.filter((token) => !whole.has(token)).map(({ text }) => text)).toEqual([]);
  }
});
