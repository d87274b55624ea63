/** Conditions that the source or the command line decides are no choice: what they rule out costs no register and no site. */
import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/preprocess/types.ts';
import { rewritten } from './support.ts';

/** A handler that finds registers only behind `bsw.1`, which stands in LEAVE. */
const HANDLER = `	.section .text.ivt,"ax"
ia64_ivt:
	mov r16=cr.ifa
	;;
	LEAVE
	ssm psr.ic
	;;
	srlz.i
	;;
	ssm psr.i
	;;
	br.call.sptk.many b0=g
	br.sptk ia64_leave_kernel
`;
const LEAVE = '#define LEAVE bsw.1 ;;\n';

function refusals(first: string, headers: Record<string, string> = {}, commands: Command[] = []): number {
  const { refusals, sites } = rewritten({ files: { 'a.S': `${first}${HANDLER}` }, headers, commands });
  expect(sites.length).toBeGreaterThan(0);
  return refusals.length;
}

const define = (text: string): Command => ({ kind: 'define', text });
const undef = (name: string): Command => ({ kind: 'undef', name });

describe('decided by', () => {
  test.each([
    ['a definition', `#define VIRT\n#ifdef VIRT\n${LEAVE}#endif\n`],
    ['a value', `#define VIRT 1\n#if VIRT > 0\n${LEAVE}#endif\n`],
    ['a constant', `#if 0\n#else\n${LEAVE}#endif\n`],
    ['an expression over constants', `#if 2 + 2 == 4 || N > 3\n${LEAVE}#endif\n`],
    ['macros within macros', `#define A 3\n#define B(x) (A + x)\n#if B(1) == 4\n${LEAVE}#endif\n`],
    ['a default', `#ifndef VIRT\n#define VIRT\n#endif\n#ifdef VIRT\n${LEAVE}#endif\n`],
    ['what all ways define', `#ifdef A\n#define V 1\n#else\n#define V 2\n#endif\n#if V\n${LEAVE}#endif\n`],
    ['what was undefined', `#define VIRT\n#undef VIRT\n#ifndef VIRT\n${LEAVE}#endif\n`],
    ['a header beside the source', `#include "k.h"\n#include "k.h"\n#if VIRT > 1\n${LEAVE}#endif\n`],
    ['the preprocessor', `#ifdef __ASSEMBLER__\n${LEAVE}#endif\n`],
  ])('%s', (_, first) => {
    expect(refusals(first, { 'k.h': '#ifndef K_H\n#define K_H\n#define VIRT 2\n#endif\n' })).toBe(0);
  });

  test('-D and -U, as cpp would', () => {
    const ifdef = `#ifdef VIRT\n${LEAVE}#endif\n`;
    expect(refusals(ifdef)).toBeGreaterThan(0);
    expect(refusals(ifdef, {}, [define('VIRT')])).toBe(0);
    expect(refusals(ifdef, {}, [define('VIRT'), undef('VIRT')])).toBeGreaterThan(0);
    expect(refusals(`#if VIRT > 3\n${LEAVE}#endif\n`, {}, [define('VIRT=4')])).toBe(0);
    expect(refusals(`#ifdef VIRT\n#else\n${LEAVE}#endif\n`, {}, [undef('VIRT')])).toBe(0);
    // The source has the last word.
    expect(refusals(`#undef VIRT\n${ifdef}`, {}, [define('VIRT')])).toBeGreaterThan(0);
  });
});

describe('left open by', () => {
  test.each([
    ['a name that nobody speaks of', `#ifdef VIRT\n${LEAVE}#endif\n`],
    ['one with two underscores', `#ifdef __VIRT\n${LEAVE}#endif\n`],
    ['a definition behind a choice', `#ifdef A\n#define VIRT\n#endif\n#ifdef VIRT\n${LEAVE}#endif\n`],
    ['a value that differs', `#ifdef A\n#define V 1\n#else\n#define V 0\n#endif\n#if V\n${LEAVE}#endif\n`],
    ['a header that undefines it in some way', `#define VIRT\n#include "u.h"\n#ifdef VIRT\n${LEAVE}#endif\n`],
  ])('%s', (_, first) => {
    expect(refusals(first, { 'u.h': '#ifdef B\n#undef VIRT\n#endif\n' })).toBeGreaterThan(0);
  });
});

test('in code that nobody can compile a site is spelled as its macro where that takes no register, and else left without a word', () => {
  const { files, refusals } = rewritten(
    '#if 0\n\tmov r9=cr.ifa\n\tssm psr.i\n#define DBG mov ar.k2=r16\n#endif\nf:\tmov r8=cr.ifa\n',
  );
  expect(refusals).toEqual([]);
  expect(files[0]!.text).toContain('ASM_READ_IFA(-, r9)\n\tssm psr.i\n#define DBG mov ar.k2=r16\n');
});

test('a header that only another configuration reads has its sites', () => {
  const headers = { 'only.h': '#define GET(x) mov x=cr.ifa\n' };
  const text = '#ifdef OTHER\n#include "only.h"\n#endif\nf:\n#ifdef GET\n\tGET(r8)\n#endif\n';
  const edited = (commands: Command[]) =>
    rewritten({ files: { 'a.S': text }, headers, commands }).sites.map(({ site }) => site.file.name);
  expect(edited([])).toEqual(['only.h']);
  expect(edited([undef('OTHER')])).toEqual([]);
});

test('the message says how many registers are needed, which are free, who reads the others, and what could say otherwise', () => {
  const { refusals } = rewritten(
    '\t.section .text.ivt,"ax"\nv:\tmov r16=r0\n\tssm psr.i\n\tst8 [r1]=r16\n\tbr.cond.sptk elsewhere\n',
  );
  expect(refusals.map(({ reason }) => reason)).toEqual([
    'not enough registers are free: it needs 1 and a predicate, free are none, and no predicate; live are r2-r11 (read by ' +
      'elsewhere, behind a.S:5), r14-r15 (read by elsewhere, behind a.S:5), r16 (read at a.S:4), r17-r31 (read by elsewhere, ' +
      'behind a.S:5), p1-p15 (read by elsewhere, behind a.S:5); [[symbol]] name = "elsewhere", reads = [...] in the conventions can ' +
      'say that they are not read there',
  ]);
});

test('a macro with parameters may leave no sign of a name whose value is open', () => {
  const enabled = `#define TRUE_1 0,
#define SECOND(ignored, value, ...) value
#define TEST3(maybe) SECOND(maybe 1, 0)
#define TEST2(value) TEST3(TRUE_##value)
#define TEST(name) TEST2(name)
`;
  const text = (condition: string) => `${enabled}#if ${condition}\n${LEAVE}#endif\n`;
  // Undefined by the source for all configurations, or defined; else it is a choice.
  expect(refusals(`#define X 1\n${text('TEST(X)')}`)).toBe(0);
  for (const condition of ['TEST(X)', '!TEST(X)', 'TEST(X) || defined(Y)', 'BOTH']) {
    const both = '#define BOTH (TEST(X) && TEST(Z))\n';
    expect(refusals(both + text(condition))).toBeGreaterThan(0);
  }
});
