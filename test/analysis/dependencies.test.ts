import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Program } from '../../src/analysis/program/program.ts';
import { conflicts } from '../../src/dependencies/conflicts.ts';
import { checkDependencies, type DependencyOptions } from '../../src/dependencies/violations.ts';
import { decode } from '../../src/machine/decode.ts';
import type { Effects } from '../../src/machine/effects.ts';
import { parseSource } from '../../src/syntax/parse.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { assembleText, preprocess } from '../support/assemble.ts';
import { binutilsSource } from '../support/binutils.ts';
import { configurations, kernel } from '../support/kernel.ts';
import { growth } from '../support/work.ts';
import { inWordsOfGas, reported } from './gas-violations.ts';
import { programOf } from './programs.ts';
import { instruction } from './random-instructions.ts';

const scope = { alias: () => undefined, frame: null };

function effectsOf(text: string): Effects[] {
  const { statements } = parseSource(new SourceText('test.S', `${text.replaceAll(' ; ', '\n')}\n`));
  return statements.flatMap((statement) => (statement.kind === 'instruction' ? [decode(statement, scope)] : []));
}

describe('conflicts: would the two share an instruction group', () => {
  it.each([
    ['mov r2=r3', 'mov r4=r5', ''],
    ['mov r2=r3', 'mov r4=r2', 'RAW r2 impliedF'],
    ['mov r2=r3', 'mov r2=r5', 'WAW r2 impliedF'],
    ['mov r2=r3', 'mov r3=r5', ''],
    ['ld8 r2=[r3],8', 'add r4=1,r3', 'RAW r3 impliedF'],
    ['cmp.eq p6,p7=r2,r3', '(p6) br.sptk 1f', ''],
    ['cmp.eq p6,p7=r2,r3', '(p6) mov r4=r5', 'RAW p6 impliedF'],
    ['cmp.eq p6,p7=r2,r3', '(p6) break 0', 'RAW p6 impliedF'],
    ['fcmp.eq p6,p7=f2,f3', '(p6) br.sptk 1f', 'RAW p6 impliedF'],
    ['mov b6=r2', 'br.sptk b6', ''],
    ['mov b6=r2', 'mov r3=b6', 'RAW b6 impliedF'],
    ['mov ar.pfs=r2', 'br.ret.sptk b0', ''],
    ['mov cr.ifa=r2', 'itc.d r3', 'RAW cr.ifa implied'],
    ['mov cr.ifa=r2', 'mov r3=cr.ifa', 'RAW cr.ifa data'],
    ['ssm psr.ic', 'mov r3=cr.ifa', 'RAW psr.ic data'],
    ['ssm psr.ic', 'mov r3=psr', 'RAW psr.ic impliedF'],
    ['ssm psr.i', 'ld8 r3=[r2]', ''],
    ['(p6) mov r2=r3', '(p7) mov r2=r5', 'WAW r2 impliedF'],
    ['(p6) mov r2=r3 ; (p6) br.sptk 1f', 'mov r4=r2', ''],
    ['(p6) mov r2=r3 ; (p7) br.sptk 1f', 'mov r4=r2', 'RAW r2 impliedF'],
    ['mov r2=r3 ; br.sptk 1f', 'mov r4=r2', ''],
    ['nonsense r2', 'mov r4=r5', 'RAW * implied'],
    ['st8 [r2]=r3', 'ld8 r4=[r2]', ''],
    ['ld8.c.clr r2=[r3]', 'mov r4=r2', ''],
    ['fcmp.eq.s0 p6,p7=f2,f3', 'fcmp.lt.s0 p8,p9=f2,f3', ''],
    ['bsw.1', 'mov r16=r2', 'RAW psr.bn impliedF'],
  ])('%s | %s', (before, after, expected) => {
    const found = conflicts(effectsOf(before), effectsOf(after));
    expect(found.map(({ kind, resource, semantics }) => `${kind} ${resource} ${semantics}`).join(', ')).toBe(expected);
  });

  it('knows predicates that exclude each other when it is told', () => {
    const exclude = (a: number, b: number) => a + b === 13;
    expect(conflicts(effectsOf('(p6) mov r2=r3'), effectsOf('(p7) mov r2=r5'), exclude)).toEqual([]);
    expect(conflicts(effectsOf('(p6) mov r2=r3'), effectsOf('(p8) mov r2=r5'), exclude)).toHaveLength(1);
  });
});

/** What the assembler says of a text, and what we say that it should see; each sorted. */
function bothOpinions(text: string): { theirs: string[]; ours: string[] } {
  const program = programOf(text);
  const seen = checkDependencies(program).filter(({ seenByGas }) => seenByGas);
  const { messages } = assembleText(text, { preprocess: false });
  return { theirs: reported(messages).sort(), ours: inWordsOfGas(program, seen).sort() };
}

describe("gas's own dependency tests: the same violations, at the same lines, of the same kind, resource and semantics", () => {
  const folder = join(binutilsSource(), 'gas/testsuite/gas/ia64');
  const names = readdirSync(folder).filter((name) => /^(dv-.*|regval|group-\d|pred-rel)\.s$/.test(name));

  it.each(names)('%s', (name) => {
    const { theirs, ours } = bothOpinions(readFileSync(join(folder, name), 'latin1'));
    expect(ours).toEqual(theirs);
  });

  it('which are many', () => {
    const total = names.map((name) => bothOpinions(readFileSync(join(folder, name), 'latin1')).theirs.length);
    expect(total.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(300);
  });
});

describe('kernel sources have no violation that the assembler sees', () => {
  const cases = configurations.flatMap((configuration) =>
    kernel()
      .sources()
      .map((source) => [configuration, basename(source), source] as const),
  );

  it.each(cases)('%s %s', (configuration, name, source) => {
    const { text } = preprocess(source, { configuration });
    const program = programOf(text);
    const found = checkDependencies(program);
    expect(program.instructions.filter(({ effects }) => !effects.known)).toEqual([]);
    expect(found.filter(({ seenByGas }) => seenByGas)).toEqual([]);
    // ia64_leave_syscall turns psr.ic off and jumps to skip_rbs_switch, past the srlz.d, when it returns to the kernel.
    const expected = name === 'entry.S' ? ['cr.ipsr', 'cr.ifs', 'cr.iip'] : [];
    expect(found.map(({ second }) => spelled(program, second))).toEqual(
      expected.map((each) => expect.stringContaining(`mov ${each} = `)),
    );
    expect(
      found.every(({ resource, kind, semantics }) => `${kind} ${resource} ${semantics}` === 'RAW psr.ic data'),
    ).toBe(true);
  });
});

function spelled(program: Program, index: number): string {
  const { file, start, end } = program.instructions[index]!;
  return file.text.slice(start, end);
}

/** Violations in words: seen by the assembler (`gas`) or not, and whether they are real. */
function verdicts(text: string, options: DependencyOptions = {}): string[] {
  const program = programOf(text.replaceAll(' ; ', '\n'));
  return checkDependencies(program, options).map(
    ({ kind, resource, seenByGas, real }) =>
      `${kind} ${resource}${seenByGas ? ' gas' : ''}${real ? '' : ' (not real)'}`,
  );
}

describe('what the assembler does not see', () => {
  it.each<[what: string, text: string, expected: string[]]>([
    [
      'a predicate read by what has no unit yet',
      'cmp.eq p6,p7=r2,r3 ; (p6) break 0 ; (p7) nop 0 ; (p7) hint @pause',
      ['RAW p6', 'RAW p7', 'RAW p7'],
    ],
    ['but a branch may use it', 'cmp.eq p6,p7=r2,r3 ; (p6) nop.b 0 ; (p7) br.sptk out', []],
    ['srlz.d where srlz.i must be', 'mov cr.iva=r2 ;; ; srlz.d ;; ; mov r3=cr.iva', ['serialization cr.iva']],
    ['srlz.i does', 'mov cr.iva=r2 ;; ; srlz.i ;; ; mov r3=cr.iva', []],
    ['but only behind a stop', 'mov cr.iva=r2 ;; ; srlz.i ; mov r3=cr.iva', ['RAW cr.iva gas']],
    ['missing serialization behind a jump', 'rsm psr.dt ;; ; br.few 1f ; nop 0 ; 1: ld8 r2=[r3]', ['RAW psr.dt']],
    [
      'and behind a jump that may be taken',
      'rsm psr.dt ;; ; (p6) br.few 1f ; srlz.d ; br.few 2f ; 1: ld8 r2=[r3] ;; ; 2: ld8 r2=[r3]',
      ['RAW psr.dt', 'RAW psr.dt'],
    ],
    ['over two jumps', 'rsm psr.dt ;; ; br.few 1f ; 2: ld8 r2=[r3] ; br.few out ; 1: br.few 2b', ['RAW psr.dt']],
    ['not when the code at the label serializes', 'rsm psr.dt ;; ; br.few 1f ; 1: srlz.d ;; ; ld8 r2=[r3]', []],
    ['nor when a call is between', 'rsm psr.dt ;; ; br.few 1f ; 1: br.call.sptk b0=out ;; ; ld8 r2=[r3]', []],
    [
      'srlz.d behind a jump where srlz.i must be',
      'mov cr.iva=r2 ;; ; br.few 1f ; 1: srlz.d ;; ; mov r3=cr.iva',
      ['serialization cr.iva'],
    ],
    ['a stop is not missed behind a jump: a taken branch ends the group', 'mov r2=r3 ; br.few 1f ; 1: mov r4=r2', []],
    ['a loop is walked once', 'rsm psr.dt ;; ; 1: nop 0 ; (p6) br.few 1b ; br.few out', []],
    ['a register of the other bank is another one', 'mov r16=r2 ; bsw.0 ; mov r16=r2 ; mov r3=r16', ['RAW r16 gas']],
    ['ar.pfs written twice', 'mov ar.pfs=r2 ; mov ar.pfs=r3', ['WAW ar.pfs']],
    ['the register of a plain lfetch', 'mov r2=r3 ; lfetch [r2]', ['RAW r2']],
    [
      'what is known of predicates is not known behind rfi',
      '.pred.rel.mutex p6,p7 ; rfi ;; ; (p6) mov r2=1 ; (p7) mov r2=2',
      ['WAW r2'],
    ],
  ])('%s', (_, text, expected) => {
    expect(verdicts(text)).toEqual(expected);
  });

  it('what comes behind a break that never returns', () => {
    const text = 'mov r2=r3 ; break 4104 ; mov r4=r2';
    expect(verdicts(text)).toEqual(['RAW r2 gas']);
    expect(verdicts(text, { neverReturns: (instruction) => instruction === 1 })).toEqual(['RAW r2 gas (not real)']);
  });

  it('places in the group where it puts in a stop', () => {
    const text = 'mov r2=r3 ; flushrs ; bsw.1 ; mov r5=r3 ;; ; bsw.1 ;; ; mov r5=r3';
    expect(verdicts(text)).toEqual([]);
    expect(verdicts(text, { positions: true })).toEqual(['position group', 'position group']);
  });
});

describe('messages', () => {
  it.each([
    ['mov r2=r3\nadd r4=r2,r5\n', 'add reads r2, which mov at test.s:1 writes: a stop must stand between them'],
    ['mov r2=r3\nmov r2=r5\n', 'mov writes r2, which mov at test.s:1 writes too: a stop must stand between them'],
    [
      'rsm psr.dt\n;;\nld8 r4=[r2]\n',
      'ld8 reads psr.dt, which rsm at test.s:1 writes: a stop and srlz.d must stand between them',
    ],
    [
      'mov cr.iva=r2;;\nsrlz.d;;\nmov r3=cr.iva\n',
      'mov depends on cr.iva, which mov at test.s:1 writes: srlz.d does not do here, it takes a stop, srlz.i and a stop',
    ],
    ['(p6) cover\n', 'cover cannot be predicated'],
  ])('%j', (text, message) => {
    expect(checkDependencies(programOf(text)).map((violation) => violation.message)).toEqual([message]);
  });
});

it('does work in proportion to the program', () => {
  const text = 'cmp.eq p6,p7=r2,r3 ;;\n(p6) mov r4=r5\n(p7) mov r4=r6\nmov cr.itm=r2\nld8 r7=[r8],8 ;;\n'.repeat(50);
  expect(growth((copies) => checkDependencies(programOf(text.repeat(copies))), 1, 16)).toBeLessThan(16 * 1.5);
});

/** The lines that the assembler accepts: random operands now and then make an instruction that there is not. */
function accepted(lines: readonly string[]): string {
  let kept = [...lines];
  for (let round = 0; round < 4; round++) {
    const { messages } = assembleText(kept.join('\n'), { preprocess: false });
    const refused = new Set([...messages.matchAll(/:(\d+): Error: /g)].map(([, line]) => Number(line) - 1));
    if (refused.size === 0) break;
    kept = kept.map((line, index) => (refused.has(index) ? '' : line));
  }
  return kept.join('\n');
}

const BEGIN = ['.explicit', '.text'];
const END = ['.section .other,"ax"', 'target:', 'nop 0', ''];

describe('random code: the violations that the assembler sees, no more and no fewer', () => {
  it('in pairs of instructions of every form', () => {
    const pairs = fc.sample(fc.tuple(instruction, instruction), { numRuns: 6000, seed: 8 });
    const text = accepted([
      ...BEGIN,
      ...pairs.flatMap(([first, second]) => ['nop 0;;', first, second, 'br.few target', ';;']),
      ...END,
    ]);
    const { theirs, ours } = bothOpinions(text);
    expect(ours).toEqual(theirs);
    expect(theirs.length).toBeGreaterThan(900);
  });

  it('in longer runs with stops, labels, serialization, branches and what is said of predicates', () => {
    const marks = fc.constantFrom(
      ...['srlz.d', 'srlz.i', 'srlz.i ;;', '.serialize.data', '.serialize.instruction', '.align 16', 'label:'],
      ...['(p6) br.cond.sptk target', '(p7) br.call.sptk b0=target', '(p17) br.ret.sptk b0', 'br.few target'],
      ...['.pred.rel.mutex p6,p7', '.pred.rel.imply p6,p17', '.pred.rel.clear', '.pred.safe_across_calls p6,p7'],
      ...['cmp.eq p6,p7=r0,r0', '(p17) cmp.eq.unc p6,p7=r0,r0', 'movl r2=0x2000000000000000', 'mov r3=0'],
      ...['.mem.offset 8,0', '.mem.offset 16,0'],
    );
    const step = fc.oneof(
      { weight: 12, arbitrary: instruction },
      { weight: 5, arbitrary: fc.constant(';;') },
      { weight: 1, arbitrary: marks },
    );
    const runs = fc.sample(fc.array(step, { minLength: 300, maxLength: 300 }), { numRuns: 20, seed: 9 });
    let labels = 0;
    for (const run of runs) {
      const lines = run.map((each) => (each === 'label:' ? `L${labels++}:` : each));
      const { theirs, ours } = bothOpinions(accepted([...BEGIN, ...lines, ...END]));
      expect(ours).toEqual(theirs);
      expect(theirs.length).toBeGreaterThan(20);
    }
  });
});

describe('kernel sources with stops and serializations taken out', () => {
  const sources = kernel()
    .sources()
    .filter((source) => /(ivt|entry|fsys|head|mca_asm)\.S$/.test(source));

  it.each(sources.map((source) => [basename(source), source]))('%s', (_, source) => {
    const text = preprocess(source, { configuration: 'smp' }).text.replace(/^#.*$/gm, '');
    let stops = 0;
    const damaged = text
      .replace(/;;/g, () => (stops++ % 3 === 0 ? '; ' : ';;'))
      .replace(/\bsrlz\.[di]\b/g, () => (stops++ % 2 === 0 ? 'nop.m 0' : 'srlz.d'));
    const { theirs, ours } = bothOpinions(damaged);
    expect(ours).toEqual(theirs);
    expect(theirs.length).toBeGreaterThan(20);
  });
});
