/** What build refuses of macro-ised source that a person wrote. */
import { describe, expect, test } from 'vitest';
import { loadTarget } from '../../src/expand/target.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { built, operations } from './support.ts';

const END = '\t;;\n\tbr.ret.sptk.many b0\n';

function said(source: string): { bad: string[]; findings: string[] } {
  const { rewritten, errors } = built({ files: { 'a.S': source }, targets: ['native', 'xen:b'] });
  const text = (all: typeof errors) =>
    all
      .filter(({ severity }) => severity === 'error')
      .map(({ file, start, message }) => `${file.position(start).line}: ${message}`);
  return { bad: text(rewritten.diagnostics), findings: text(errors) };
}

describe('a macro that cannot be read', () => {
  test.each([
    ['a predicate that is none', 'ASM_RSM_PSR_P(pUser, -, 0x4000, r14, r15)'],
    ['a mask that is a symbol of the assembler', 'ASM_SSM_PSR(-, MASK, r14, r15, p6)'],
    ['an operand that is no register', 'ASM_READ_IVR(b6, r200, r8)'],
  ])('%s', (_, macro) => {
    expect(said(`f:\t${macro}\n${END}`).bad).toEqual([expect.stringMatching(/^1: ASM_\w+ cannot be read/)]);
  });

  test('one that can be is none', () => {
    expect(said(`f:\tASM_WRITE_IFA(-, r16, r14)\n${END}`)).toEqual({ bad: [], findings: [] });
  });
});

describe('scratch that is not free', () => {
  test('a general register', () => {
    const { findings } = said(`f:\tmov r14=5\n\t;;\n\tASM_WRITE_IFA(-, r16, r14)\n\t;;\n\tadd r8=r14,r14\n${END}`);
    expect(findings).toEqual([expect.stringMatching(/^3: ASM_WRITE_IFA changes r14 for xen:b, which is not free/)]);
  });
  test('a register that the body puts back is not changed', () => {
    const code = 'f:\tmov r8=5\n\t;;\n\tASM_WRITE_TPR(-, r16, r14)\n\t;;\n\tadd r8=r8,r8\n';
    expect(said(`${code}${END}`).findings).toEqual([]);
  });
});

describe('a scratch register by another name', () => {
  const live = '\t;;\n\tadd r8=r14,r8\n';
  const call = (scratch: string) => `\tASM_WRITE_IFA(-, r16, ${scratch})\n`;

  test.each([
    ['#define', '#define tmp r14\nf:\n', call('tmp')],
    ['the name of a register, defined as another', '#define r2 r14\nf:\n', call('r2')],
    ['a symbol of the assembler', '\t.set tmp, r14\nf:\n', call('tmp')],
    ['a parameter of a #define', `#define W(s) ${call('s').trim()}\nf:\n`, '\tW(r14)\n'],
    ['a parameter of a .macro', `\t.macro W s\n${call('\\s')}\t.endm\nf:\n`, '\tW r14\n'],
    ['a macro for two arguments', '#define BOTH r14, r15\nf:\n', call('BOTH')],
  ])('%s', (_, before, site) => {
    expect(said(before + site + live + END).findings).toEqual([
      expect.stringMatching(/^\d: ASM_WRITE_IFA changes r14 for xen:b, which is not free/),
    ]);
    expect(said(before + site + END)).toEqual({ bad: [], findings: [] });
  });

  test('a stacked one', () => {
    const routine = (rest: string) => `f:\talloc r2=ar.pfs,1,1,1,0\n\tmov loc0=5\n\t;;\n${call('loc0')}${rest}${END}`;
    expect(said(routine('\t;;\n\tadd r8=r33,r8\n')).findings).toEqual([
      expect.stringMatching(/^4: ASM_WRITE_IFA changes r33 for xen:b, which is not free/),
    ]);
  });

  test('an operand is given twice, by whatever name', () => {
    const { rewritten, failures } = built({
      files: { 'a.S': `#define tmp r16\nf:\n${call('tmp')}${END}` },
      targets: ['xen:b'],
    });
    expect(rewritten.diagnostics).toEqual([]);
    expect(failures.map(({ reason }) => reason)).toEqual(['r16 is given twice']);
  });

  test('another register in each expansion of the macro around it', () => {
    const two = (a: string, b: string) => `#define W(s) ${call('s').trim()}\nf:\tW(${a})\n\t;;\n\tW(${b})\n${END}`;
    expect(said(two('r14', 'r14'))).toEqual({ bad: [], findings: [] });
    expect(said(two('r14', 'r16')).bad).toEqual([
      expect.stringMatching(
        /^1: ASM_WRITE_IFA cannot be read: its scratch registers are -, r14 in one place and -, r16 in another/,
      ),
    ]);
  });
});

test.each([
  ['a constant', 'r0', 'r0 cannot be scratch: it is constant'],
  ['a constant predicate', 'p0', 'p0 cannot be scratch: it is constant'],
  ['of another class', 'cr.ifa', 'cr.ifa cannot be scratch there'],
  ['no register', 'r200', "its scratch argument 'r200' is no register"],
])('a scratch argument that is %s', (_, name, reason) => {
  expect(said(`f:\tASM_WRITE_IFA(-, r16, ${name})\n${END}`).bad).toEqual([
    expect.stringContaining(`ASM_WRITE_IFA cannot be read: ${reason}`),
  ]);
});

test('a bare name in a body under .altmacro may be a parameter', () => {
  const macro = '\t.altmacro\n\t.macro W r2\n\tASM_WRITE_IFA(-, r16, r2)\n\t.endm\n';
  expect(said(`${macro}f:\tW r14\n${END}`).bad).toEqual([
    expect.stringContaining('ASM_WRITE_IFA cannot be read: one of its scratch arguments cannot be told'),
  ]);
});

describe('a body of a user', () => {
  const SCRATCH = ['.ifb \\s1', '.error "needs one"', '.endif', '.ifb \\t1', '.error "needs a predicate"', '.endif'];
  /** What building a source for a target with this body of WRITE_IFA says. */
  const saidOf = (source: string, body: readonly string[]) => {
    const text = ['.macro ASM_WRITE_IFA pred, breg, s, s1, t1', ...SCRATCH, ...body, '.endm', ''].join('\n');
    const { target } = loadTarget(new SourceText('mine.S', text), operations.all);
    const choices = [{ label: 'mine:b', target, alternative: 'B' as const }];
    return built({ files: { 'a.S': source }, choices }).rewritten.diagnostics.map(({ message }) => message);
  };
  const plain = `f:\tmov cr.ifa=r32\n${END}`;
  const predicated = `f:\tcmp.eq p6,p7=r32,r0\n\t;;\n(p6)\tmov cr.ifa=r32\n${END}`;
  const ADDRESS = '(\\pred)\tmov \\s1=-0x100\n\t;;';

  test('that stores without its predicate is right where there is none, and nowhere else', () => {
    const body = [ADDRESS, '\tst8 [\\s1]=\\s'];
    const wrong = [expect.stringMatching(/^'st8 \[r\d+\]=r32' is executed where p6 is 0, too/)];
    expect(saidOf(plain, body)).toEqual([]);
    expect(saidOf(predicated, body)).toEqual(wrong);
    expect(saidOf(plain + predicated, body)).toEqual(wrong);
  });

  test.each([
    ['saves and restores always', '', '', true],
    ['restores under a predicate of its own', '', '(\\t1)', false],
    ['saves under a predicate of its own', '(\\t1)', '', false],
  ])('that %s', (_, save, restore, right) => {
    const body = [`${save}\tmov \\s1=ar.ccv\n\t;;\n\tmov ar.ccv=\\s\n\t;;\n${restore}\tmov ar.ccv=\\s1`];
    expect(saidOf(plain, body)).toEqual(right ? [] : [expect.stringMatching(/^ar.ccv is changed and not put back/)]);
  });

  test('that saves and restores under one predicate, unless that changes between', () => {
    const saving = (between: string) => [
      `\tcmp.eq \\t1,p0=r0,\\s\n\t;;\n(\\t1)\tmov \\s1=ar.ccv\n\t;;\n(\\t1)\tmov ar.ccv=\\s\n\t;;\n${between}\n(\\t1)\tmov ar.ccv=\\s1`,
    ];
    expect(saidOf(plain, saving(''))).toEqual([]);
    expect(saidOf(plain, saving('\tcmp.ne \\t1,p0=r0,\\s\n\t;;'))).toEqual([
      expect.stringMatching(/^ar.ccv is changed and not put back/),
    ]);
  });

  test('that is given one register twice, and needs two', () => {
    const twice = `f:\tASM_WRITE_IFA(-, r32, r32, p7)\n${END}`;
    expect(saidOf(twice, [ADDRESS, '(\\pred)\tst8 [\\s1]=\\s'])).toEqual([
      expect.stringMatching(/^r32 is given twice, and 'st8 \[r32\]=r32' reads what is no longer there/),
    ]);
    expect(saidOf(twice, ['(\\pred)\tst8 [\\s]=\\s\n\t;;\n(\\pred)\tmov \\s1=r0'])).toEqual([]);
  });
});

test('an operand that is read later is no scratch register', () => {
  const text = '.macro ASM_WRITE_IFA pred, breg, s, s1\n(\\pred)\tst8 [\\s]=\\s\n\t;;\n(\\pred)\tmov \\s1=r0\n.endm\n';
  const { target } = loadTarget(new SourceText('mine.S', text), operations.all);
  const { errors } = built({
    files: { 'a.S': `f:\tASM_WRITE_IFA(-, r14, r14)\n\t;;\n\tadd r8=r14,r8\n${END}` },
    choices: [{ label: 'mine:b', target, alternative: 'B' }],
  });
  expect(errors.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^ASM_WRITE_IFA changes r14 for mine:b, which is not free/),
  ]);
});

describe('a macro that is met with several immediates', () => {
  const met = (masks: readonly string[]) =>
    said(
      `.macro clear mask\n\trsm \\mask\n.endm\nf:\n${masks.map((mask) => `\tclear ${mask}\n\t;;\n`).join('')}${END}`,
    );

  test('for which a target needs different code', () => {
    expect(met(['psr.i', 'psr.i | psr.ac']).findings).toEqual([
      '2: RSM_PSR is met with 0x4000 and 0x4008, for which xen:b needs different code: one text cannot be both',
    ]);
  });

  test('that are spelled otherwise and are the same', () => {
    expect(met(['psr.i', '1 << 14']).findings).toEqual([]);
  });

  test('in different configurations', () => {
    const source = `#ifdef A\n#define MASK psr.i\n#else\n#define MASK psr.i | psr.ac\n#endif\nf:\trsm MASK\n${END}`;
    expect(said(source).findings).toEqual([]);
  });
});

test('a handler that does not fit its slot', () => {
  const handler = (times: number) =>
    `\t.align 32768\nivt:\n\t.rept ${times}\n\tmov r16=cr.ifa\n\t;;\n\t.endr\n\trfi\n\t;;\n\t.org ivt+0x400\n\trfi\n\t;;\n`;
  expect(said(handler(100)).findings).toEqual([
    expect.stringMatching(
      /ivt does not fit its slot for xen:b: it takes 101 bundles of 64, 37 too many; its tail cannot move out of line before line 7, /,
    ),
  ]);
  expect(said(handler(20)).findings).toEqual([]);
});

describe('a macro of the source that has the name of a word in a body', () => {
  const site = `f:\tmov cr.ifa=r16\n${END}`;

  test.each(['st8', 'r2'])('#define %s', (name) => {
    expect(said(`#define ${name} other\n${site}`).findings).toEqual([
      expect.stringMatching(new RegExp(`^1: ${name} is a word of the expansion of ASM_WRITE_IFA for xen:b`)),
    ]);
  });

  test.each(['st8', 'r2'])('#define %s that is taken back', (name) => {
    expect(said(`#define ${name} other\n${site}#undef ${name}\n`).findings).toEqual([
      expect.stringMatching(new RegExp(`^1: ${name} is a word of the expansion of ASM_WRITE_IFA for xen:b`)),
    ]);
  });

  test('.macro st8, in whatever letters', () => {
    for (const name of ['st8', 'ST8'])
      expect(said(`\t.macro ${name} x:vararg\n\tnop 0\n\t.endm\n${site}`).findings).toEqual([
        expect.stringMatching(/^1: st8 is an instruction of the expansion of ASM_WRITE_IFA for xen:b/),
      ]);
    expect(said(`\t.macro st8.own x:vararg\n\tnop 0\n\t.endm\n${site}`).findings).toEqual([]);
  });

  test('one that means itself, and one that the site spells, change nothing', () => {
    expect(said(`#define st8 st8\n#define pOn p6\nf:\t(pOn) mov cr.ifa=r16\n${END}`).findings).toEqual([]);
  });
});

describe('a macro of the source that has the name of a site', () => {
  const listing = (source: string) =>
    built({ files: { 'a.S': source }, targets: ['xen:b'] }).listings.map(({ text }) =>
      text.replace(/ \/\*.*?\*\//g, ''),
    );

  test.each([
    ['#define', '#define cover nop 0\n', '#undef cover\n'],
    ['.macro', '\t.macro cover\n\tnop 0\n\t.endm\n', '\t.purgem cover\n'],
  ])('%s: where it holds, there is no site', (_, define, end) => {
    const [text] = listing(`${define}f:\tcover\n\t;;\n\tmov r8=cr.ifa\n${END}`);
    expect(text).toContain('f:\tcover\n');
    expect(text).not.toContain('break.m');
    const [behind] = listing(`${define}f:\tcover\n\t;;\n${end}\tmov r8=cr.ifa\n${END}`);
    expect(behind).toContain('f:\tcover\n');
    expect(behind).not.toContain('break.m');
  });

  test('in a source without any other', () => {
    expect(listing(`#define cover nop 0\nf:\tcover\n${END}`).join()).not.toContain('break.m');
  });

  test('an operand that is a macro hides none, in a macro that nobody uses', () => {
    const [text] = listing(`#define reg r8\n#define READ(reg) mov reg=cr.ifa\nf:\tmov r9=cr.ifa\n${END}`);
    expect(text).toContain('#define READ(reg) mov reg=0x');
  });
});

test('a call of the hypervisor that no table describes', () => {
  const text = '.macro ASM_READ_IFA pred, breg, d\n(\\pred)\tbreak.m 0x300\n(\\pred)\tmov \\d=r0\n.endm\n';
  const { target } = loadTarget(new SourceText('acme.S', text), operations.all);
  const choice = { label: 'acme', target, alternative: null };
  const { diagnostics } = built({ files: { 'a.S': `f:\tmov r8=cr.ifa\n${END}` }, choices: [choice] }).rewritten;
  expect(diagnostics.map(({ severity, file, message }) => `${severity} ${file.name} ${message}`)).toEqual([
    expect.stringMatching(/^warning acme.S nothing says which registers 'break.m 0x300' reads/),
  ]);
});

describe('where the assembler would not take an expansion for what it says', () => {
  const site = '\tmov r14=cr.ifa\n\t;;\n\tadd r8=r14,r0\n';

  test('behind .end it reads nothing', () => {
    expect(said(`f:${site}\t.end\n`)).toEqual({ bad: [], findings: [] });
    expect(said(`f:\tnop 0\n\t.end\n${site}`).findings).toEqual([
      '3: this stands behind .end, where the assembler reads nothing',
    ]);
  });

  test('a routine would stand behind .end', () => {
    const text = `f:\tfc.i r32\n${END}\t.end\n`;
    const errorsFor = (target: string) => built({ files: { 'a.S': text }, targets: [target] }).errors;
    expect(errorsFor('xen:a').map(({ message }) => message)).toEqual([
      expect.stringContaining('would stand behind .end'),
    ]);
    expect(errorsFor('xen:b')).toEqual([]);
    expect(errorsFor('native')).toEqual([]);
  });

  test('under .auto it ignores stops', () => {
    expect(said(`f:\t.auto\n${site}\t.explicit\n${site}`).findings).toEqual([
      expect.stringMatching(/^2: the stops of what xen:b puts here would be ignored under \.auto/),
    ]);
    expect(said(`f:\t.explicit\n${site}`).findings).toEqual([]);
    expect(said(`f:\t.auto\n\tnop 0\n\t.default\n${site}`).findings).toEqual([]);
  });
});
