/** Vectors that do not fit their slots: what becomes a call, where the code is parted, and what is left whole. */
import { describe, expect, test } from 'vitest';
import { built } from './support.ts';

const FULL = (bundles: number) => '\tnop.x 0 ;;\n'.repeat(bundles);
const TABLE = '\t.section .text.ivt,"ax"\n\t.align 32768\nivt:\n';
const NEXT = '\t.org ivt+0x400\nother:\trfi\n\t;;\n';

/** A first slot with this code, and what a target makes of it. */
function slot(code: string, target = 'xen:b', files: Record<string, string> = {}) {
  const all = { 'a.S': `${TABLE}miss:\n${code}${NEXT}`, ...files };
  const { listings, errors, plans } = built({ files: all, targets: [target] });
  const [plan] = plans;
  const lines = listings[0]!.text.split('\n').filter((line) => !line.startsWith('#line'));
  const cut = lines.indexOf('\t.subsection 1');
  return { plan: plan!, lines, cut, errors: errors.map(({ message }) => message) };
}

/** The first line of what moved, and whether a branch goes there. */
function tail(code: string, target?: string) {
  const { lines, cut, errors, plan } = slot(code, target);
  expect(errors).toEqual([]);
  const first = lines.slice(cut + 1).find((line) => !/^\S*_tail\d*:|^\t\.proc /.test(line));
  return { first, branch: plan.moved.map(({ falls }) => falls) };
}

/** 4 bundles for Xen, 1 natively. */
const SITE = '\tmov r16=cr.ifa\n\t;;\n';

describe('where a slot is parted', () => {
  test('where nothing has to move, nothing does', () => {
    expect(slot(`${SITE}${FULL(40)}\trfi\n\t;;\n`)).toMatchObject({ cut: -1, errors: [] });
  });

  test('at the last line that leaves enough, behind a branch', () => {
    const { first, branch } = tail(`${SITE}${FULL(64)}\tadd r17=r16,r16 ;;\n\trfi\n\t;;\n`);
    expect({ first, branch }).toEqual({ first: '\tnop.x 0 ;;', branch: [true] });
  });

  test('rather where control does not come from the code before, which costs no branch', () => {
    const code = `${SITE}\tcmp.eq p6,p7=r16,r0 ;;\n(p6)\tbr.cond.sptk 1f\n\trfi\n\t;;\n1:\tadd r17=r16,r16 ;;\n${FULL(62)}\trfi\n\t;;\n`;
    expect(tail(code)).toEqual({ first: '1:\tadd r17=r16,r16 ;;', branch: [false] });
  });

  test('not in an instruction group, a bundle, an #if, a body of a macro, or a fused run', () => {
    const held = [
      `\tadd r17=r16,r16\n\tadd r18=r16,r16\n\t;;\n`,
      `\t{ .mii\n\tadd r17=r16,r16 ;;\n\tnop.i 0\n\tnop.i 0\n\t}\n\t;;\n`,
      `#ifndef NEVER\n\tadd r17=r16,r16 ;;\n\tadd r18=r16,r16 ;;\n#endif\n`,
      `\t.rept 3\n\tadd r17=r16,r16 ;;\n\t.endr\n`,
      `#define TWO add r17=r16,r16 ;; add r18=r17,r17 ;;\n\tTWO\n`,
      `\tssm psr.ic ;;\n\tsrlz.i ;;\n`,
    ];
    for (const code of held) {
      const { first } = tail(`${FULL(62)}${code}${FULL(4)}${SITE}\trfi\n\t;;\n`);
      expect(['\tnop.x 0 ;;', code.split('\n')[0], code.split('\n').at(-2)]).toContain(first);
      expect(first).not.toMatch(/^\t(?:add r18=r16,r16|nop\.i 0|\}|srlz\.i.*)$/);
    }
  });

  test('not where the assembler would forget which predicates exclude each other', () => {
    const pair = '\tcmp.eq p6,p7=r16,r0 ;;\n(p6)\tmov r17=1\n(p7)\tmov r17=2\n\t;;\n';
    const { first } = tail(`${SITE}${FULL(57)}${pair}${FULL(9)}\trfi\n\t;;\n`);
    expect(first).toBe('\tnop.x 0 ;;');
    const { first: inside } = tail(`${SITE}${FULL(61)}${pair}${FULL(2)}\trfi\n\t;;\n`);
    expect(inside).not.toMatch(/^\(p6\)/);
  });

  test('a routine ends where its first part does, and its tail is one of its own', () => {
    const { lines, cut } = slot(`\t.proc miss\n${SITE}${FULL(63)}\trfi\n\t;;\n\t.endp miss\n`);
    expect(lines.slice(cut - 2, cut + 3)).toEqual([
      '\tbr.cond.sptk.many miss_tail',
      '\t.endp miss',
      '\t.subsection 1',
      '\t.proc miss_tail',
      'miss_tail:',
    ]);
    const end = lines.indexOf('\t.endp miss_tail');
    expect(lines.slice(end, end + 3)).toEqual(['\t.endp miss_tail', '\t.subsection 0', '\t.org ivt+0x400']);
  });

  test('its name is none of the source', () => {
    const { plan } = slot(`${SITE}${FULL(63)}\trfi\n\t;;\n`);
    expect(plan.moved[0]!.label).toBe('miss_tail');
    const { plan: other } = slot(`${SITE}${FULL(63)}\tbr.cond.sptk miss_tail\n\t;;\n`);
    expect(other.moved[0]!.label).toBe('miss_tail2');
  });

  test('numeric labels mean the same on both sides of it', () => {
    const code = `${SITE}1:\tnop.x 0 ;;\n${FULL(62)}\tcmp.eq p6,p7=r16,r0 ;;\n(p6)\tbr.cond.sptk 1b\n\trfi\n\t;;\n`;
    const { lines } = slot(code);
    expect(lines.filter((line) => /1b|^1:/.test(line))).toEqual(['1:\tnop.x 0 ;;', '(p6)\tbr.cond.sptk 1b']);
  });
});

describe('a slot that cannot be parted', () => {
  test.each([
    [
      'a routine with unwind directives',
      `\t.proc miss\n\t.prologue\n\t.body\n${SITE}${FULL(70)}\trfi ;;\n\t.endp miss\n`,
      /routine with unwind directives, would help$/,
    ],
    [
      'no line of its own',
      `${SITE.trimEnd().replace('\n', ' ')} ${'nop.x 0 ;; '.repeat(70)}\n\trfi ;;\n`,
      /would help$/,
    ],
    [
      'subsections',
      `${SITE}${FULL(70)}\trfi ;;\n\t.subsection 3\n\tnop 0 ;;\n\t.subsection 0\n`,
      /the source has subsections of its own/,
    ],
  ])('%s', (_, code, why) => {
    const { errors, cut } = slot(code);
    expect(cut).toBe(-1);
    expect(errors).toEqual([
      expect.stringMatching(
        /^miss does not fit its slot for xen:b: it takes \d+ bundles of 64, \d+ too many; its tail cannot move out of line/,
      ),
    ]);
    expect(errors[0]).toMatch(why);
  });

  test('an .org in a macro', () => {
    const { errors } = slot(
      `${SITE}${FULL(70)}\trfi ;;\n#define BOTH nop 0 ;; .org ivt+0x400\n\tBOTH\n\trfi\n\t;;\n`.replace(NEXT, ''),
    );
    expect(errors[0]).toMatch(/the \.org behind it does not begin a line of the source itself/);
  });
});

describe('without a letter', () => {
  const FREED = '\tmov r14=r0 ; mov r15=r0 ; mov r16=r0 ; mov r17=r0 ; mov b6=r0 ; mov pr=r0,-1 ;;\n';
  /** Two sites that can be calls, one of which would gain by it, in front of so many bundles. */
  const crowded = (bundles: number, target: string) => {
    const { plan, errors } = slot(
      `\tssm psr.i\n\t;;\n\tmov cr.tpr=r22\n\t;;\n${FULL(bundles)}${FREED}\trfi\n\t;;\n`,
      target,
    );
    expect(errors).toEqual([]);
    const kinds = plan.planned.slice(0, 2).map(({ expansion }) => expansion.kind);
    return { kinds, fitted: plan.fitted.length, moved: plan.moved.length };
  };

  test('a site becomes a call where its vector fits so, and only as many as it takes', () => {
    expect(crowded(55, 'xen')).toEqual({ kinds: ['inPlace', 'inPlace'], fitted: 0, moved: 0 });
    expect(crowded(56, 'xen')).toEqual({ kinds: ['branch', 'inPlace'], fitted: 1, moved: 0 });
  });

  test('where calls do not help, the bodies stay, and the tail moves', () => {
    expect(crowded(60, 'xen')).toEqual({ kinds: ['inPlace', 'inPlace'], fitted: 0, moved: 1 });
  });

  test('with a letter, the tail moves', () => {
    expect(crowded(56, 'xen:b')).toEqual({ kinds: ['inPlace', 'inPlace'], fitted: 0, moved: 1 });
  });
});
