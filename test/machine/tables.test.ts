/** The tables of grammar/ themselves: whole, and without words that nothing uses. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { shippedTargets } from '../../src/cli/shipped.ts';
import { formSet } from '../../src/machine/classes.ts';
import { allForms } from '../../src/machine/forms.ts';
import { expandPattern, matchesPattern, parsePattern } from '../../src/machine/pattern.ts';
import { registerByName } from '../../src/machine/register-table.ts';
import { resourceNamed } from '../../src/machine/resources.ts';
import { cellWords, tableRows, tableSets } from '../../src/machine/tsv.ts';

const grammar = join(import.meta.dirname, '../../grammar');
const read = (name: string): string => readFileSync(join(grammar, name), 'utf8');

describe('tables', () => {
  test.each([
    ['instructions.tsv', 9],
    ['operands.tsv', 4],
    ['registers.tsv', 8],
    ['classes.tsv', 2],
    ['dependencies.tsv', 6],
    ['privileged-and-sensitive.tsv', 8],
  ])('%s has %i columns', (name, columns) => {
    const rows = tableRows(read(name));
    expect(rows.length).toBeGreaterThan(15);
    expect(
      rows.filter((row) => row.length !== columns || row.some((cell) => cell === '' || cell !== cell.trim())),
    ).toEqual([]);
  });

  test('every line of register-purposes.tsv names a register, and is asked for', () => {
    const rows = tableRows(read('register-purposes.tsv'));
    expect(rows.filter(([, name]) => registerByName(name!)?.name !== name)).toEqual([]);
    const source = join(grammar, '../src');
    const asked = readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .flatMap((path) => [...readFileSync(join(source, path), 'utf8').matchAll(/registerFor\('([\w-]+)'\)/g)]);
    expect(new Set(asked.map(([, purpose]) => purpose))).toEqual(new Set(rows.map(([purpose]) => purpose)));
  });

  test('shipped.tsv has every file of grammar/targets, one base and one default', () => {
    const rows = tableRows(read('targets/shipped.tsv'));
    const files = readdirSync(join(grammar, 'targets')).filter((name) => name.endsWith('.S'));
    expect(rows.map(([name]) => `${name}.S`).sort()).toEqual(files.sort());
    expect(rows.map(([name]) => name)).toEqual(Object.keys(shippedTargets));
    expect(rows.map(([, use]) => use).filter((use) => use !== '-')).toEqual(['base', 'default']);
  });

  test('every set and every operand word of instructions.tsv is used', () => {
    const text = tableRows(read('instructions.tsv'))
      .map((row) => row.join('\t'))
      .join('\n');
    expect([...tableSets(read('instructions.tsv')).keys()].filter((name) => !text.includes(`$${name}`))).toEqual([]);
    const words = new Set(allForms().flatMap((form) => form.operandClass));
    expect(
      tableRows(read('operands.tsv'))
        .map((row) => row[0]!)
        .filter((word) => !words.has(word)),
    ).toEqual([]);
  });

  test('effects name operands and resources that there are', () => {
    for (const form of allForms()) {
      const operands = new Set([...form.outputs, ...form.inputs].map((kind) => kind.name));
      for (const word of [...form.reads, ...form.writes, ...form.consults]) {
        const name = word.replace(/[?!]$/, '').replace('{sf}', 'sf0');
        const isMask = /^(psr|p)\.\{mask\d+\}$/.test(name);
        const known = operands.has(name) || isMask || name.startsWith('p.') || resourceNamed(name) >= 0;
        expect(known, `${form.id}: ${word}`).toBe(true);
      }
    }
  });

  test('an output that is a register is written', () => {
    for (const form of allForms())
      for (const { shape, name, class: registerClass } of form.outputs)
        if (shape === 'register' && registerClass !== 'operand')
          expect(
            form.writes.map((word) => word.replace(/[?!]$/, '')),
            form.id,
          ).toContain(name);
  });

  test('an input that is a register is read', () => {
    const names = allForms().flatMap((form) => {
      const read = new Set(form.reads);
      return form.inputs
        .filter(
          (kind) => kind.shape === 'register' && kind.class !== 'operand' && kind.word !== 'r0' && !read.has(kind.name),
        )
        .map((kind) => `${form.id}: ${kind.name}`);
    });
    // They name a register whose ALAT entry they ask for or drop.
    expect(names).toEqual([
      'chk-a-nc: r1',
      'chk-a-clr: r1',
      'chk-a-nc-f: f1',
      'chk-a-clr-f: f1',
      'invala-e: r1',
      'invala-e-f: f1',
    ]);
  });

  test('classes and dependencies name forms that there are', () => {
    for (const [, members] of tableRows(read('classes.tsv'))) expect(formSet(cellWords(members!))).toContain(1);
    for (const [, , first, second] of tableRows(read('dependencies.tsv')))
      for (const cell of [first!, second!.replace(' of-one-type', '')]) expect(formSet(cellWords(cell))).toContain(1);
    expect(() => formSet(['no-such-form'])).toThrow('no-such-form');
  });
});

describe('patterns', () => {
  const sets = new Map([['hint', ',.nt1,.nta']]);

  test('stand for every combination', () => {
    expect(expandPattern(parsePattern('ld{1,2}{,.s}{$hint}', sets)).sort()).toEqual(
      ['1', '2']
        .flatMap((size) => ['', '.nt1', '.nta', '.s', '.s.nt1', '.s.nta'].map((rest) => `ld${size}${rest}`))
        .sort(),
    );
  });

  test('match what they stand for, and nothing else', () => {
    const pattern = parsePattern('ld{.c.clr,.c.clr.acq}{$hint}', sets);
    for (const word of expandPattern(pattern)) expect(matchesPattern(pattern, word)).toBe(true);
    for (const word of ['ld', 'ld.c', 'ld.c.clr.', 'ld.c.clr.nt1.nt1', 'xld.c.clr'])
      expect(matchesPattern(pattern, word)).toBe(false);
  });
});
