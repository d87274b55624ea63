/** Idioms of kernels that are not Linux, under the conventions that ship: what is right there raises no alarm. */
import { describe, expect, test } from 'vitest';
import { SourceText } from '../../src/syntax/source.ts';
import { contextOf, conventionsWith, LINUX, lintContext, NO_FLAGS } from './project.ts';

/** The findings in a file, `line: rule message`, of the rules named. */
function findings(text: string, ...rules: readonly string[]): string[] {
  const context = contextOf([new SourceText('example.S', text)], NO_FLAGS, new Map(), conventionsWith(LINUX), []);
  return lintContext(context)
    .findings.filter(({ rule }) => rules.includes(rule))
    .map(({ file, start, rule, message }) => `${file.position(start).line}: ${rule} ${message}`);
}

describe('a nested TLB miss runs on the registers of the handler that it interrupts', () => {
  // r29 says which of two restarts; Linux hands over an address in r30, which this code does not.
  const byToken = `
	.section .text.ivt,"ax"
	.align 32768
table:
	.org table+0x400
	mov r20=cr.ifa
	mov r29=1
	;;
restart:
	ld8 r21=[r20]
	;;
	itc.i r21
	;;
	rfi
	.org table+0x1400
	itc.d r20
	cmp.eq p6,p7=1,r29
	;;
(p6)	br.cond.sptk restart
	;;
	rfi
`;
  test('whatever tells it where to go on', () => expect(findings(byToken, 'PV015')).toEqual([]));

  test('and on those only that the convention names, where an address tells it', () => {
    const byAddress = byToken.replace('mov r29=1', 'movl r30=restart');
    expect(findings(byAddress, 'PV015')).toContain(
      "16: PV015 r20 holds no value that was meant for this: an interruption leaves nothing of the handler's in it",
    );
  });
});

test("a register of bank 0 that nothing in sight writes is somebody else's gift to the handlers", () => {
  const vector = (behind: string): string => `
	.section .text.ivt,"ax"
	.align 32768
table:
	.org table+0x400
	add r16=8,r21
	;;
	ld8 r17=[r16]
	${behind}
	rfi
`;
  expect(findings(vector('nop 0'), 'PV015')).toEqual([]);
  expect(findings(vector('mov r21=r0'), 'PV015')).toHaveLength(1);
  // r21 of bank 1 is the interrupted code's.
  expect(findings(vector('bsw.1\n\t;;\n\tld8 r21=[r1]\n\tbsw.0\n\t;;'), 'PV015')).toEqual([]);
});

describe('a call that ends a routine', () => {
  const twoRoutines = `
	.proc f
f:	mov r14=r32
	br.call.sptk.many b0=report
	;;
	br.call.sptk.many b0=panic
	.endp f
	.proc g
g:
1:	(p6) mov r14=r32
	;;
	ld8 r8=[r14]
	br.ret.sptk.many b0
	.endp g
`;
  test('does not come back, and destroys nothing in the next', () => {
    expect(findings(twoRoutines, 'PV015')).toEqual([]);
    const one = twoRoutines.replace('.endp f\n\t.proc g', '').replace('(p6) mov r14=r32', '');
    expect(findings(one, 'PV015')).toHaveLength(1);
  });
});

describe('two targets of a compare that exclude each other', () => {
  const parallel = (completer: string): string => `
	.proc f
f:	cmp.ltu p6,p7=r32,r33
	;;
(p6)	cmp.eq.${completer} p6,p7=-1,r34
	;;
(p6)	add r8=1,r32
(p7)	add r8=2,r32
	br.ret.sptk.many b0
	.endp f
`;
  test.each(['or.andcm', 'and.orcm'])('still do when %s sets the one and clears the other', (completer) =>
    expect(findings(parallel(completer), 'PV009')).toEqual([]),
  );

  test('and do not when only one is set', () => expect(findings(parallel('or'), 'PV009')).toHaveLength(1));
});

test('a load beside a move to ar.bspstore depends on nothing', () => {
  const text = '\t.proc f\nf:\tmov ar.bspstore=r32\n\tld8 r8=[r33]\n\t;;\n\tbr.ret.sptk.many b0\n\t.endp f\n';
  expect(findings(text, 'PV009')).toEqual([]);
});

describe('routines that a kernel has once for each hypervisor are known by each name', () => {
  const scratch = (register: string, to: string): string[] =>
    findings(
      `\t.global f\n\t.proc f\nf:\tASM_WRITE_ITM(b6, r33, ${register})\n\t;;\n\tbr.cond.sptk.many ${to}\n\t.endp f\n`,
      'PV002',
    );

  test.each([
    'ia64_leave_syscall',
    '__paravirt_leave_syscall',
    'ia64_native_leave_syscall',
    'xen_leave_syscall',
    '__paravirt_work_processed_syscall',
    'xen_work_processed_syscall',
  ])('%s reads r10', (name) => {
    expect(scratch('r10', name)).toHaveLength(1);
    expect(scratch('r11', name)).toEqual([]);
  });

  test.each(['__paravirt_leave_kernel', 'xen_leave_kernel', 'somewhere_else'])('%s does not', (name) => {
    expect(scratch('r10', name)).toEqual([]);
  });

  test.each(['fsys_bubble_down', 'paravirt_fsys_bubble_down', 'xen_fsys_bubble_down'])('%s reads r29', (name) => {
    expect(scratch('r29', name)).toHaveLength(1);
    expect(scratch('r28', name)).toEqual([]);
  });
});

describe('what begins with the results of a call goes on behind one', () => {
  const begins = (first: string): string => `
	.global f
	.proc f
f:	${first}
	cmp.eq p2,p3=r32,r0
	;;
(p2)	mov r8=r0
	br.ret.sptk.many b0
	.endp f
`;
  test('and is no routine that C calls', () => expect(findings(begins('add r14=1,r9'), 'PV025')).toEqual([]));

  test('but one that stores them may be, and r8 may be an address for the result', () => {
    expect(findings(begins('st8 [r33]=r9'), 'PV025')).toHaveLength(1);
    expect(findings(begins('add r14=1,r8'), 'PV025')).toHaveLength(1);
  });
});
