import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bodyInstruction } from '../../src/expand/instructions.ts';
import { auditEntries, auditEntry } from '../../src/machine/audit.ts';
import { operations as shippedOperations } from '../../src/project/operations.data.ts';
import { indexOperations } from '../../src/project/operations.ts';
import { operationEntry } from '../../src/report/audit.ts';
import { configurations, kernel } from '../support/kernel.ts';
import { temporaryFiles } from './files.ts';
import { auditOf, make } from './support.ts';

const write = temporaryFiles();

/** The table of intercept points says the same as the table of operations, and the audit finds every place. */
const operations = indexOperations(shippedOperations);

describe('the table', () => {
  test.each(operations.all.map((operation) => [operation.name, operation] as const))(
    'has a line for %s',
    (_, operation) => {
      const entry = operationEntry(operation);
      expect(entry?.rewrite).toBe(operation.rewrite);
      expect(entry?.class).toBe(operation.sensitive ? 'sensitive' : 'privileged');
    },
  );

  test('no line is dead: an instruction of each form exists', () => {
    for (const entry of auditEntries) {
      expect(entry.resources).not.toContain(-1);
      expect(entry.forms.length).toBeGreaterThan(0);
      for (const text of [entry.why, entry.without]) expect(text).toMatch(/\.$/);
    }
  });

  test.each([
    ['mov r8=ar.rsc', 'reads of ar.rsc'],
    ['mov ar.rsc=3', 'writes of ar.rsc'],
    ['mov r8=ar.k6', 'reads of the kernel registers'],
    ['mov.m r8=ar.k6', 'reads of the kernel registers'],
    ['mov r8=psr.um', 'reads of the user mask'],
    ['sum 2', 'writes of the user mask'],
    ['rum 2', 'writes of the user mask'],
    ['mov psr.um=r8', 'writes of the user mask'],
    ['probe.w.fault r8,3', 'probe: may an address be accessed'],
    ['probe.r r8=r9,0', 'probe: may an address be accessed'],
    ['epc', 'epc: entry into the kernel without an interruption'],
    ['break.m 0x100', 'break: software interruption'],
    ['mov r8=ar.itc', 'reads of the time'],
    ['fc.i r8', 'fc: flush of a cache line'],
    ['br.call.sptk.many b0=b6', 'calls'],
  ])('%s: %s', (text, title) => {
    expect(auditEntry(bodyInstruction(text).effects)?.title).toBe(title);
  });

  test.each(['mov r8=ar.pfs', 'mov r8=pr', 'add r8=r9,r10', 'srlz.d', 'mov b6=r8', 'ld8 r8=[r9]'])(
    '%s need not be seen',
    (text) => {
      expect(auditEntry(bodyInstruction(text).effects)).toBeUndefined();
    },
  );
});

describe('places', () => {
  const source = `#define SAVE(cov, reg) cov ; mov reg=cr.ifs
#define UNUSED(reg) mov reg=cr.ivr ; rsm psr.i
#define MASK psr.ic
\t.macro never reg
\tmov \\reg=cr.isr
\t.endm
start:
#ifdef CONFIG_ONE
\tthash r16=r17
#else
\tprobe.r r16=r17,0
# if CONFIG_TWO > 1
\tssm MASK
# endif
#endif
\t;;
\tSAVE(cover, r30)
\t;;
\tmov r8=ar.rsc
\tbr.ret.sptk b0
\tUNKNOWN(epc)
`;
  const audit = auditOf(make([write('places.S', source)]));
  const found = audit.points.flatMap(({ title, instructions }) =>
    instructions.map(({ line, text, conditions, place, operation }) => ({
      title,
      line,
      text,
      conditions,
      place,
      operation,
    })),
  );
  const at = (line: number) => found.filter((each) => each.line === line);

  test('in a #define body, with a parameter for a register', () => {
    expect(at(1)).toMatchObject([
      { text: 'mov reg=cr.ifs', place: { kind: 'define', macro: 'SAVE' }, operation: 'READ_IFS' },
    ]);
  });
  test('in a #define body that nobody expands', () => {
    expect(at(2).map(({ text }) => text)).toEqual(['mov reg=cr.ivr', 'rsm psr.i']);
  });
  test('in a .macro body that nobody calls', () => {
    expect(at(5)).toMatchObject([{ text: 'mov \\reg=cr.isr' }]);
  });
  test('in each branch of an #if, with its condition', () => {
    expect(at(9)).toMatchObject([{ operation: 'THASH', conditions: ['#ifdef CONFIG_ONE'] }]);
    expect(at(11)).toMatchObject([{ operation: null, conditions: ['#else of #ifdef CONFIG_ONE'] }]);
    expect(at(13)).toMatchObject([
      { text: 'ssm MASK', operation: 'SSM_PSR', conditions: ['#else of #ifdef CONFIG_ONE', '#if CONFIG_TWO > 1'] },
    ]);
  });
  test('in an argument of a macro, known or not', () => {
    expect(at(17)).toMatchObject([{ text: 'cover', place: { kind: 'argument' }, operation: 'COVER' }]);
    expect(at(21)).toMatchObject([{ text: 'epc', place: { kind: 'argument' } }]);
  });
  test('what is sensitive in name only is counted', () => {
    expect(audit.counted.map(({ title, count }) => [title, count])).toEqual([['returns', 1]]);
  });
});

describe.each(configurations)('%s', (configuration) => {
  test('every site of the kernel is at an intercept point', () => {
    const made = make(
      ['ivt.S', 'entry.S', 'fsys.S', 'gate.S', 'head.S', 'pal.S'].map((name) => kernel().linux(name)),
      kernel().flags(configuration),
    );
    const audit = auditOf(made);
    const operations = new Map(
      audit.points.flatMap(({ instructions }) =>
        instructions.map(({ file, line, operation }) => [`${file}:${line}:${operation}`, operation]),
      ),
    );
    for (const { site } of made.built.rewritten.sites) {
      const { line } = site.file.position(site.start);
      expect(
        operations.get(`${site.file.name}:${line}:${site.operation.name}`),
        `${basename(site.file.name)}:${line}`,
      ).toBe(site.operation.name);
    }
    const places = audit.points.flatMap(({ instructions }) =>
      instructions.map(({ file, line, column, builtFor = [] }) => `${file}:${line}:${column} ${builtFor}`),
    );
    expect(new Set(places).size).toBe(places.length);
  });
});
