/** Alternative C: what stands at a site, where there is no such call and why, and the table. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { TargetChoice } from '../../src/expand/plan.ts';
import { sortedSlots, tableFiles } from '../../src/expand/table-files.ts';
import { assembleText, textBytes } from '../support/assemble.ts';
import { mustRun } from '../support/run.ts';
import { built, choices, type Given, rewritten } from './support.ts';

const native = choices.native!.target;
const xen = choices['xen:b']!.target;
const joined = { target: native, alternative: 'C', joined: [native, xen] } as const;
const c: TargetChoice = { label: 'native+xen:c', ...joined };
const ce: TargetChoice = { label: 'native+xen:ce', ...joined, fallback: 'E' };
const ct: TargetChoice = { label: 'native+xen:ct', ...joined, fallback: 'trap' };

const folder = mkdtempSync(join(tmpdir(), 'pvasm-table-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A routine that is called, with b6 and b7 free. */
const routine = (lines: string) => `\t.text\n\t.global f\n\t.proc f\nf:\n${lines}\n\tbr.ret.sptk.many b0\n\t.endp f\n`;

function made(source: string, choice: TargetChoice = c, given: Partial<Given> = {}) {
  const { listings, plans, failures } = built({ files: { 'a.S': source }, choices: [choice], ...given });
  const [plan] = plans as [(typeof plans)[number]];
  const slots = sortedSlots([...plan.slots!.values()]);
  const files = tableFiles(choice.label, ['native', 'xen'], 'native', slots);
  return {
    ...{ plan, failures, slots, files },
    text: listings[0]!.text.replace(/^#(?:line)? \d+ ".*"\n/gm, ''),
    kinds: plan.planned.map(({ expansion }) => expansion.kind),
    reasons: [...plan.fallenBack!.values()],
  };
}

/** The lines of a listing that a site became. */
const site = (text: string) => text.replace(/^[\s\S]*f:\n/, '').replace(/\tbr\.ret[\s\S]*/, '');

describe('a site', () => {
  test('loads the address of its routine, and branches through the second register', () => {
    const { text, slots } = made(routine('\tmov r9=cr.ifa\n\t;;'));
    expect(site(text)).toBe(
      `\tmovl r9=pv_slot_read_ifa_b6_r9 ;;
\tld8 r9=[r9] ;;
\tmov b7=r9; movl r9=7701f ;;
\tmov b6=r9; br.sptk.many b7; 7701:
\t;;
`,
    );
    expect(slots.map(({ name, assignment }) => [name, assignment])).toEqual([['read_ifa_b6_r9', 'b6, r9']]);
  });

  test('under a predicate', () => {
    const { text } = made(routine('\t(p6) mov r9=cr.ifa\n\t;;'));
    expect(site(text)).toContain('(p6) ld8 r9=[r9]');
    expect(site(text)).toContain('(p6) br.sptk.many b7; 7701:');
    expect(assembleText(text).messages).toBe('');
  });

  test('in code that may be anywhere adds distances to its own address', () => {
    const { text, slots, files } = made(routine('\tmov r9=cr.ifa\n\t;;'), c, { addressing: 'relative' });
    expect(slots.map(({ name }) => name)).toEqual(['read_ifa_b6_r9_relative']);
    const { object, messages } = assembleText(text);
    expect(messages).toBe('');
    // R_IA64_PCREL64I, and no absolute address.
    expect(textBytes(object!)['.text']!.relocations).toEqual([expect.stringMatching(/ 7b pv_slot_/)]);
    expect(files.map(({ text: fill }) => fill).join('')).toContain('data8 pv_native_read_ifa_b6_r9_relative-.');
  });

  test('names all registers that it changes in its macro, the second branch register last', () => {
    const { files } = rewritten({ files: { 'a.S': routine('\tmov cr.ifa=r32\n\tmov r9=cr.ivr') }, choices: [c] });
    expect(files[0]!.text).toContain('ASM_WRITE_IFA(b6, r32, r9, b7)');
    const again = rewritten({ files: { 'a.S': files[0]!.text }, choices: [c] });
    expect(again.files[0]!.text).toBe(files[0]!.text);
    const { kinds, reasons } = made(files[0]!.text);
    expect({ kinds, reasons }).toEqual({ kinds: ['branch', 'branch'], reasons: [] });
  });

  test('takes a register more for the address where the bodies need none', () => {
    const source = routine('\trsm psr.i\n\t;;');
    const needs = (choice: TargetChoice) =>
      rewritten({ files: { 'a.S': source }, choices: [choice] }).sites[0]!.scratch;
    const alone = made(source).plan.planned[0]!;
    expect(alone.expansion.kind).toBe('branch');
    expect(needs(c).general.length).toBeGreaterThanOrEqual(needs({ ...c, alternative: 'D' }).general.length);
  });

  test('shares its slot with sites of the same registers', () => {
    const one = routine('\tmov r9=cr.ifa\n\t;;\n\tmov r10=r9\n\tmov r9=cr.ifa\n\t;;\n\tmov r9=cr.ivr');
    expect(made(one).slots.map(({ name }) => name)).toEqual(['read_ifa_b6_r9', 'read_ivr_b6_r9_r2']);
  });
});

describe('no such call', () => {
  const vector = (lines: string) =>
    `\t.section .text.ivt,"ax"\n\t.align 32768\n\t.global ia64_ivt\nia64_ivt:\n\t.org ia64_ivt+0x400\n${lines}\n\trfi\n`;

  test.each<[what: string, source: string, reason: RegExp, given?: Partial<Given>]>([
    [
      'where psr.dt may be off',
      routine('\trsm psr.dt\n\t;;\n\tsrlz.d\n\t;;\n\tmov r9=cr.ifa\n\t;;\n\tssm psr.dt\n\t;;\n\tsrlz.d\n\t;;'),
      /^psr\.dt may be off here/,
    ],
    [
      'where psr.dt may be another than the translation of the code',
      routine('\tmov r9=cr.ifa\n\t;;\n\trsm psr.dt\n\t;;\n\tsrlz.d\n\t;;\n\tssm psr.dt\n\t;;\n\tsrlz.d\n\t;;'),
      /^psr\.dt may be off here/,
      { addressing: 'relative' },
    ],
    [
      'where psr.ic is off and data is not pinned',
      routine('\trsm psr.ic | psr.i\n\t;;\n\tsrlz.d\n\t;;\n\tmov r9=cr.ifa\n\t;;\n\tssm psr.ic\n\t;;\n\tsrlz.d\n\t;;'),
      /^psr\.ic may be off here/,
      { own: '[linked_addresses]\nfiles = ["a.S"]\npinned_data = false\n' },
    ],
    [
      'where the interrupted code has all branch registers',
      vector('\tmov r16=cr.ifa\n\t;;\n\tmov r17=r16'),
      /^no two branch registers are free/,
    ],
    [
      'where the macro names one branch register',
      routine('\tASM_READ_IFA(b6, r9)\n\t;;'),
      /^its macro names no second branch register/,
    ],
    [
      'in an explicit bundle',
      routine('{ .mmi\n\tmov r9=cr.ifa\n\tnop.m 0\n\tnop.i 0\n}'),
      /^it stands in an explicit bundle/,
    ],
  ])('%s', (_, source, reason, given) => {
    const { kinds, reasons, plan } = made(source, c, given);
    const at = plan.planned.findIndex(({ site: { operation } }) => operation.name === 'READ_IFA');
    expect(kinds[at]).toBe('patched');
    expect(plan.fallenBack!.get(plan.planned[at]!.site)!.reason).toMatch(reason);
    expect(reasons.length).toBeGreaterThan(0);
  });

  test('but pinned data is there with psr.ic off', () => {
    const source = routine(
      '\trsm psr.ic | psr.i\n\t;;\n\tsrlz.d\n\t;;\n\tmov r9=cr.ifa\n\t;;\n\tssm psr.ic\n\t;;\n\tsrlz.d\n\t;;',
    );
    const { plan } = made(source);
    expect(plan.planned.find(({ site: { operation } }) => operation.name === 'READ_IFA')!.expansion.kind).toBe(
      'branch',
    );
  });

  const oneFree = routine('\tmov b7=r33\n\t;;\n\tmov r9=cr.ifa\n\t;;\n\tmov r8=b7');

  test('falls back as the letters say: to a branch that is patched, the native code that is patched, a trap', () => {
    expect(made(oneFree, ce).kinds).toEqual(['branch']);
    expect(made(oneFree, ce).text).toContain('.pvasm.sites');
    expect(made(oneFree, c).kinds).toEqual(['patched']);
    const trapping = made(oneFree, ct);
    expect(trapping).toMatchObject({ kinds: ['trap'], failures: [] });
    expect(trapping.text).not.toContain('.pvasm');
    expect([...trapping.plan.trapped.values()]).toEqual([
      expect.stringMatching(/^no two branch registers .*: it traps$/),
    ]);
  });

  test('nor a listing with a site that would not trap', () => {
    const source = oneFree.replace('mov r9=cr.ifa', 'thash r9=r32');
    expect(made(source, ct).failures).toEqual([expect.objectContaining({ fatal: true })]);
  });
});

describe('the table', () => {
  const source = routine('\tmov r9=cr.ifa\n\t;;\n\tmov r10=r9\n\tssm psr.i\n\t;;');

  test('assembles in silence, with a word for each slot in the order of the header', () => {
    const { files, slots } = made(source);
    expect(files.map(({ place }) => place)).toEqual(['pv_table.h', 'pv_table_native.S', 'pv_table_xen.S']);
    for (const { text } of files.slice(1)) expect(assembleText(text).messages).toBe('');
    const [header, base] = files.map(({ text }) => text) as [string, string];
    const words = [...base.matchAll(/^pv_slot_(\w+):\n\tdata8 pv_native_\1$/gm)].map(([, name]) => name);
    expect(words).toEqual(slots.map(({ name }) => name));
    expect([...header.matchAll(/^\tunsigned long (\w+);\t/gm)].map(([, name]) => name)).toEqual(words);
    expect(header).toContain(`#define PV_SLOT_${words[1]!.toUpperCase()} 1\n`);
  });

  test('in C: it is filled with addresses as they are, and distances from where they come to stand', () => {
    const absolute = made(source).slots;
    const relative = made(source, c, { addressing: 'relative' }).slots;
    const header = tableFiles(c.label, ['native', 'xen'], 'native', [...relative, ...absolute])[0]!.text;
    writeFileSync(join(folder, 'pv_table.h'), header);
    writeFileSync(join(folder, 'a.c'), HARNESS);
    const program = join(folder, 'a');
    mustRun('gcc', ['-std=c99', '-Wall', '-Wextra', '-Werror', '-pedantic', join(folder, 'a.c'), '-o', program]);
    expect(mustRun(program, [])).toBe(`${absolute.length} ${absolute.length + relative.length}\n`);
  });
});

/** Each slot of the words leads to a place of its own; so does the table when it is filled. Prints how many hold what. */
const HARNESS = `#include <stdio.h>
#include "pv_table.h"
struct pv_table pv_table;
static struct pv_table words;
static char code[PV_TABLE_SLOTS];
int main(void)
{
	unsigned long *word = (unsigned long *) &words, *filled = (unsigned long *) &pv_table;
	int at;
	for (at = 0; at < PV_TABLE_SLOTS; at++)
		word[at] = (unsigned long) &code[at] - (at < PV_TABLE_ABSOLUTE ? 0 : (unsigned long) &word[at]);
	pv_table_fill(&pv_table, &words);
	for (at = 0; at < PV_TABLE_SLOTS; at++)
		if (filled[at] + (at < PV_TABLE_ABSOLUTE ? 0 : (unsigned long) &filled[at]) != (unsigned long) &code[at])
			return 1;
	printf("%d %d\\n", PV_TABLE_ABSOLUTE, PV_TABLE_SLOTS);
	return 0;
}
`;
