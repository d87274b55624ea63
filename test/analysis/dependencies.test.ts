import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDependencies, conflicts } from '../../src/analysis/dependencies.ts';
import { decode, type Effects } from '../../src/machine/index.ts';
import { parseSource, SourceText } from '../../src/syntax/index.ts';
import { assembleText, preprocess } from '../support/assemble.ts';
import { binutilsSource } from '../support/binutils.ts';
import { configurations, kernel } from '../support/kernel.ts';
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

describe('kernel sources have no violation, as the assembler says', () => {
  const cases = configurations.flatMap((configuration) =>
    kernel()
      .sources()
      .map((source) => [configuration, basename(source), source] as const),
  );

  it.each(cases)('%s %s', (configuration, _, source) => {
    const { text } = preprocess(source, { configuration });
    const program = programOf(text);
    const found = checkDependencies(program);
    const words = inWordsOfGas(program, found);
    expect(found.map(({ seenByGas }, index) => `${seenByGas ? 'gas:' : 'unseen:'} ${words[index]}`)).toEqual([]);
  });
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
