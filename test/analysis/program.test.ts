import { describe, expect, test } from 'vitest';
import type { Analysis } from '../../src/analysis/analysis.ts';
import { place } from '../../src/analysis/program/spelling.ts';
import { analyseText } from './support.ts';

const groups = (analysis: Analysis): number[] => analysis.instructions.map(({ group }) => group);

describe('instruction groups', () => {
  test.each<[string, string, number[]]>([
    ['stops part them', 'mov r1=1\nmov r2=2;;\nmov r3=3', [0, 0, 1]],
    ['a label does not end one', 'mov r1=1\nl: mov r2=2\n', [0, 0]],
    ['nor does a bundle', '{ .mii\nmov r1=1\nmov r2=2;;\nmov r3=3\n}\nmov r4=4', [0, 0, 1, 1]],
    ['a stop may stand anywhere', ';;\nmov r1=1\n;;\n;;\nmov r2=2', [0, 1]],
    ['a branch that is always taken ends one', 'br.sptk x\nmov r1=1\n(p6) br.sptk x\nmov r2=2', [0, 1, 1, 1]],
    [
      '.previous goes back to what was before .pushsection',
      '.section .x,"ax"\nmov r1=1\n.text\n.pushsection .y,"ax"\nmov r2=2\n.popsection\n.previous\nmov r3=3',
      [0, 1, 0],
    ],
    ['directives may be in capitals', 'mov r1=1\n.SECTION .x,"ax"\nmov r2=2;;\n.Previous\nmov r3=3', [0, 1, 0]],
    ['sections have their own', 'mov r1=1\n.section .x,"ax"\nmov r2=2;;\n.previous\nmov r3=3', [0, 1, 0]],
  ])('%s', (_, text, expected) => {
    expect(groups(analyseText(text))).toEqual(expected);
  });

  test('explicit bundles', () => {
    const { instructions } = analyseText('{ .mii\nmov r1=1\nnop 0\nnop 0\n}\nmov r2=2\n{ mov r3=3\n}');
    expect(instructions.map(({ bundle }) => bundle)).toEqual([0, 0, 0, -1, 1]);
  });

  test('neighbours in the group', () => {
    const analysis = analyseText('mov r14=r15\nmov r16=r17\nmov r18=r19;;\nmov r20=r21');
    const { before, after } = analysis.neighbours(1);
    const [first, , third] = analysis.instructions;
    expect([...before.writes]).toEqual(first!.effects.writes);
    expect([...before.reads]).toEqual(first!.effects.reads);
    expect([...after.writes]).toEqual(third!.effects.writes);
  });
});

describe('places', () => {
  test('a spelling knows its line', () => {
    const { instructions } = analyseText('\n  (p6)  ld8 r14 = [r15], 8 // comment\n');
    const [load] = instructions;
    expect(load!.file.text.slice(load!.start, load!.end)).toBe('ld8 r14 = [r15], 8');
    expect(place(load!)).toBe('test.s:2');
  });

  test('an instruction from a macro names the macro and where it was used', () => {
    const { instructions } = analyseText('.macro m reg\nmov \\reg=1\n.endm\n\nm r14\n');
    expect(place(instructions[0]!)).toBe('test.s:2 (m at test.s:5)');
  });

  test('data between instructions is no instruction', () => {
    const { instructions } = analyseText('mov r1=1\ndata8 1, l\nl: .xdata8 ".x", l\nstringz "mov r2=2"\nmov r2=2');
    expect(instructions).toHaveLength(2);
  });

  test('routines know their instructions', () => {
    const { program } = analyseText('nop 0\n.proc f\nf: mov r1=1\nmov r2=2\n.endp f\nnop 0\n.proc g\n.endp g');
    expect(program.routines.map(({ name, first, last }) => ({ name, first, last }))).toEqual([
      { name: 'f', first: 1, last: 2 },
      { name: 'g', first: 0, last: -1 },
    ]);
    expect(program.instructions.map(({ routine }) => routine)).toEqual([-1, 0, 0, -1]);
  });
});

describe("compilers' output", () => {
  test('a symbol with a # behind it is that symbol', () => {
    const { program } = analyseText('.global f#\n.proc f#\nf: mov r1=1\n.endp f#\n.weak g#\ng: mov r2=2');
    expect(program.routines.map(({ name }) => name)).toEqual(['f']);
    expect([...program.symbols.globals]).toEqual(['f', 'g']);
    expect(program.symbols.labels.map(({ name, global }) => [name, global])).toEqual([
      ['f', true],
      ['g', true],
    ]);
  });

  const code = '.proc f#\nf: mov r1=1\n#APP\nmov r2=2\n#NO_APP\nmov r3=3\n.endp f#\nmov r4=4\n';
  test.each<[string, string, number[] | null]>([
    ['by its name', `\t.file\t"a.c"\n${code}`, [1, 0, 1, 0]],
    ['by its compiler', `${code}\t.ident\t"GCC: (Debian 12.2.0) 12.2.0"\n`, [1, 0, 1, 0]],
    ['a file of the table of lines tells nothing', `\t.file 1 "a.c"\n${code}`, null],
    ['nor does a version of something else', `\t.ident\t"$Id$"\n${code}`, null],
    ['nor that of an assembly source', `\t.file\t"a.S"\n${code}`, null],
    ['inline assembly that does not end', `\t.file\t"a.c"\n${code.replace('#NO_APP\n', '')}`, [1, 0, 0, 0]],
    ['#APP within a line begins nothing', `\t.file\t"a.c"\n${code.replace('#APP', '#APP here')}`, [1, 1, 1, 0]],
  ])('%s', (_, text, expected) => {
    const { compiled } = analyseText(text, undefined, 'gas').program;
    expect(compiled === null ? null : [...compiled]).toEqual(expected);
  });

  test("what the preprocessor reads is no compiler's", () => {
    const { compiled } = analyseText('.file "a.c"\n.proc f\nf: mov r1=1\n.endp f', undefined, 'cpp').program;
    expect([...compiled!]).toEqual([0]);
  });
});

describe('reasons', () => {
  const analysis = analyseText(`.global f
f: mov r14=r32;;
   cmp.eq p6,p0=r14,r33;;
   mov r15=1
   add r16=r14,r0;;
   nop 0
(p6) br.cond.sptk 1f
   mov r14=2;;
   mov r8=r14
   br.ret.sptk rp
1: mov r14=3;;
   mov r8=r14
   br.ret.sptk rp`);
  test.each([
    [4, 'r14', 'r14 is dead: last read at test.s:5; next written at test.s:8, test.s:11'],
    [1, 'r14', 'r14 is live: read by `add r16=r14,r0` at test.s:5'],
    [4, 'r20', 'r20 is dead: never read before; not needed on any path that follows'],
    [
      4,
      'r15',
      'r15 is presumed live: it was written at test.s:4 and never visibly read, so somebody unseen may read it',
    ],
    [4, 'r4', 'r4 is live: read by the caller, by the software conventions, behind `br.ret.sptk rp` at test.s:13'],
    [4, 'r12', 'r12 cannot be scratch: it is sp, the stack pointer'],
    [4, 'p0', 'p0 cannot be scratch: it is the constant 1'],
    [5, 'p6', 'p6 is an operand of the instruction itself'],
    [4, 'cr.ifa', 'cr.ifa is no register that the analysis follows'],
  ])('of instruction %i for %s', (instruction, register, text) => {
    expect(analysis.explain(instruction, register).text).toBe(text);
  });
});
