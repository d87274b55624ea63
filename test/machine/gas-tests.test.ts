/** GNU as's own tests for IA-64: every instruction that it accepts decodes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assembleText } from '../support/assemble.ts';
import { binutilsSource } from '../support/binutils.ts';
import { instructionsOf } from './support.ts';

/** Directives without a dot (gas, tc-ia64.c: pseudo_opcode). They hold data, not instructions. */
const DATA = /^(data(1|2|4|8|16)|real(4|8|10|16)|string|stringz|xdata.*|xreal.*|xstringz?)(\.ua|\.msb|\.lsb)*$/;

/** Instructions that we do not know, and why. */
const UNKNOWN: Readonly<Record<string, (mnemonic: string) => boolean>> = {
  // .altmacro: the mnemonic is a macro's parameter without a backslash.
  'pcrel.s': (mnemonic) => mnemonic === 'op',
  // `r1#[1]` of `.rotr r1#[4]`: a rotating name that hides a register's, kept apart by # alone.
  'pound.s': (mnemonic) => mnemonic === 'cmp.eq',
};

const folder = join(binutilsSource(), 'gas/testsuite/gas/ia64');
const files = readdirSync(folder).filter((file) => file.endsWith('.s'));

describe("gas's own tests", () => {
  test('there are many', () => expect(files.length).toBeGreaterThan(60));

  test.each(files)('%s', (file) => {
    const text = readFileSync(join(folder, file), 'latin1');
    const { messages } = assembleText(text, { preprocess: false, explicit: false });
    const errors = new Set([...messages.matchAll(/^source\.i:(\d+): Error/gm)].map(([, line]) => Number(line)));
    const unknown = instructionsOf(text)
      .filter(
        ({ instruction, effects, line }) => !effects.known && !errors.has(line) && !DATA.test(instruction.mnemonic),
      )
      .filter(({ instruction }) => UNKNOWN[file]?.(instruction.mnemonic) !== true)
      .map(({ instruction, line }) => `${line}: ${instruction.mnemonic}`);
    expect(unknown).toEqual([]);
  });
});
