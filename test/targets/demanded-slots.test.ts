/** Hypercalls that work from one slot of a bundle only: how they are written, assembled and checked. */
import { describe, expect, test } from 'vitest';
import { inDemandedSlots } from '../../src/expand/demanded-slots.ts';
import { itemText } from '../../src/expand/expansion.ts';
import { loadHypercalls } from '../../src/expand/hypercalls.ts';
import { listingErrors } from '../../src/expand/verify.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { built, listing } from '../rewrite/support.ts';
import { assembleText, disassemble } from '../support/assemble.ts';

const HEADING = 'hypercall\tname\treads\treturns\tdestroys\tdemands\tsource\n';
const { hypercalls } = loadHypercalls(
  new SourceText(
    'acme.tsv',
    `${HEADING}${[0, 1, 2].map((slot) => `break 0x20${slot}\tCALL${slot}\t-\t-\t-\tslot=${slot}\tours\n`).join('')}`,
  ),
);

const bundled = (text: string) =>
  inDemandedSlots([{ kind: 'instruction', text, comment: '' }], hypercalls).map(itemText);

describe('an instruction that demands its slot stands in a bundle of its own', () => {
  test.each([
    ['break.m 0x200', 0],
    ['(p6) break.m 0x200', 0],
    ['(pKStk) break.m 512', 0],
    ['break.b 0x200', 0],
    ['break.f 0x201', 1],
    ['break.m 0x201', 1],
    ['break.i 0x201', 1],
    ['break.b 0x201', 1],
    ['break.i 0x202', 2],
    ['(p7) break.b 0x202', 2],
  ])('%s in slot %i', (text, slot) => {
    const [open, ...inside] = bundled(text);
    expect(inside.pop()).toBe('}');
    expect(inside.indexOf(text)).toBe(slot);
    const code = `{ .mib; nop.m 0; nop.i 0; nop.b 0; };;\n${open}; ${inside.join('; ')}; } ;;\n`;
    const { object, messages } = assembleText(code.replace('pKStk', 'p9'), { preprocess: false });
    expect(messages).toBe('');
    const calls = disassemble(object!).filter(({ mnemonic }) => mnemonic.startsWith('break'));
    expect(calls.map((call) => call.slot)).toEqual([slot]);
  });

  test('what demands nothing, and what no bundle has there, stays as it is', () => {
    for (const text of ['break.m 0x300', 'mov r8=r9', 'break.i 0x200', 'break.m 0x202'])
      expect(bundled(text)).toEqual([text]);
  });
});

/** Sites in front of which different numbers of slots are taken, one under a predicate, one in an explicit bundle. */
const source = `
f:	mov r20=r21
	ssm 0x4000
	;;
	mov r20=r21
	mov r22=r23
	ssm 0x4000
	;;
	cmp.eq p8,p9=r20,r22
	;;
(p8)	ssm 0x4000
	;;
{ .mmi
	mov r20=r21
	ssm 0x4000
	mov r22=r23
	;;
}
	ssm 0x6000
	;;
	srlz.d
	br.ret.sptk.many b0
`;

test.each(['xen', 'xen:a', 'xen:b'])('in a listing for %s, routines included', (target) => {
  const text = listing(source, target);
  const { object, messages } = assembleText(text, { preprocess: false });
  expect(messages).toBe('');
  const calls = disassemble(object!).filter(
    ({ mnemonic, operands }) => /^break/.test(mnemonic) && Number(operands) === 7,
  );
  expect(calls.length).toBeGreaterThan(0);
  expect(calls.every(({ slot }) => slot === 0)).toBe(true);
  expect(calls.every(({ predicate }) => predicate !== '')).toBe(true);
});

test('a listing that has one elsewhere is an error at its site', () => {
  const { plans, rewritten } = built({ files: { 'a.S': source }, targets: ['xen:b'] });
  const errors = (isLeftOut: (text: string) => boolean) => {
    const changed = plans.map((plan) => ({
      ...plan,
      planned: plan.planned.map(({ expansion, ...site }) => ({
        ...site,
        expansion: { ...expansion, items: expansion.items.filter((item) => !isLeftOut(itemText(item))) },
      })),
    }));
    return listingErrors(rewritten.project, changed).map(
      ({ file, start, message }) => `${file.position(start).line}: ${message}`,
    );
  };
  expect(errors(() => false)).toEqual([]);
  expect(errors((text) => /^[{}]/.test(text))[0]).toMatch(
    /^\d+: SSM_I stands in slot [12] of its bundle for xen:b; it works from slot 0 only$/,
  );
});
