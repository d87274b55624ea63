/** Facts about Linux 6.1's own handlers, read from its sources by hand. */
import { describe, expect, test } from 'vitest';
import type { Analysis } from '../../src/analysis/analysis.ts';
import type { ProgramInstruction } from '../../src/analysis/program/program.ts';
import { configurations, kernel } from '../support/kernel.ts';
import { analyseSource } from './sources.ts';

const analyses = new Map<string, Analysis>();

function analysisOf(path: string, configuration: 'smp' | 'up'): Analysis {
  const key = `${configuration} ${path}`;
  let analysis = analyses.get(key);
  if (analysis === undefined) {
    analysis = analyseSource(path, configuration);
    analyses.set(key, analysis);
  }
  return analysis;
}

const spelling = ({ file, start, end }: ProgramInstruction): string => file.text.slice(start, end).replace(/\s+/g, '');

/** The first instruction spelled so (blanks left out) in the routine, from its entry on. */
function find(analysis: Analysis, routine: string, text: string): number {
  const { first } = analysis.program.routines.find(({ name }) => name === routine)!;
  const found = analysis.instructions.find(
    (instruction) => instruction.index >= first && spelling(instruction) === text,
  );
  if (found === undefined) throw new Error(`no \`${text}\` in ${routine}`);
  return found.index;
}

const free = (analysis: Analysis, instruction: number): string[] => {
  const { gr, br, pr } = analysis.freeAt(instruction);
  return [
    ...gr.map((number) => `r${number}`),
    ...br.map((number) => `b${number}`),
    ...pr.map((number) => `p${number}`),
  ];
};

/** Routine, instruction, registers that must be free there, registers that must not. */
type Truth = readonly [routine: string, text: string, free: string, taken: string];

const ivt: readonly Truth[] = [
  ['vhpt_miss', 'movr16=cr.ifa', 'r17 r19 r23', 'r8 r2 r15 r20 b0 b6 b7 p6 p15 r16'],
  ['vhpt_miss', 'rsmpsr.dt', 'r17 r19 r29', 'r8 b0 r16 r20'],
  ['vhpt_miss', 'itc.ir18', 'r24 r27', 'r8 r18 r22 r23 r31 b0 b6 p6 p7 p10 p11'],
  ['vhpt_miss', 'movcr.ifa=r22', 'r24 r27', 'r8 b6 r22 r23 r31'],
  ['itlb_miss', 'movr17=cr.iha', 'r18 r19 p6', 'r8 r16 r29 r31 b0 b6'],
  ['itlb_miss', 'itc.ir18', 'r21 r28', 'r8 r18 r30 r31 b0 b6'],
  ['dtlb_miss', 'movlr30=1f', 'r18 r19', 'r30 r16 r17 r29 r31 r8 b0'],
  ['dtlb_miss', 'ld8r18=[r17]', 'r19 r28', 'r30 r29 r31 r17 r18'],
  ['dtlb_miss', 'movb0=r29', 'r19 r28', 'r30 r31 r18 b0 b6'],
  ['dtlb_miss', 'itc.dr18', 'r21 r28 p6', 'r30 r31 r8 b0 b6'],
  ['alt_dtlb_miss', 'movcr.ipsr=r21', 'r16 r18 r22', 'r8 r19 r21 r31 p7 b0'],
  ['nested_dtlb_miss', 'rsmpsr.dt', 'r17 r18 r19 r21 r22 p6 p7', 'r16 r29 r30 r31 r20 r23 r8 b6'],
  ['dirty_bit', 'thashr17=r16', 'r18 r20 r25', 'r16 r30 r8 b0'],
  ['break_fault', 'movr29=cr.ipsr', 'r18 r22 r25', 'r8 r16 r29 r11 r15 b0 b6 p2'],
  ['break_fault', 'bsw.1', 'r2 r14 b7', 'r12 r13 r15 r1 b6 p15 p2 p10'],
  ['page_fault', 'movout0=cr.ifa', 'r3 r14 b0 p6 p14', 'r2 r8 r9 r10 r11 r16 r31 b6 b7 p15'],
  ['__interrupt', 'movout0=cr.ivr', 'b0 b6 b7 r2 r3 r8 r9 r16 r31', 'r4 r12 r13 p2 p15 b1'],
  ['dispatch_to_fault_handler', 'movout3=cr.iim', 'b0 r3', 'r2 r8 r15 r16 b6 b7 p15'],
  ['nat_consumption', 'movcr.ipsr=r16', 'r17 r18', 'r16 r8 b0'],
];

const entry: readonly Truth[] = [
  ['ia64_switch_to', 'rsmpsr.ic', 'r14 r15 r23 r25 b6 b7', 'r20 r21 r26 r13 r12'],
  ['ia64_leave_syscall', 'rsmpsr.i|psr.ic', 'r20 r24 b6', 'r2 r3 r8 r9 r10 r11 r19 r12 r13 p2 p3'],
  ['ia64_leave_kernel', 'rsmpsr.i|psr.ic', 'r22 r23 r25 r26 b6 b7', 'r2 r3 r8 r9 r11 r15 r16 r21 r28 r29'],
  ['ia64_leave_kernel', 'bsw.0', 'r2 r3 r14 r15', 'r8 r16 r31 b6 b7 r12'],
  ['ia64_leave_kernel', 'movcr.ipsr=r29', 'r25 r23', 'r29 r28 r30 r31 r8 r2 b6 b7 r12'],
  ['ia64_leave_kernel', 'movcr.iip=r28', 'r25 r29', 'r27 r31 r8 b0 b6'],
];

const fsys: readonly Truth[] = [
  ['fsys_gettimeofday', 'movr2=ar.itc', 'r10 p6', 'r31 r20 r24 r30 p8 p9 p13 b6 r11 r15'],
  ['fsys_fallback_syscall', 'rsmpsr.i', 'r26 r27 b7', 'r14 r16 r17 r11 r15 b6 b0'],
  ['fsys_fallback_syscall', 'movr29=psr', 'r26 r27 b7', 'r18 r16 r11 r15 b6'],
];

const gate: readonly Truth[] = [
  ['__kernel_syscall_via_epc', 'rsmpsr.be|psr.i', 'r20 r22 r14', 'r15 r17 r11 r10 b0 b6'],
  ['__kernel_syscall_via_epc', 'movr29=psr', 'r20 r22 r14', 'r16 r17 r18 r19 b6'],
];

describe.each(configurations)('%s', (configuration) => {
  describe.each([
    ['ivt.S', ivt],
    ['entry.S', entry],
    ['fsys.S', fsys],
    ['gate.S', gate],
  ] as const)('%s', (name, truths) => {
    test.each(truths)('%s: %s', (routine, text, freeThere, taken) => {
      const analysis = analysisOf(kernel().plain(name), configuration);
      const instruction = find(analysis, routine, text);
      const found = free(analysis, instruction);
      const explained = (register: string): string => analysis.explain(instruction, register).text;
      expect(
        freeThere
          .split(' ')
          .filter((register) => !found.includes(register))
          .map(explained),
      ).toEqual([]);
      expect(
        taken
          .split(' ')
          .filter((register) => found.includes(register))
          .map(explained),
      ).toEqual([]);
    });
  });

  test('every register of ivt.S is explained as free exactly where it is', () => {
    const analysis = analysisOf(kernel().plain('ivt.S'), configuration);
    for (let instruction = 0; instruction < analysis.instructions.length; instruction += 7) {
      const found = free(analysis, instruction);
      for (const register of ['r2', 'r8', 'r16', 'r19', 'r30', 'r31', 'b0', 'b6', 'p6', 'p15']) {
        const { verdict, text } = analysis.explain(instruction, register);
        expect(`${instruction} ${text}: ${verdict === 'dead'}`).toBe(
          `${instruction} ${text}: ${found.includes(register)}`,
        );
      }
    }
  });

  test('handlers run on bank 0 until they switch', () => {
    const analysis = analysisOf(kernel().plain('ivt.S'), configuration);
    const at = find(analysis, 'page_fault', 'movout0=cr.ifa');
    expect(analysis.banksAt(at)).toEqual([1]);
    expect(analysis.psrIcAt(at)).toBe(0);
    expect(analysis.banksAt(find(analysis, 'page_fault', 'movr29=cr.ipsr'))).toEqual([0]);
    const handlers = analysis.vectors();
    expect(handlers.map(({ offset }) => offset)).toEqual([
      ...Array.from({ length: 20 }, (_, number) => number * 0x400),
      ...Array.from({ length: 48 }, (_, number) => 0x5000 + number * 0x100),
    ]);
    for (const { first } of handlers) expect(analysis.banksAt(first)).toEqual([0]);
    expect(handlers[1]).toMatchObject({ label: 'itlb_miss', bundles: 64 });
    expect(handlers[20]).toMatchObject({ label: 'page_not_present', bundles: 16 });
  });

  test('every instruction of every source is known and reached', () => {
    for (const source of kernel().sources()) {
      const analysis = analysisOf(source, configuration);
      const unknown = analysis.instructions.filter(({ effects }) => !effects.known).map(spelling);
      expect({ source, unknown }).toEqual({ source, unknown: [] });
      for (const { index } of analysis.instructions) expect(analysis.banksAt(index)).not.toEqual([]);
    }
  });
});
