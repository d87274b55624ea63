/**
 * A call branches up to 16 MB (SDM vol. 3 ch. 2, br: a 21 bit displacement in bundles), and its routine stands in `.text`. What
 * is farther is refused by who knows the distance: the assembler within a section, the linker between two.
 */
import { expect, test } from 'vitest';
import { assembleText, textBytes } from '../support/assemble.ts';
import { listing } from './support.ts';

/** R_IA64_PCREL21B, as `textBytes` prints it. */
const BRANCH = '49';
const SITE = 'f:\tfc.i r32\n\t;;\n\tbr.ret.sptk.many b0\n';

function assembled(source: string) {
  const text = listing(source, 'xen:a');
  expect(text).toContain('br.sptk.many .Lpvasm');
  return assembleText(text, { preprocess: false });
}

test('within its section the assembler refuses what is beyond', () => {
  expect(assembled(`\t.text\n${SITE}\t.skip 0xf00000\n`).messages).toBe('');
  const { object, messages } = assembled(`\t.text\n${SITE}\t.skip 0x1000000\n`);
  expect(object).toBeNull();
  expect(messages).toContain('Error: integer operand out of range');
});

test('from another section it is a relocation, which the linker checks or gives a way', () => {
  const { object } = assembled(`\t.section .far,"ax"\n${SITE}`);
  const { '.far': far, '.text': text } = textBytes(object!);
  expect(far!.relocations).toEqual(expect.arrayContaining([expect.stringMatching(`^\\w+ ${BRANCH} \\.text\\b`)]));
  expect(text).toBeDefined();
});
