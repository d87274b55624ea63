/** PV025 and the handler of a nested TLB miss, which destroys registers that the first handler must give back. */
import { expect, test } from 'vitest';
import { lintSnippet } from './snippet.ts';

const CONVENTIONS = `
[vectors]
tables = ["table"]
[nested_miss]
sections = [".text.ivt"]
continuation = "r30"
reads = ["r16", "r29", "r30", "r31"]
clobbers = ["b0", "r17", "r18"]
returns = ["r17"]`;

const handler = (behind: string): string => `	.section .text.ivt,"ax"
	.align 32768
table:
	.org table+0x400
	mov r16=cr.iip
	mov r29=b0
	movl r30=1f
	mov r31=pr
	;;
	mov r17=r16
	;;
1:	ld8 r18=[r17]
	;;
	${behind}
	mov cr.iha=r18
	;;
	rfi
	.org table+0x800
`;

const found = (text: string) =>
  lintSnippet(text, CONVENTIONS)
    .filter(({ rule }) => rule === 'PV025')
    .map(({ file, start, message }) => `${file.position(start).line}: ${message}`);

test('what a nested miss may have destroyed is given back', () => {
  expect(found(handler('mov b0=r29'))).toEqual([]);
  expect(found(handler('nop.i 0'))).toEqual([
    '12: b0 belongs to the interrupted code; if this misses the TLB, the nested-miss handler destroys it, and it is not given back',
  ]);
});

test('an access behind one that has hit needs no more', () => {
  expect(found(handler('mov b0=r29\n\tld8 r19=[r17]\n\t;;\n\tmov cr.ifa=r19'))).toEqual([]);
});
