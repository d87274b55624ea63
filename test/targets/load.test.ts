/** Reading a target file: what is wrong in it is said with its place. */
import { describe, expect, test } from 'vitest';
import { expandBody } from '../../src/expand/body.ts';
import { loadTarget, scratchNeeds } from '../../src/expand/target.ts';
import { formatDiagnostic } from '../../src/syntax/diagnostic.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { operations, show, targetNamed } from './targets.ts';

function load(text: string) {
  const { target, diagnostics } = loadTarget(new SourceText('dir/kvm.S', text), operations);
  return { target, messages: diagnostics.map((each) => formatDiagnostic(each).split('\n')[0]) };
}

const WRONG: readonly [string, string, string[]][] = [
  ['code outside a macro', 'mov r8=r9\n', ['dir/kvm.S:1:1: error: a target file holds macros and symbols only']],
  ['a macro without end', '.macro ASM_RFI breg\n', ["dir/kvm.S:1:1: error: '.macro' has no .endm"]],
  [
    'a misspelt operation',
    '.macro ASM_READ_IFAA pred, breg, d\n.endm\n',
    ["dir/kvm.S:1:8: error: 'ASM_READ_IFAA' is no operation, and no macro uses it"],
  ],
  [
    'a predicate forgotten',
    '.macro ASM_READ_IFA breg, d\n.endm\n',
    ["dir/kvm.S:1:8: error: macro 'ASM_READ_IFA' lacks the parameter 'pred'"],
  ],
  [
    'a misspelt operand',
    '.macro ASM_READ_IFA pred, breg, dst\n.endm\n',
    [
      "dir/kvm.S:1:8: error: macro 'ASM_READ_IFA' lacks the parameter 'd'",
      "dir/kvm.S:1:8: error: parameter 'dst' of macro 'ASM_READ_IFA' means nothing; there are pred, breg, d, s1, s2 ..., t1 ...",
    ],
  ],
  [
    'an operation twice',
    '.macro ASM_RFI breg\n.endm\n.macro ASM_RFI breg\n.endm\n',
    ["dir/kvm.S:3:8: error: macro 'ASM_RFI' is already defined"],
  ],
];

describe('errors in a target file', () => {
  test.each(WRONG)('%s', (_, text, expected) => {
    expect(load(text).messages).toEqual(expected);
  });
});

const BROKEN: readonly [string, string, string][] = [
  ['a label', 'here: nop.m 0', 'broken: a body holds instructions, stops and directives only'],
  [
    'a condition nobody can decide',
    '.if somewhere\nnop.m 0\n.endif',
    "broken: the assembler decides '.if somewhere'; both branches are kept",
  ],
  ['recursion', 'ASM_RFI', "broken: macros are nested too deeply: does 'ASM_RFI' invoke itself without end?"],
  ['a refusal', '.error "not today"', 'refused: not today'],
  ['nothing', '', 'missing'],
  ['a predicate', '(p0) nop.m 1\n(p6) nop.m 2', 'nop.m 1\n(p6) nop.m 2'],
  ['symbols', 'n = 1\nmov r8=SIX*2-n ;;\n.set n, n+1\nadds r9=-SIX-n,r8', 'mov r8=0xb\n;;\nadds r9=-8,r8'],
];

describe('bodies', () => {
  test.each(BROKEN)('%s', (_, body, expected) => {
    const { target, messages } = load(`SIX = 6\n.macro ASM_RFI breg\n${body}\n.endm\n`);
    expect(messages).toEqual([]);
    const text = show(expandBody(target, 'RFI', { operands: [], scratch: [] }));
    expect(text).toBe(expected);
  });

  test('a target has its file for a name, and says what its bodies can use', () => {
    const { target } = load('.macro ASM_READ_ITC pred, breg, d, s1, s2, t1\n.endm\n');
    expect(target.name).toBe('kvm');
    expect(scratchNeeds(target, 'READ_ITC')).toEqual({ gr: 2, pr: 1 });
    expect(scratchNeeds(target, 'RFI')).toEqual({ gr: 0, pr: 0 });
  });
});

test('native has a macro for every operation', () => {
  const native = targetNamed('native');
  expect(operations.filter((operation) => !native.macros.has(operation.name))).toEqual([]);
});

test('xen has one for every sensitive operation but ttag and ar.ruc, which Xen 4.1 does not know, and ar.eflag, which it does not serve', () => {
  const xen = targetNamed('xen');
  const missing = operations.filter((operation) => operation.sensitive && !xen.macros.has(operation.name));
  expect(missing.map((operation) => operation.name)).toEqual(['TTAG', 'READ_RUC', 'READ_EFLAG', 'WRITE_EFLAG']);
});
