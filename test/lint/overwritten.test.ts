/** PV003 in what several sources share. */
import { expect, test } from 'vitest';
import { SourceText } from '../../src/syntax/source.ts';
import { contextOf, conventionsWith, lintContext, NO_FLAGS } from './project.ts';

/** A source whose function takes the sum of the header's macro, or does without. */
const source = (name: string, taken: boolean): SourceText =>
  new SourceText(
    name,
    `#include "h.h"\n\t.proc f\nf:\tSUM\n\tmov r8=${taken ? 'r14' : 'r0'}\n\t;;\n\tmov r14=r0\n\t;;\n\tst8 [r33]=r14\n\tbr.ret.sptk rp\n\t.endp\n`,
  );

test.each([
  [[false, false], ['h.h']],
  [[false, true], []],
  [[true, false], []],
  [[true, true], []],
])('a value of a macro that two sources use, taken: %j', (taken, places) => {
  const header = new SourceText('h.h', '#define SUM add r14=r32,r33 ;;\n');
  const sources = taken.map((each, number) => source(`${number}.S`, each));
  const { findings } = lintContext(contextOf([...sources, header], NO_FLAGS, new Map(), conventionsWith()));
  expect(findings.filter(({ rule }) => rule === 'PV003').map(({ file }) => file.name)).toEqual(places);
});
