/** Neighbouring sites whose bodies access memory at constant addresses share the address, and only where nothing can come between. */
import { describe, expect, test } from 'vitest';
import { loadTarget } from '../../src/expand/target.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { built, type Given, listing, macroised, operations } from './support.ts';

const routine = (body: string) => `\t.text\n\t.global f\nf:\n${body}\t;;\n\tbr.ret.sptk.many b0\n`;

/** The listing's code without comments, one instruction or stop after another. */
function code(given: Given | string, target = 'xen:b'): string {
  return listing(given, target)
    .replaceAll(/\/\*.*?\*\//g, '')
    .replaceAll(/\s*;;\s*/g, ' ;; ')
    .replaceAll(/[ \t\n]+/g, ' ');
}

/** How often an address is made. */
const addresses = (text: string): number => text.match(/=\s*0xffff/g)?.length ?? 0;

describe('two reads', () => {
  const source = routine('\tmov r8=cr.ifa\n\tmov r9=cr.isr\n');

  test('the first names the register that the second writes, and steps it there', () => {
    expect(macroised(source)).toContain('ASM_READ_IFA(-, r8, r9)\n\tASM_READ_ISR(-, r9)');
    expect(code(source)).toContain('mov r9=0xfffffffffff048a0 ;; ld8 r8=[r9],-24 ;; ld8 r9=[r9]');
  });

  test('a target without such bodies gets no register', () => {
    expect(macroised({ files: { 'a.S': source }, targets: ['native'] })).toContain('ASM_READ_IFA(-, r8)\n');
  });

  test('the macro-ised source gives the same listing', () => {
    expect(code(macroised(source))).toBe(code(source));
  });

  test('a person who names no register gets none', () => {
    const own = routine('\tASM_READ_IFA(-, r8)\n\tASM_READ_ISR(-, r9)\n');
    expect(addresses(code(own))).toBe(2);
  });

  test('each listing says what is where', () => {
    expect(listing(source, 'xen:b')).toMatch(/\/\* then XSI_ISR \*\/[\s\S]*\/\* XSI_ISR \*\//);
  });
});

test.each([
  ['plain instructions', '\tmov r10=ar.pfs\n\tadd r11=r32,r33\n'],
  ['a stop', '\t;;\n'],
  ['a site that stays its instruction', '\tmov r10=ar.k6\n'],
])('%s may stand between', (_, between) => {
  expect(addresses(code(routine(`\tmov r8=cr.ifa\n${between}\tmov r9=cr.isr\n`)))).toBe(1);
});

test.each([
  ['a label', '1:\n'],
  ['a branch', '(p6)\tbr.cond.sptk 1f\n'],
  ['a load, which may fault', '\tld8 r10=[r32]\n'],
  ['a store', '\tst8 [r32]=r33\n'],
  ['a probe', '\tprobe.r r10=r32,r33\n'],
  ['a prefetch that may fault', '\tlfetch.fault [r32]\n'],
  ['flushrs', '\t;;\n\tflushrs\n\t;;\n'],
  ['a condition of cpp', '#ifdef CONFIG_X\n\tadd r10=r32,r33\n#endif\n'],
  ['a condition of the assembler', '\t.if 1\n\tadd r10=r32,r33\n\t.endif\n'],
  ['a site that is another body', '\tmov cr.eoi=r0\n'],
  ['a site that traps', '\tptc.l r32,r33\n'],
])('%s may not stand between', (_, between) => {
  const source = routine(`\tmov r8=cr.ifa\n${between}\tmov r9=cr.isr\n1:\n`);
  expect(addresses(code(source))).toBe(2);
  expect(macroised(source)).toContain('ASM_READ_IFA(-, r8)\n');
});

test('the beginning of a vector may not stand between, wherever its .org is spelled', () => {
  const source = (between: string) =>
    `#define VECTOR(x) .org t+x\n\t.section .text.ivt,"ax"\n\t.global t\nt:\tmov r16=cr.ifa\n${between}\tmov r17=cr.isr\n\tbr.sptk far\n`;
  expect(addresses(code(source('')))).toBe(1);
  expect(addresses(code(source('\tVECTOR(0x400)\n')))).toBe(2);
});

test('a switch of the register bank that stays as it is may not: behind it r16-r31 are others', () => {
  const file = new SourceText(
    'own.S',
    `${['IFA', 'ISR']
      .map(
        (name, at) =>
          `.macro ASM_READ_${name} pred, breg, d\n(\\pred)\tmovl \\d=${8 * at}\n\t;;\n(\\pred)\tld8 \\d=[\\d]\n.endm\n`,
      )
      .join('')}.macro ASM_BSW_1 breg\n\tbsw.1\n.endm\n`,
  );
  const { target } = loadTarget(file, operations.all);
  const text = (between: string) =>
    built({
      files: { 'a.S': routine(`\tmov r8=cr.ifa\n\t;;\n${between}\t;;\n\tmov r17=cr.isr\n`) },
      choices: [{ label: 'own:b', target, alternative: 'B' }],
    }).listings[0]!.text.match(/movl/g)!.length;
  expect(text('\tnop.b 0\n')).toBe(1);
  expect(text('\tbsw.1\n')).toBe(2);
});

test('sites in unlike branches of conditions are no neighbours, even where no run has one without the other', () => {
  const source = routine('#ifdef A\n\tmov r8=cr.ifa\n#endif\n#ifdef B\n\tmov r9=cr.isr\n#endif\n');
  expect(addresses(code({ files: { 'a.S': source }, commands: [] }))).toBe(2);
});

test('a register that something between writes or reads is not the one', () => {
  const source = (between: string) => routine(`\tmov r8=cr.ifa\n${between}\tmov r9=cr.isr\n`);
  const written = code(source('\tmov r9=5\n\t;;\n\tadd r10=r9,r32\n\t;;\n'));
  expect(written).toMatch(/mov (r\d+)=0xfffffffffff048a0 ;; ld8 r8=\[\1\],-24 .*ld8 r9=\[\1\]/);
  expect(written).not.toContain('ld8 r8=[r9]');
  expect(written).not.toContain('ld8 r8=[r10]');
});

test('writes share the scratch register of the first, and a row of them the same one', () => {
  const source = routine('\tmov cr.ifa=r32\n\tmov cr.itir=r33\n\tmov cr.iha=r34\n');
  const [, register] = /ASM_WRITE_IFA\([^,]+, r32, (r\d+)/.exec(macroised(source))!;
  expect(macroised(source)).toMatch(new RegExp(`ASM_WRITE_ITIR\\([^,]+, r33, ${register}`));
  expect(code(source)).toContain(
    `mov ${register}=0xfffffffffff048a0 ;; st8 [${register}]=r32,8 ;; st8 [${register}]=r33,32 ;; st8 [${register}]=r34`,
  );
});

test('a write that needs the value of a read leaves it alone', () => {
  const source = routine('\tmov r8=cr.ifa\n\t;;\n\tmov cr.iip=r8\n');
  expect(code(source)).toMatch(/mov (r(?!8)\d+)=0x\w+ ;; ld8 r8=\[\1\],-8 ;; st8 \[\1\]=r8/);
});

test('the same place twice: the address stays', () => {
  const source = routine('\tmov cr.ifa=r32\n\tmov cr.ifa=r33\n');
  expect(code(source)).toMatch(/mov (r\d+)=0x\w+ ;; st8 \[\1\]=r32 st8 \[\1\]=r33/);
});

test('what is farther than an access can step is made anew', () => {
  // cr.itv is 0x1a0 behind cr.ifa.
  const source = routine('\tmov r8=cr.ifa\n\tmov r9=cr.itv\n');
  expect(addresses(code(source))).toBe(2);
});

describe('predicates', () => {
  const pair = (first: string, second: string, between = '') =>
    addresses(
      code(routine(`\tcmp.eq p6,p7=r32,r33\n\t;;\n${first}\tmov cr.ifa=r32\n${between}${second}\tmov cr.itir=r33\n`)),
    );

  test.each([
    ['(p6)', '(p6)', '', 1],
    ['', '(p6)', '', 1],
    ['(p6)', '', '', 2],
    ['(p6)', '(p7)', '', 2],
    ['(p6)', '(p6)', '\tcmp.eq p6,p7=r33,r34\n\t;;\n', 2],
    ['', '(p6)', '\tcmp.eq p6,p7=r33,r34\n\t;;\n', 1],
  ])("'%s', then '%s', between them '%s': %d", (first, second, between, made) => {
    expect(pair(first, second, between)).toBe(made);
  });
});

test('a macro: its two sites share an address wherever it is used; as arguments of one they do not', () => {
  const define = '#define SAVE(a, b) mov a=cr.ifa; mov b=cr.isr\n';
  const body = routine('\tSAVE(r8, r9)\n\t;;\n\tSAVE(r8, r9)\n');
  expect(code(define + body)).toMatch(/ld8 a=\[(r\d+)\],-24 ;; ; ld8 b=\[\1\]/);
  const unlike = routine('\tSAVE(r8, r9)\n\t;;\n\tSAVE(r10, r11)\n');
  expect(code(define + unlike)).not.toContain('],-24');
  const argument = '#define BOTH(x) x\n';
  const passed = routine('\tBOTH(mov r8=cr.ifa ; mov r9=cr.isr)\n');
  expect(code(argument + passed)).not.toContain('],-24');
});

test('a target of a person, whatever its macros are called: bodies are told by their form', () => {
  const file = new SourceText(
    'own.S',
    `.macro AT pred, where, d
(\\pred)	movl \\d=\\where
	;;
(\\pred)	ld4 \\d=[\\d]
.endm
.macro ASM_READ_IFA pred, breg, d
	AT \\pred, 0x100000, \\d
.endm
.macro ASM_READ_ISR pred, breg, d
	AT \\pred, 0x1000ff, \\d
.endm
.macro ASM_READ_IIP pred, breg, d
	AT \\pred, 0x100200, \\d
.endm
`,
  );
  const { target } = loadTarget(file, operations.all);
  const source = routine('\tmov r8=cr.ifa\n\tmov r9=cr.isr\n\tmov r10=cr.iip\n');
  const { listings } = built({
    files: { 'a.S': source },
    choices: [{ label: 'own:b', target, alternative: 'B' }],
  });
  // 255 is as far as an access steps; the next one is 257 away.
  expect(listings[0]!.text).toMatch(/movl r9=0x100000.*;; ld4 r8=\[r9\],255/);
  expect(listings[0]!.text).toMatch(/ld4 r9=\[r9\]\s/);
  expect(listings[0]!.text).toMatch(/movl r10=0x100200.*;; ld4 r10=\[r10\]/);
});

test('a call in the place of a body leaves no address behind', () => {
  const source = routine('\tmov r8=cr.ifa\n\tmov r9=cr.isr\n');
  const called = code(source, 'xen:a');
  expect(called).toContain('.Lpvasm');
  expect(called).not.toContain('],-24');
});
