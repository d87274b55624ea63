/**
 * A call branches up to 16 MB (SDM vol. 3 ch. 2, br: a 21 bit displacement in bundles), and its routine stands in `.text`. What
 * is farther is refused by who knows the distance: within a section by us, as the assembler would, between two by the linker.
 */
import { expect, test } from 'vitest';
import { assembleText, textBytes } from '../support/assemble.ts';
import { built, choices, listing } from './support.ts';

/** R_IA64_PCREL21B, as `textBytes` prints it. */
const BRANCH = '49';
const SITE = 'f:\tfc.i r32\n\t;;\n\tbr.ret.sptk.many b0\n';

function assembled(source: string) {
  const text = listing(source, 'xen:a');
  expect(text).toContain('br.sptk.many .Lpvasm');
  return assembleText(text, { preprocess: false });
}

/** The nearest routine that is out of reach: bundles between the call, its last branch, and the end of the code. */
const BEYOND = 0x1000000 - 2 * 16;

test.each([
  ['.skip', (room: number) => `\t.skip ${room}\n`],
  ['.org', (room: number) => `\t.org f + ${room + 4 * 16}\n`],
])('within its section it is an error of ours, at the place, where it is one of the assembler: %s', (_, gap) => {
  for (const beyond of [false, true]) {
    const source = `\t.text\n${SITE}${gap(BEYOND - (beyond ? 0 : 16))}`;
    const { listings, errors } = built({ files: { 'a.S': source }, targets: ['xen:a'] });
    expect(errors.map(({ message, file, start }) => `${file.position(start).line}: ${message}`)).toEqual(
      beyond
        ? [
            '2: its routine for xen:a is 16777216 bytes away, and a branch reaches 16777216: take alternative B for this file',
          ]
        : [],
    );
    const { object, messages } = assembleText(listings[0]!.text, { preprocess: false });
    expect(object === null).toBe(beyond);
    if (beyond) expect(messages).toContain('Error: integer operand out of range');
  }
});

test('from another section it is a relocation, which the linker checks or gives a way', () => {
  const { object } = assembled(`\t.section .far,"ax"\n${SITE}`);
  const { '.far': far, '.text': text } = textBytes(object!);
  expect(far!.relocations).toEqual(expect.arrayContaining([expect.stringMatching(`^\\w+ ${BRANCH} \\.text\\b`)]));
  expect(text).toBeDefined();
});

/** Alternative E: routines stand in sections of their own. */
const joint = {
  label: 'native+xen:e',
  target: choices.native!.target,
  alternative: 'E',
  joined: [choices.native!.target, choices['xen:b']!.target],
} as const;
const CALLED = 'f:\tmov r9=cr.ifa\n\t;;\n\tbr.ret.sptk.many b0\n';

test.each([
  ['at the start of a large section', `\t.text\n${CALLED}\t.skip 0x3000000\n`, 0],
  ['at its end', `\t.text\n\t.skip 0x3000000\n${CALLED}`, 0],
  ['within reach of its end', `\t.text\n\t.skip 0x3000000\n${CALLED}\t.skip 0xf00000\n`, 0],
  ['in its middle', `\t.text\n\t.skip 0x1800000\n${CALLED}\t.skip 0x1800000\n`, 1],
])('a branch that is patched, %s', (_, source, errors) => {
  const made = built({ files: { 'a.S': source }, choices: [joint] });
  expect(made.plans[0]!.planned[0]!.expansion.kind).toBe('branch');
  expect(made.errors.map(({ message }) => message)).toEqual(
    Array.from({ length: errors }, () =>
      expect.stringMatching(/^its routine for native\+xen:e is more than 16777216 bytes away, wherever it is linked/),
    ),
  );
});
