/** Arguments that are a register only where their macro was met: parameters of macros around it, and stacked registers. */
import { describe, expect, test } from 'vitest';
import { lintSnippet } from './snippet.ts';

function linesOf(text: string): readonly string[] {
  return lintSnippet(text).map(({ file, start, rule }) => `${file.position(start).line} ${rule}`);
}

const ROUTINE = (use: string) => `	.proc f
f:	add r8=r32,r33
	add r9=r32,r33
	cmp.eq p6,p7=r32,r33
	;;
	${use}
	;;
(p6)	mov r9=r8
	;;
	mov r8=r9
	br.ret.sptk.many b0
	.endp f
`;
const DEFINE = '#define WRITE(scratch) ASM_WRITE_ITM(b6, r9, scratch)\n';
const MACRO = '\t.macro write from, scratch\n\tASM_WRITE_ITM(b6, \\from, \\scratch)\n\t.endm\n';

describe.each([
  ['#define', DEFINE, 'WRITE', '('],
  ['#define around a #define', `${DEFINE}#define OUTER(s) WRITE(s)\n`, 'OUTER', '('],
  ['#define whose argument the call is', `${DEFINE}#define DO(x) x\n#define OUTER(s) DO(WRITE(s))\n`, 'OUTER', '('],
  ['.macro', MACRO, 'write r9,', ' '],
])('a parameter of a %s', (_, definition, name, open) => {
  const close = open === '(' ? ')' : '';
  const line = definition.split('\n').findIndex((each) => each.includes('ASM_')) + 1;

  test('that is a free register is no finding', () => {
    expect(linesOf(definition + ROUTINE(`${name}${open}r14${close}`))).toEqual([]);
  });

  test('that is a live register is found', () => {
    const [finding, ...others] = lintSnippet(definition + ROUTINE(`${name}${open}r8${close}`));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ rule: 'PV002' });
    expect(finding!.message).toContain('is not free: r8 is live');
    expect(finding!.file.position(finding!.start).line).toBe(line);
    expect(finding!.related.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^in \w+, used here$/),
      'read here',
    ]);
  });

  test('that is live in one place of two is found', () => {
    const both = `${name}${open}r14${close}\n\t;;\n\t${name}${open}r8${close}`;
    expect(linesOf(definition + ROUTINE(both)).filter((each) => each.endsWith('PV002'))).toEqual([`${line} PV002`]);
  });

  test('that is an operand as well is found', () => {
    expect(linesOf(definition + ROUTINE(`${name}${open}r9${close}`))).toContain(`${line} PV005`);
  });

  test('that is no register at all is found', () => {
    expect(linesOf(definition + ROUTINE(`${name}${open}r250${close}`))).toContain(`${line} PV022`);
  });
});

/** The same with a use that reads the time into r15. */
const TIMED = (use: string) => ROUTINE(use).replace('mov r8=r9', 'add r8=r9,r15');

test('a scratch predicate that is a parameter', () => {
  const define = '#define TIME(guard, scratch) MOV_FROM_ITC(guard, scratch, r15, r14)\n';
  expect(linesOf(define + TIMED('TIME(p0, p8)'))).toEqual([]);
  expect(linesOf(define + TIMED('TIME(p0, p6)'))).toEqual(['1 PV007']);
  expect(linesOf(define + TIMED('TIME(p7, p7)'))).toContain('1 PV007');
});

test('a predicate whose name the preprocessor puts together', () => {
  const define = '#define PASTE(a, b) a##b\n#define pLeave PASTE(p, 8)\n';
  const used = (scratch: string) => linesOf(define + TIMED(`MOV_FROM_ITC(pLeave, ${scratch}, r15, r14)`));
  expect(used('p9')).toEqual([]);
  expect(used('p8')).toContain('8 PV007');
  expect(used('pLeave')).toContain('8 PV007');
});

test.each([
  ['in1', 'mov r8=in1'],
  ['loc0', 'mov r8=loc0'],
  ['out0', 'mov r8=out0'],
  ['kept', 'mov r8=kept'],
])('the stacked register %s is a register', (name, reader) => {
  const code = (rest: string) => `kept=r9
	.proc f
f:	alloc r2=ar.pfs,2,1,1,0
	mov loc0=r32
	mov out0=r33
	add kept=r32,r33
	;;
	st8 [r32]=${name}
	;;
	ASM_WRITE_ITM(b6, in0, ${name})
	;;
	${rest}
	br.ret.sptk.many b0
	.endp f
`;
  expect(linesOf(code(reader))).toContain('10 PV002');
  expect(linesOf(code(`mov ${name}=r0\n\t;;\n\t${reader}`))).not.toContain('10 PV002');
});

test('a name that is no register is found, and a macro of the source is none', () => {
  expect(linesOf(ROUTINE('ASM_WRITE_ITM(b8, r9, r14)'))).toContain('6 PV022');
  expect(linesOf(ROUTINE('ASM_WRITE_ITM(b6, r9, r250)'))).toEqual(['6 PV022']);
  expect(linesOf(`#define tmp r14\n${ROUTINE('ASM_WRITE_ITM(b6, r9, tmp)')}`)).toEqual([]);
  expect(linesOf(ROUTINE('ASM_WRITE_ITM(-, r9, r14)'))).toEqual([]);
});
