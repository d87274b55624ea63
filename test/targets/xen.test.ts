/**
 * What the bodies of target xen DO: each is executed next to the native instruction, from random states, with many register
 * assignments, on a model of the registers, the shared page and the hyperprivops.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BodyItem } from '../../src/expand/body-item.ts';
import { seed } from '../support/seed.ts';
import { compareBody } from './compare.ts';
import { type Site, servedSite } from './sites.ts';
import { bodyOf, operations, show, targetNamed } from './targets.ts';

const xen = targetNamed('xen');
const served = operations.filter((operation) => xen.macros.has(operation.name));

describe('every body does what the instruction does, and changes nothing else', () => {
  test.each(served.map((operation) => [operation.name, operation] as const))('%s', (_, operation) => {
    fc.assert(
      fc.property(servedSite(operation, xen), (site) => {
        const body = bodyOf(xen, operation.name, site.site);
        expect(compareBody(operation, body.items, site), show(body)).toEqual([]);
      }),
      { seed: seed(1), numRuns: 150 },
    );
  });
});

/** A few sites of an operation, the same at every run. */
function sites(operation: (typeof served)[number], count: number): Site[] {
  return fc.sample(servedSite(operation, xen), { seed: seed(7), numRuns: count });
}

/** Whether a wrong body is seen as wrong from one of many states. */
function isCaught(operation: (typeof served)[number], items: readonly BodyItem[], site: Site): boolean {
  for (let seed = 0; seed < 40; seed++) {
    if (compareBody(operation, items, { ...site, holds: seed % 4 !== 0, seed: seed * 977 }).length > 0) return true;
  }
  return false;
}

describe('nothing in a body is in vain: without any one instruction or stop it is wrong', () => {
  test.each(served.map((operation) => [operation.name, operation] as const))('%s', (_, operation) => {
    const survivors: string[] = [];
    for (const site of sites(operation, 6)) {
      const { items } = bodyOf(xen, operation.name, site.site);
      for (const [index, item] of items.entries()) {
        if (item.kind === 'directive') continue;
        const without = items.filter((_, each) => each !== index);
        if (!isCaught(operation, without, site))
          survivors.push(
            `without ${item.kind === 'stop' ? 'stop' : item.text} at ${index} of\n${show(bodyOf(xen, operation.name, site.site))}`,
          );
      }
    }
    expect(survivors).toEqual([]);
  });
});

/** Wrong versions of an instruction: another register, another number, in place of each that it names. */
function wrongVersions(text: string): string[] {
  const versions: string[] = [];
  const replaceAt = (match: RegExpMatchArray, by: string): void => {
    versions.push(text.slice(0, match.index) + by + text.slice(match.index! + match[0].length));
  };
  for (const match of text.matchAll(/\b(r\d+|p\d+|0x[0-9a-f]+|(?<![a-z.0-9])-?\d+)\b/g)) {
    const [operand] = match;
    // A register that no site uses; false predicates and true ones are both tried by the states.
    if (operand.startsWith('r')) replaceAt(match, operand === 'r0' ? 'r5' : 'r6');
    else if (operand === 'p0') continue;
    else if (operand.startsWith('p')) replaceAt(match, 'p9');
    else replaceAt(match, String(BigInt(operand) + (operand.length > 10 ? 8n : 1n)));
  }
  return versions;
}

describe('no operand can be another one: a wrong register or number is seen', () => {
  test.each(served.map((operation) => [operation.name, operation] as const))('%s', (_, operation) => {
    const survivors: string[] = [];
    for (const site of sites(operation, 3)) {
      const { items } = bodyOf(xen, operation.name, site.site);
      for (const [index, item] of items.entries()) {
        if (item.kind !== 'instruction') continue;
        for (const text of wrongVersions(item.text)) {
          const wrong = items.map((each, at): BodyItem => (at === index ? { ...item, text } : each));
          if (!isCaught(operation, wrong, site))
            survivors.push(`${text} for ${item.text} in\n${show(bodyOf(xen, operation.name, site.site))}`);
        }
      }
    }
    expect(survivors).toEqual([]);
  });
});

describe('what was wrong in bodies written by hand is seen', () => {
  const body = (...lines: string[]): BodyItem[] =>
    lines.map((text): BodyItem => (text === ';;' ? { kind: 'stop' } : { kind: 'instruction', text, comment: '' }));
  const operation = (name: string) => served.find((each) => each.name === name)!;
  const cases: readonly [string, string, Site['site'], BodyItem[]][] = [
    [
      'out0 is r8, but the text does not say so: r8 is restored over the result',
      'READ_IVR',
      { predicates: ['p0'], operands: ['r8'], scratch: ['r14'] },
      body('mov r14=r8', 'break.m 0x8', ';;', 'mov r8=r8', ';;', 'mov r8=r14'),
    ],
    [
      'an event that waits is not delivered',
      'SSM_PSR',
      { predicates: ['p0'], operands: ['0x4000'], scratch: ['r14', 'p7'] },
      body('mov r14=0xfffffffffff04c18', ';;', 'ld8 r14=[r14]', ';;', 'st1 [r14]=r0'),
    ],
    [
      'an event is delivered that does not wait',
      'SSM_PSR',
      { predicates: ['p0'], operands: ['0x4000'], scratch: ['r14', 'p7'] },
      body('mov r14=0xfffffffffff04c18', ';;', 'ld8 r14=[r14]', ';;', 'st1 [r14]=r0', 'break.m 7'),
    ],
    [
      'psr.ac is dropped in silence',
      'SSM_PSR',
      { predicates: ['p0'], operands: ['0x2008'], scratch: ['r14', 'r15'] },
      body('mov r14=0xfffffffffff04c10', 'mov r15=1', ';;', 'st4 [r14]=r15'),
    ],
    [
      'psr.be is still on when the page is read',
      'RSM_PSR',
      { predicates: ['p0'], operands: ['0x4002'], scratch: ['r14', 'r15'] },
      body('mov r14=0xfffffffffff04c18', 'mov r15=1', ';;', 'ld8 r14=[r14]', ';;', 'st1 [r14]=r15', 'rum 2'),
    ],
    [
      'psr.ic is stored with 8 bytes, over its neighbour',
      'RSM_PSR',
      { predicates: ['p0'], operands: ['0x2000'], scratch: ['r14'] },
      body('mov r14=0xfffffffffff04c10', ';;', 'st8 [r14]=r0'),
    ],
    [
      'SET_KR destroys r8',
      'WRITE_KR',
      { predicates: ['p0'], operands: ['ar.k6', 'r9'], scratch: ['r14'] },
      body('mov r14=r8', 'mov r8=6', ';;', 'break.m 0x12'),
    ],
    [
      'the operand is r8, which the hyperprivop changes',
      'THASH',
      { predicates: ['p0'], operands: ['r16', 'r8'], scratch: ['r14'] },
      body('break.m 0xd', ';;', 'mov r16=r8'),
    ],
    [
      'a restore in the group of the break that writes the register',
      'READ_PSR',
      { predicates: ['p0'], operands: ['r16'], scratch: ['r14'] },
      body('mov r14=r8', 'break.m 0x19', 'mov r16=r8', 'mov r8=r14'),
    ],
    [
      'a scratch register that is no argument',
      'WRITE_IFA',
      { predicates: ['p0'], operands: ['r16'], scratch: ['r14'] },
      body('mov r15=0xfffffffffff048a0', ';;', 'st8 [r15]=r16'),
    ],
  ];

  test.each(cases)('%s', (_, name, site, items) => {
    expect(isCaught(operation(name), items, { site, holds: true, seed: 0 })).toBe(true);
  });
});
