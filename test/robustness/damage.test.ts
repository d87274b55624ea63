/** Damaged kernel sources: lines lost, doubled, exchanged, cut off, characters changed. Nothing may throw or hang. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rewritten } from '../rewrite/support.ts';
import { kernel } from '../support/kernel.ts';
import { seed } from '../support/seed.ts';

const sources = ['ivt.S', 'fsys.S', 'pal.S', 'minstate.h'].map((name) =>
  readFileSync(kernel().plain(name), 'latin1').split('\n'),
);

const inserted = ['{', '}', '#endif', '#if 0', '.macro x', '.endm', '.rept 1000', '#define mov', '.previous', '/*'];

const damage = fc.record({
  kind: fc.constantFrom('delete', 'double', 'exchange', 'unstop', 'cut', 'join', 'insert', 'character'),
  line: fc.nat(),
  other: fc.nat(),
  character: fc.constantFrom(...'(){}[]=;,:#"\'/*@|\0\xff1f.'),
});

type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

function apply(lines: string[], { kind, line, other, character }: Damage): void {
  const at = line % lines.length;
  const to = other % lines.length;
  const text = lines[at]!;
  const column = other % (text.length + 1);
  if (kind === 'delete') lines.splice(at, 1 + (other % 3));
  else if (kind === 'double') lines.splice(to, 0, text);
  else if (kind === 'exchange') [lines[at], lines[to]] = [lines[to]!, text];
  else if (kind === 'unstop') lines[at] = text.replace(';;', '');
  else if (kind === 'cut') lines[at] = text.slice(0, column);
  else if (kind === 'join') lines.splice(at, 2, text + (lines[at + 1] ?? ''));
  else if (kind === 'insert') lines.splice(at, 0, inserted[other % inserted.length]!);
  else lines[at] = text.slice(0, column) + character + text.slice(column + 1);
  if (lines.length === 0) lines.push('');
}

test('every damaged source is rewritten or has errors at places that exist', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(fc.nat(sources.length - 1), fc.array(damage, { minLength: 1, maxLength: 12 }), (which, damages) => {
      const lines = [...sources[which]!];
      for (const one of damages) apply(lines, one);
      const { diagnostics, files } = rewritten({ files: { 'damaged.S': lines.join('\n') } });
      expect(files.length).toBeGreaterThan(0);
      for (const { file, start } of diagnostics) {
        const { line, column } = file.position(start);
        expect(line).toBeGreaterThan(0);
        expect(column).toBeGreaterThan(0);
      }
    }),
    { numRuns: 40, seed: seed(20_261_122) },
  );
});
