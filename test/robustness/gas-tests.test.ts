/** The assembler's own tests as input: sources written to be odd, that nobody prepared for this tool. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listing, macroised } from '../rewrite/support.ts';
import { assembleText, image } from '../support/assemble.ts';
import { binutilsSource } from '../support/binutils.ts';

const folder = join(binutilsSource(), 'gas/testsuite/gas/ia64');
const names = readdirSync(folder).filter((name) => name.endsWith('.s'));

test('there are sources to try', () => {
  expect(names.length).toBeGreaterThan(60);
});

describe.each(names)('%s', (name) => {
  const source = readFileSync(join(folder, name), 'latin1');
  const spelled = macroised(source);

  test('what is macro-ised stays so', () => {
    expect(macroised(spelled)).toBe(spelled);
  });

  test('the native listing is the same object', () => {
    const original = assembleText(source).object;
    if (original === null) expect(listing(source, 'native').length).toBeGreaterThan(0);
    else expect(image(assembleText(listing(spelled, 'native')).object!)).toEqual(image(original));
  });
});
