/** A call gives the stacked registers other names: what the caller calls r35 is no register of a routine in sight. */
import { expect, test } from 'vitest';
import { lintSnippet } from './snippet.ts';

const caller = (before: string, behind: string) => `	.proc f
f:	alloc r33=ar.pfs,1,3,2,0
	mov r34=b0
	${before}
	;;
	br.call.sptk.many b0=inner
	;;
	${behind}
	mov ar.pfs=r33
	mov b0=r34
	br.ret.sptk.many b0
	.endp f
	.proc inner
inner:	alloc r2=ar.pfs,2,4,0,0
	mov r34=r32
	mov r35=r33
	mov r36=r0
	;;
	add r8=r34,r35
	add r10=r36,r0
	mov ar.pfs=r2
	br.ret.sptk.many b0
	.endp inner
`;

const overwritten = (text: string) =>
  lintSnippet(text)
    .filter(({ rule }) => rule === 'PV003')
    .map(({ file, start }) => file.position(start).line);

test('what waits for the return, and what is passed on, is not overwritten by the routine that is called', () => {
  expect(overwritten(caller('mov r35=r32', 'mov r9=r35'))).toEqual([]);
  expect(overwritten(caller('mov r36=r32', 'nop.i 0'))).toEqual([]);
});

test('within a frame a stacked register is as good as any', () => {
  expect(overwritten(caller('mov r35=r32\n\t;;\n\tmov r35=r0', 'mov r9=r35'))).toEqual([4]);
  expect(overwritten(caller('mov r36=r32', 'mov r35=r32\n\t;;\n\tmov r35=r0\n\t;;\n\tmov r9=r35'))).toEqual([8]);
});

test('other registers are the same for both', () => {
  expect(overwritten(caller('mov r8=r32', 'nop.i 0'))).toEqual([4]);
});
