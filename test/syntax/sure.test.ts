/** Statements that are accepted without the parser: the usual ones are, and none that the parser refuses. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unbalancedBundles } from '../../src/bundles/balance.ts';
import { parseTokens } from '../../src/syntax/parse.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { surelyParses } from '../../src/syntax/sure.ts';
import type { Token } from '../../src/syntax/token.ts';
import { tokenize } from '../../src/syntax/tokenize.ts';
import { seed } from '../support/seed.ts';
import { sourceText } from './text.ts';

const root = join(import.meta.dirname, '../..');
const tokensOf = (text: string) => tokenize(new SourceText('a.s', text, 'gas'), { dialect: 'gas' });

function errors(tokens: readonly Token[]): string[] {
  const { statements, errors: found } = parseTokens(tokens);
  return [...found, ...unbalancedBundles(statements, tokens)].map(({ message }) => message);
}

test.each([
  '\tmov r8=r9\n',
  '(p6)\tbr.ret.sptk.many rp ;;\n',
  '(p[0])\tld8 t1[0]=[r20],8\n',
  'f:\t.proc f; .save ar.pfs, r2\n1:\tnop.i -1\n',
  '{ .mib\n\tnop.m 0\n\tnop.i 0\n(p7) br.cond.spnt 1b\n}\n',
  '{\n\t.mmi\n\tld8 r1=[r2]\n\tadd r1=r2,r3,1 ;;\n}\n',
  '[.L1:]\tadds r1=@ltoff(a#+8),gp\n',
  '\tmovl r3=(1<<4)|~0x1f\n',
  '\t.section .text,"ax",@progbits\n\t.xdata4 "__ex_table", 99f-., 1f-.+4\n',
])('is certain of %j', (text) => {
  expect(errors(tokensOf(text))).toEqual([]);
  expect(surelyParses(tokensOf(text))).toBe(true);
});

test.each([
  '{ .mib\n',
  '}\n',
  '\tmov r8=\n',
  '\tmov r8==r9\n',
  '(p6\tmov r8=r9\n',
  '(p6) f:\n',
  '@mov r8=r9\n',
  '\t.string "a\n',
  '8\n',
])('is not certain of %j', (text) => expect(surelyParses(tokensOf(text))).toBe(false));

/** Lines as a compiler and people write them, with what stands for a site or a macro taken out. */
const LINES = [
  readFileSync(join(root, 'samples/compiled/kernel.O2.s'), 'latin1'),
  readFileSync(join(root, 'samples/kbuild/idle.S'), 'latin1').replace(/^#.*$/gm, ''),
  '{ .mib\n\tnop.m 0\n\tnop.i 0\n(p7) br.cond.spnt 1b\n}\n[1:]\tadds r1=@ltoff(a#+8),gp\n(p[0])\tld8 t1[0]=[r20],8\n',
]
  .join('\n')
  .split('\n');

const damaged = fc
  .record({
    from: fc.nat(LINES.length - 1),
    changes: fc.array(fc.record({ at: fc.nat(), text: sourceText.map((text) => text.slice(0, 2)), cut: fc.nat(2) }), {
      maxLength: 3,
    }),
  })
  .map(({ from, changes }) => {
    let text = `${LINES.slice(from, from + 6).join('\n')}\n`;
    for (const change of changes) {
      const at = change.at % text.length;
      text = text.slice(0, at) + change.text + text.slice(at + change.cut);
      if (text === '') text = '\n';
    }
    return text;
  });

test('of nothing that the parser refuses', () => {
  let certain = 0;
  const property = fc.property(fc.oneof(damaged, sourceText), (text) => {
    const tokens = tokensOf(text);
    if (!surelyParses(tokens)) return;
    certain++;
    expect(errors(tokens)).toEqual([]);
  });
  fc.assert(property, { numRuns: 4000, seed: seed(20_261_129) });
  expect(certain).toBeGreaterThan(400);
});
