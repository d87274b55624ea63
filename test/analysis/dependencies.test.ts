import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDependencies, conflicts } from '../../src/analysis/dependencies.ts';
import { decode, type Effects } from '../../src/machine/index.ts';
import { parseSource, SourceText } from '../../src/syntax/index.ts';
import { assembleText, preprocess } from '../support/assemble.ts';
import { binutilsSource } from '../support/binutils.ts';
import { configurations, kernel } from '../support/kernel.ts';
import { inWordsOfGas, reported } from './gas-violations.ts';
import { programOf } from './programs.ts';

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
