/** Macros of a vocabulary's names that the source itself defines: as another hypervisor's version, or as something else. */
import { describe, expect, test } from 'vitest';
import { lintSnippet } from './snippet.ts';

function linesOf(text: string, conventions = ''): readonly string[] {
  return lintSnippet(text, conventions).map(({ file, start, rule }) => `${file.position(start).line} ${rule}`);
}

const VECTORS = '[vectors]\ntables = ["table"]\n';

/** A hypervisor's macros as a tree of 2008 has them: hypercalls, and a page in memory. */
const HYPERVISOR = `
#define HYPER_RFI break 0x1
#define MOV_FROM_IFA(reg) movl reg=0xf100100 ;; ld8 reg=[reg]
	.macro __ITC_I pred, reg, clob
	(\\pred) mov \\clob=r8
	(\\pred) mov r8=\\reg
	;;
	(\\pred) break 0x6
	;;
	(\\pred) mov r8=\\clob
	.endm
#define ITC_I(pred, reg, clob) __ITC_I pred, reg, clob
#define SSM_PSR_IC_AND_SRLZ_D(clob0, clob1) ;; srlz.d ; movl clob0=0xf100108 ; mov clob1=1 ;; st4 [clob0]=clob1
#define BSW_1(clob0, clob1) movl clob0=0xf100110 ;; st4 [clob0]=r0
#define RFI HYPER_RFI ; dv_serialize_data
`;

const NATIVE = `
#define MOV_FROM_IFA(reg) mov reg=cr.ifa
#define ITC_I(pred, reg, clob) (pred) itc.i reg
#define SSM_PSR_IC_AND_SRLZ_D(clob0, clob1) ssm psr.ic ;; srlz.d
#define BSW_1(clob0, clob1) bsw.1
#define RFI rfi
`;

/** Calls C on bank 1 with psr.ic on, and inserts with a scratch register. */
const handler = (scratch: string): string => `
	.section .text.ivt,"ax"
	.align 32768
table:
	.org table+0x400
	MOV_FROM_IFA(r16)
	;;
	ITC_I(p0, r16, ${scratch})
	;;
	RFI
	.org table+0x800
	BSW_1(r17, r18)
	;;
	SSM_PSR_IC_AND_SRLZ_D(r19, r20)
	;;
	alloc r14=ar.pfs,0,0,1,0
	;;
	mov out0=r0
	br.call.sptk.many b0=g
	;;
	br.sptk.many g
`;

describe.each([
  ['the native version', NATIVE],
  ["a hypervisor's version", HYPERVISOR],
])('a handler under %s', (_, macros) => {
  const first = macros.split('\n').length;
  const findings = (scratch: string): readonly string[] =>
    linesOf(macros + handler(scratch), VECTORS).filter((each) => !/PV025|PV001/.test(each));

  test('is judged by the instructions that its macros stand for', () => expect(findings('r17')).toEqual([]));

  test('and a wrong scratch register is found', () => expect(findings('r9')).toEqual([`${first + 7} PV002`]));
});

test('a version whose native meaning needs a macro that the tree does not show is taken as it stands', () => {
  const set = '#define MOV_TO_KR(kr, reg, clob0, clob1) mov clob0=kr ; mov clob1=reg ;; break 0x12 ;;\n';
  const routine = `	.proc f
f:	mov r16=r32
	;;
	MOV_TO_KR(6, r16, r8, r9)
	mov r8=r16
	;;
	mov r9=r0
	br.ret.sptk.many b0
	.endp f
`;
  expect(linesOf(set + routine)).toEqual([]);
  // With it, the macro means what the vocabulary says of it.
  expect(linesOf(`#define IA64_KR(n) ar.k##n\n${set}${routine.replace('r16, r8', 'r16, r14')}`)).toEqual([]);
  expect(linesOf(`#define IA64_KR(n) ar.k##n\n${set}${routine.replace('r16, r8', 'r16, r12')}`)).toEqual(['6 PV002']);
});

describe('a macro of the source that only has the name', () => {
  const routine = (body: string): string => `	.proc f\nf:	${body}\n	br.ret.sptk.many b0\n	.endp f\n`;

  test('with other parameters', () => {
    expect(linesOf(`#define ITC_D(reg) mov r8=reg\n${routine('ITC_D(r32)')}`)).toEqual([]);
  });

  test('without parameters, and with a meaning of its own', () => {
    expect(linesOf(`#define COVER mov r8=r0\n${routine('COVER')}`)).toEqual([]);
  });

  test('of the assembler', () => {
    const macro = '	.macro COVER\n	mov r8=r0\n	.endm\n';
    expect(linesOf(macro + routine('COVER'))).toEqual([]);
  });

  test('of the assembler, with arguments behind a blank', () => {
    const macro = '	.macro ITC_D reg, other\n	add r8=\\reg,\\other\n	.endm\n';
    expect(linesOf(macro + routine('ITC_D r32, r33'))).toEqual([]);
    expect(linesOf(macro + routine('ITC_D (r32, r33)'))).toEqual([]);
  });

  test('which hides nothing where the source spells its whole body', () => {
    const own = '#define DO_SAVE_MIN(a, b, c, d) a ;; b ; c\n';
    expect(linesOf(own + routine('DO_SAVE_MIN(mov r8=r0, mov r9=r0, , )'))).toEqual([]);
    const alias =
      '#define IA64_NATIVE_DO_SAVE_MIN(a, b, c, d) a ;; b ; c\n#define DO_SAVE_MIN IA64_NATIVE_DO_SAVE_MIN\n';
    expect(linesOf(alias + routine('DO_SAVE_MIN(mov r8=r0, mov r9=r0, , )'))).toEqual(['4 PV004']);
  });
});

test('in the definition of its macro an instruction is what the macro is for, however it is spelled there', () => {
  const text = `#define POISON(clob) ;; mov clob=-1 ;;
#define MOV_FROM_PSR(pred, reg, clob) \\
(pred) mov reg=psr \\
	POISON(clob)
	.proc f
f:	MOV_FROM_PSR(p0, r8, r14)
	br.ret.sptk.many b0
	.endp f
`;
  expect(linesOf(text)).toEqual([]);
});
