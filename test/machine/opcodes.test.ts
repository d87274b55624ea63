/** grammar/instructions.tsv against GNU as: each of its mnemonics has a form, and it accepts every form, in the units of the table. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Form } from '../../src/machine/effects.ts';
import { allForms, formsOf } from '../../src/machine/forms.ts';
import { expandPattern } from '../../src/machine/pattern.ts';
import { assembleText } from '../support/assemble.ts';
import { binutilsSource } from '../support/binutils.ts';
import { allSamples, oneSampleEach, type Sample } from './samples.ts';
import { effectsOf } from './support.ts';

type Unit = 'M' | 'I' | 'F' | 'B' | 'X';

const UNITS: Readonly<Record<Form['unit'], readonly Unit[]>> = {
  A: ['M', 'I'],
  M: ['M'],
  I: ['I'],
  F: ['F'],
  B: ['B'],
  X: ['X'],
  any: ['M', 'I', 'F', 'B'],
};

const BUNDLES: Readonly<Record<Unit, (text: string) => string>> = {
  M: (text) => `{ .mmi; ${text};; nop.m 0; nop.i 0;; }`,
  I: (text) => `{ .mib; nop.m 0; ${text}; nop.b 0;; }`,
  F: (text) => `{ .mfb; nop.m 0; ${text}; nop.b 0;; }`,
  B: (text) => `{ .mib; nop.m 0; nop.i 0; ${text};; }`,
  X: (text) => `{ .mlx; nop.m 0; ${text};; }`,
};

/** Assembles each text in a bundle of its own; the indexes of those that gas rejects, with what it says. */
function rejected(bundles: readonly string[]): Map<number, string> {
  const { messages } = assembleText(`here:\n${bundles.join('\n')}\n`, { preprocess: false, explicit: false });
  const errors = new Map<number, string>();
  // gas takes hints in the B unit only when it is told so on its command line.
  const errorLines = messages.replace(/^.*hint(?:\.b shouldn't| in B unit can't) be used$/gm, '');
  for (const [, line, message] of errorLines.matchAll(/^source\.i:(\d+): Error: (.*)$/gm))
    errors.set(Number(line) - 2, message!);
  return errors;
}

const inUnits = (samples: readonly Sample[], units: (form: Form) => readonly Unit[]) =>
  samples.flatMap(({ form, text }) => units(form).map((unit) => ({ form, bundle: BUNDLES[unit](text) })));

describe('the instruction table and GNU as', () => {
  test('every mnemonic of opcodes/ia64-opc-*.c has a form', () => {
    const folder = join(binutilsSource(), 'opcodes');
    const names = readdirSync(folder)
      .filter((file) => /^ia64-opc-[a-z]\.c$/.test(file))
      .flatMap((file) =>
        [...readFileSync(join(folder, file), 'latin1').matchAll(/^\s*\{"([a-z0-9.]+)",/gm)].map((match) => match[1]!),
      );
    expect(new Set(names).size).toBeGreaterThan(2000);
    expect([...new Set(names)].filter((name) => formsOf(name).length === 0)).toEqual([]);
  });

  test('gas accepts every mnemonic of every form, in each unit that the form says', () => {
    const bundles = inUnits(allSamples(), (form) => UNITS[form.unit]);
    expect(bundles.length).toBeGreaterThan(3000);
    const errors = rejected(bundles.map(({ bundle }) => bundle));
    expect([...errors].map(([index, message]) => `${bundles[index]?.bundle}: ${message}`)).toEqual([]);
  });

  test('gas accepts no form in another unit', () => {
    const others: readonly Unit[] = ['M', 'I', 'F', 'B'];
    const bundles = inUnits(oneSampleEach(), (form) =>
      others.filter((unit) => form.unit !== 'X' && !UNITS[form.unit].includes(unit)),
    );
    const errors = rejected(bundles.map(({ bundle }) => bundle));
    expect(bundles.filter((_, index) => !errors.has(index)).map(({ bundle }) => bundle)).toEqual([]);
  });

  test('gas predicates what the table calls predicable, and nothing else', () => {
    const samples = oneSampleEach();
    const errors = rejected(samples.map(({ text }) => `(p9) ${text} ;;`));
    const disagree = samples.filter(({ form }, index) => errors.has(index) === form.predicable);
    // The manual has br.ia among the unpredicatable ones (SDM vol. 3, 5.4: unpredicatable-instructions).
    expect(disagree.map(({ form }) => form.id)).toEqual(['br-ia']);
  });

  test('every sample decodes as the form that it was written from, or an earlier one of the same operands', () => {
    for (const { form, text } of allSamples()) {
      const { known, form: chosen } = effectsOf(`here: ${text}`);
      expect(known, text).toBe(true);
      if (chosen!.id !== form.id)
        expect([text, chosen!.id, chosen!.operandClass]).toEqual([text, form.id, form.operandClass]);
    }
  });

  test('forms have unique names, and patterns no word twice', () => {
    const forms = allForms();
    expect(new Set(forms.map((form) => form.id)).size).toBe(forms.length);
    for (const form of forms) {
      const words = expandPattern(form.pattern);
      expect(new Set(words).size, form.id).toBe(words.length);
    }
  });
});
