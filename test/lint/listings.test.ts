/** Dependency violations in what a target makes of the macros, at the macro that the user can change. */
import { expect, test } from 'vitest';
import { loadTarget } from '../../src/expand/target.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { contextOf, conventionsWith, lintContext, NO_FLAGS, OPERATIONS } from './project.ts';

/** The rules of dependencies, over code for a target with one body. */
function violations(body: string, code: string, alternative: 'A' | null = null): string[] {
  const file = new SourceText('own.S', `.macro ASM_READ_IFA breg, d, s1\n${body}\n.endm\n`);
  const target = { label: 'own', target: loadTarget(file, OPERATIONS.all).target, alternative };
  const source = new SourceText('a.S', code);
  const read = () => undefined;
  const context = contextOf([source], NO_FLAGS, new Map(), conventionsWith(), [], read, [target]);
  return lintContext(context)
    .findings.filter(({ rule }) => ['PV009', 'PV010', 'PV018'].includes(rule))
    .map(({ file: { name }, start, rule, message }) => `${name}:${source.position(start).line} ${rule} ${message}`);
}

const CODE = 'f:\tASM_READ_IFA(-, r8, r14)\n\tmov r15=r0\n\tbr.ret.sptk rp\n';

test('a body that lacks a stop', () => {
  expect(violations('mov \\s1=r13\nld8 \\d=[\\s1]', CODE)).toEqual([
    'a.S:1 PV009 in the listing for own ld8 reads r14, which mov at a.S:1 writes: a stop must stand between them',
  ]);
});

const CALL = CODE.replace('(-,', '(b6,');

test('a body that lacks a stop, in a routine that is called', () => {
  expect(violations('mov \\s1=r13\nld8 \\d=[\\s1]', CALL, 'A')).toEqual([
    'a.S:1 PV009 in the shared routine for own ld8 reads r14, which mov at a.S:1 writes: a stop must stand between them',
  ]);
  expect(violations('mov \\s1=r13\n;;\nld8 \\d=[\\s1]', CALL, 'A')).toEqual([]);
});

test('a body that has it', () => {
  expect(violations('mov \\s1=r13\n;;\nld8 \\d=[\\s1]', CODE)).toEqual([]);
});

test('the stops that a listing puts around a body are there', () => {
  const crowded = 'f:\tmov r14=r0\n\tASM_READ_IFA(-, r8, r14)\n\tmov r15=r0\n\tbr.ret.sptk rp\n';
  expect(violations('mov \\s1=r13\n;;\nld8 \\d=[\\s1]', crowded)).toEqual([]);
});

test('a body that lacks a serialization', () => {
  expect(violations('mov cr.iim=r13\n;;\nmov \\d=cr.iim', CODE)).toEqual([
    'a.S:1 PV010 in the listing for own mov reads cr.iim, which mov at a.S:1 writes: a stop and srlz.d must stand between them',
  ]);
});

test('what stands in the source already is said once, without a target', () => {
  const faulty = `\tmov r2=r0\n\tmov r2=r1\n${CODE}`;
  expect(violations('ld8 \\d=[r13]', faulty)).toEqual([
    'a.S:2 PV009 mov writes r2, which mov at a.S:1 writes too: a stop must stand between them',
  ]);
});
