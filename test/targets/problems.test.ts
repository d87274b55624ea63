import { describe, expect, test } from 'vitest';
import xenTable from '../../grammar/targets/xen.tsv';
import { loadHypercalls, NO_HYPERCALLS } from '../../src/expand/hypercalls.ts';
import { loadTarget } from '../../src/expand/target.ts';
import { tryTarget } from '../../src/expand/trial.ts';
import { operations } from '../../src/project/operations.data.ts';
import { SourceText } from '../../src/syntax/source.ts';

const HEADING = 'hypercall\tname\treads\treturns\tdestroys\tdemands\tsource\n';
const TABLE = `${HEADING}break 0x200\tGET\t-\tr14\tr9\t-\tours\nbreak 0x201\tPUT\tr14\t-\t-\t-\tours\nbreak 0x202\tFIRST\t-\t-\t-\tslot=0\tours\n`;

/** Messages about a target file, each with its line and column. */
function messages(text: string, table = TABLE): string[] {
  const { hypercalls } =
    table === '' ? { hypercalls: NO_HYPERCALLS } : loadHypercalls(new SourceText('acme.tsv', table));
  const { target, diagnostics } = loadTarget(new SourceText('acme.S', text), operations, hypercalls);
  return [...diagnostics, ...tryTarget(target, operations).diagnostics].map(({ file, start, severity, message }) => {
    const { line, column } = file.position(start);
    return `${line}:${column} ${severity} ${message}`;
  });
}

const macro = (head: string, ...lines: string[]) => `.macro ${head}\n${lines.join('\n')}\n.endm\n`;

describe('a body that is right says nothing', () => {
  test.each([
    ['a result', macro('ASM_READ_IFA pred, breg, d', '(\\pred) mov \\d=-0x1000', ';;', '(\\pred) ld8 \\d=[\\d]')],
    [
      'what the hypercall changes is put back',
      macro(
        'ASM_READ_IVR pred, breg, d, s1, s2',
        '.ifb \\s1',
        '.error "needs two"',
        '.endif',
        '.ifb \\s2',
        '.error "needs two"',
        '.endif',
        '.irp reg, \\d, \\s1, \\s2',
        '.ifc \\reg,r9',
        '.error "not r9"',
        '.endif',
        '.ifc \\reg,r14',
        '.error "not r14"',
        '.endif',
        '.endr',
        '(\\pred) mov \\s1=r14',
        '(\\pred) mov \\s2=r9',
        '(\\pred) break.m 0x200',
        ';;',
        '(\\pred) mov \\d=r14',
        '(\\pred) mov r14=\\s1',
        '(\\pred) mov r9=\\s2',
      ),
    ],
    [
      'a compare that clears its result',
      macro(
        'ASM_SSM_PSR pred, breg, mask, s1, t1',
        '.ifb \\t1',
        '.error "needs a predicate"',
        '.endif',
        '.ifb \\s1',
        '.error "needs a register"',
        '.endif',
        '(\\pred) mov \\s1=-0x1000',
        ';;',
        '(\\pred) ld1 \\s1=[\\s1]',
        ';;',
        '(\\pred) cmp.ne.unc \\t1,p0=\\s1,r0',
        ';;',
        '(\\t1) break.m 0x201',
      ),
    ],
  ])('%s', (_, text) => expect(messages(text)).toEqual([]));
});

describe('a wrong body', () => {
  test.each([
    [
      'an unknown mnemonic',
      ['(\\pred) mvo \\d=r0'],
      /^2:1 error '\(p6\) mvo r40=r0' is no instruction .*\(in ASM_READ_IFA_P\(p6, -, r40\)\)$/,
    ],
    ['an immediate out of range', ['(\\pred) adds \\d=100000,r0'], /^2:1 error .* is out of range/],
    ['a register that there is not', ['(\\pred) mov \\d=r200'], /^2:1 error 'r200' is neither a register nor a symbol/],
    [
      'an undefined symbol',
      ['(\\pred) mov \\d=ACME_PAGE'],
      /^2:1 error 'ACME_PAGE' is neither a register nor a symbol/,
    ],
    ['an undefined symbol in an address', ['(\\pred) ld8 \\d=[ACME]'], /^2:1 error 'ACME' is neither/],
    [
      'no stop',
      ['(\\pred) mov \\d=8', '(\\pred) ld8 \\d=[\\d]'],
      /^3:1 error .* needs a stop between it and .*because of r40/,
    ],
    [
      'no stop behind a hypercall',
      ['(\\pred) break.m 0x200', '(\\pred) mov \\d=r14'],
      /error .* (needs a stop .*because of r14|is changed and not put back)/,
    ],
    ['no predicate', ['mov \\d=8'], /^2:1 error 'mov r40=8' is executed where p6 is 0, too/],
    [
      'no predicate on a hypercall',
      ['break.m 0x201', '(\\pred) mov \\d=r0'],
      /^2:1 error 'break.m 0x201' is executed where p6 is 0/,
    ],
    ['no predicate on a store', ['st8 [r0]=r0', '(\\pred) mov \\d=r0'], /^2:1 error .* is executed where p6 is 0/],
    [
      'what is put back only where a predicate is 1',
      ['(\\pred) mov \\d=ar.ccv ;;', '(\\pred) mov ar.ccv=r0 ;;', '(p7) mov ar.ccv=\\d ;;', '(\\pred) mov \\d=r0'],
      /error (ar.ccv is changed and not put back|.* is executed where p6 is 0)/,
    ],
    [
      'a register that is not its own',
      ['(\\pred) mov r20=8', '(\\pred) mov \\d=r0'],
      /^2:1 error r20 is changed and not put back/,
    ],
    ['a branch register', ['(\\pred) mov b6=r0', '(\\pred) mov \\d=r0'], /^2:1 error b6 is changed/],
    ['an application register', ['(\\pred) mov ar.ccv=r0', '(\\pred) mov \\d=r0'], /^2:1 error ar.ccv is changed/],
    [
      'what the hypercall destroys',
      ['(\\pred) break.m 0x200', '(\\pred) mov \\d=r0'],
      /^2:1 error (?:r9|r14) is changed and not put back/,
    ],
    ['a branch', ['(\\pred) br.ret.sptk.many b0'], /^2:1 error .* leaves the body/],
    ['a predicate where none may stand', ['(\\pred) cover'], /^2:1 error .* takes no qualifying predicate/],
    [
      'a hypercall that nobody describes',
      ['(\\pred) break.m 0x300', '(\\pred) mov \\d=r0'],
      /^2:1 warning nothing says which registers/,
    ],
    [
      'a hypercall in a unit that its slot has not',
      ['(\\pred) break.i 0x202', '(\\pred) mov \\d=r0'],
      /^2:1 error no bundle has '\(p6\) break.i 0x202' in slot 0, the only one that FIRST works from/,
    ],
    [
      'a missing operand',
      ['(\\pred) adds \\d=,r0'],
      /^2:1 error '\(p6\) adds r40=,r0' is no instruction of IA-64: an operand is missing/,
    ],
    ['another file', ['.include "x.S"', '(\\pred) mov \\d=r0'], /^2:1 error '.include "x.S"' may not stand in a body/],
    ['an unknown directive', ['.foo 1', '(\\pred) mov \\d=r0'], /^2:1 error '.foo 1' may not stand in a body/],
    ['another section', ['.section .x', '(\\pred) mov \\d=r0'], /^2:1 error '.section .x' may not/],
    ['a change of mode', ['.auto', '(\\pred) mov \\d=r0'], /^2:1 error '.auto' may not/],
    ['an open bracket', ['(\\pred) ld8 \\d=[\\d'], /^2:1 error .*is no instruction/],
    ['an open .if', ['.if 1', '(\\pred) mov \\d=r0'], /^2:2 error '.if' has no .endif/],
    ['an .endif too many', ['(\\pred) mov \\d=r0', '.endif'], /^3:1 error/],
    ['a call of itself', ['ASM_READ_IFA \\pred, \\breg, \\d'], /^2:1 error macros are nested too deeply/],
    ['no instruction that it takes', ['.error "never"'], /^1:8 warning ASM_READ_IFA refuses every assignment/],
  ])('%s', (_, lines, expected) => {
    const found = messages(macro('ASM_READ_IFA pred, breg, d', ...lines));
    expect(found[0]).toMatch(expected);
  });

  test('is told of at the instruction, in a helper macro, too', () => {
    const text = `${macro('ACME_LOAD pred, d', '(\\pred) ld8 \\d=[\\d', '')}${macro('ASM_READ_IFA pred, breg, d', 'ACME_LOAD \\pred, \\d')}`;
    expect(messages(text)[0]).toMatch(/^2:1 error/);
  });

  test('an operand is not the body to change', () => {
    const text = macro('ASM_WRITE_IFA pred, breg, s', '(\\pred) mov \\s=r0');
    expect(messages(text)[0]).toMatch(/^2:1 error r40 is changed/);
  });
});

/** A macro that would be expanded 2^60 times. */
const bomb = `${Array.from({ length: 60 }, (_, at) => macro(`B${at} r`, `B${at + 1} \\r`, `B${at + 1} \\r`)).join('')}${macro('B60 r', 'nop.i 0')}`;

describe('a body of two instructions under predicates of their own', () => {
  const head = 'ASM_ITC_I_AND_D pred, pred2, breg, s';
  const table = `${HEADING}break 0x6\tI\t-\t-\t-\t-\tours\nbreak 0x5\tD\t-\t-\t-\t-\tours\n`;
  const alone = `${macro('ASM_ITC_I pred, breg, s', '(\\pred) break.m 6')}${macro('ASM_ITC_D pred, breg, s', '(\\pred) break.m 5')}`;

  test.each([
    ['the instructions', `(\\pred) itc.i \\s`, '(\\pred2) itc.d \\s'],
    ['hypercalls', `(\\pred) break.m 6`, '(\\pred2) break.m 5'],
    ['both', `(\\pred2) break.i 5`, '(\\pred) itc.i \\s'],
  ])('that does each under its own: %s', (_, first, second) => {
    expect(messages(`${alone}${macro(head, first, ';;', second)}`, table)).toEqual([]);
  });

  test.each([
    ['the instructions', `(\\pred2) itc.i \\s`, '(\\pred) itc.d \\s', 'itc.i'],
    ['hypercalls', `(\\pred2) break.m 6`, '(\\pred) break.m 5', 'itc.i'],
    ['one of them', `(\\pred) break.m 6`, '(\\pred) break.m 5', 'itc.d'],
  ])('that exchanges them: %s', (_, first, second, what) => {
    const found = messages(`${alone}${macro(head, first, ';;', second)}`, table);
    expect(found[0]).toMatch(
      new RegExp(`error '\\(p\\d+\\) .*' does what ${what} does, which is to be done where p\\d+ is 1`),
    );
  });
});

describe('a target file that is none', () => {
  test.each([
    [
      'that expands without end in a body',
      `${bomb}${macro('ASM_READ_IFA pred, breg, d', 'B0 \\d')}`,
      /more than 500 macros/,
    ],
    ['that expands without end by itself', `${bomb}B0 r8\n`, /more than 500 macros/],
    ['that is empty', '', /^1:1 error a target file has a macro for each operation/],
    ['of symbols only', 'X = 1\n', /^1:1 error a target file has a macro for each operation/],
    ['of megabytes', 'X = 1\n'.repeat(300_000), /^1:1 error a target file has at most 1048576 characters$/],
    ['of binary', '\0\x7fELF\x01\x80'.repeat(100), /^1:\d+ error /],
    [
      '.exitm',
      `.exitm\n${macro('ASM_READ_IFA pred, breg, d', '(\\pred) mov \\d=r0')}`,
      /^1:1 error .exitm outside a macro/,
    ],
  ])('%s', (_, text, expected) => {
    const found = messages(text);
    expect(found[0]).toMatch(expected);
    expect(found.length).toBeLessThan(3);
  });
});

describe('the table of hypercalls', () => {
  const errors = (lines: string) =>
    loadHypercalls(new SourceText('acme.tsv', `# ours\n${HEADING}${lines}\n`)).diagnostics.map(
      ({ file, start, message }) => `${file.position(start).line}:${file.position(start).column} ${message}`,
    );

  test('of xen is right', () => {
    const { hypercalls, diagnostics } = loadHypercalls(new SourceText('xen.tsv', xenTable));
    expect(diagnostics).toEqual([]);
    expect(hypercalls.get('break 7')).toMatchObject({ name: 'SSM_I', slot: 0 });
    expect(hypercalls.get('break 25')!.state).toEqual(new Map([['psr.dt', 1]]));
  });

  test.each([
    ['break 0x1\tX\t-\t-\t-\tours', /^3:1 a line has 7 cells/],
    ['break\tX\t-\t-\t-\t-\tours', /^3:1 'break' is not an instruction and its number/],
    ['break 0x1\tX\tr99x\t-\t-\t-\tours', /^3:13 'r99x' is no register/],
    ['break 0x1\tX\t-\tr0\t-\t-\tours', /^3:15 'r0' is no register/],
    ['break 0x1\tX\t-\t-\t-\tslot=3\tours', /^3:19 'slot=3' is no demand/],
    ['break 0x1\tX\t-\t-\t-\tpsr.zz=1\tours', /^3:19 'psr.zz=1' is no demand/],
    ['break 1\tX\t-\t-\t-\t-\tours\nbreak 0x1\tX\t-\t-\t-\t-\tours', /^4:1 'break 0x1' is described twice/],
  ])('%j', (lines, expected) => expect(errors(lines)[0]).toMatch(expected));

  test('a file that is no table', () => {
    expect(loadHypercalls(new SourceText('acme.tsv', '\0\x7fELF')).diagnostics).toHaveLength(1);
  });
});
