/** Bodies and the real assembler: no message under -x, and gas's own macro processor makes the same of a target file. */

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Body, BodyArguments } from '../../src/expand/body.ts';
import type { Target } from '../../src/expand/target.ts';
import { assembleText, textBytes } from '../support/assemble.ts';
import { seed } from '../support/seed.ts';
import { servedSite } from './sites.ts';
import { bodyOf, type Operation, operations, targetNamed } from './targets.ts';

/** One function for each body, so that nothing before or behind it matters; native ones must be serialized before the return. */
function functions(bodies: readonly (readonly string[])[]): string {
  const lines = ['.text'];
  for (const [index, body] of bodies.entries()) {
    lines.push(
      `.global f${index}#`,
      `.proc f${index}#`,
      `f${index}:`,
      '.regstk 96,0,0,0',
      '{ .mib; nop.m 0; nop.i 0; nop.b 0 ;; }',
    );
    lines.push(...body, ';;', 'srlz.d', 'srlz.i ;;', 'br.ret.sptk.many b0 ;;', `.endp f${index}#`);
  }
  return `${lines.join('\n')}\n`;
}

const lines = (body: Body): string[] => body.items.map((item) => (item.kind === 'stop' ? ';;' : item.text));

interface Case {
  readonly operation: Operation;
  readonly site: BodyArguments;
  readonly body: Body;
}

function cases(target: Target, each: number): Case[] {
  const found: Case[] = [];
  for (const operation of operations) {
    if (!target.macros.has(operation.name)) continue;
    for (const { site } of fc.sample(servedSite(operation, target), { seed: seed(3), numRuns: each })) {
      found.push({ operation, site, body: bodyOf(target, operation.name, site) });
    }
  }
  return found;
}

/** The site as an invocation of its macro in the target file, by keyword. */
function invocation({ operation, site }: Case): string {
  const texts: [string, unknown][] = [
    ...operation.predicates.map((name, index): [string, unknown] => [name, site.predicates?.[index]]),
    ['breg', site.breg],
    ...operation.slots.map((slot, index): [string, unknown] => [slot.name, site.operands[index]]),
  ];
  for (const [letter, kind] of [
    ['s', 'r'],
    ['t', 'p'],
  ] as const) {
    const registers = site.scratch.filter((name) => (name as string).startsWith(kind));
    for (const [index, name] of registers.entries()) texts.push([`${letter}${index + 1}`, name]);
  }
  return `${operation.macro} ${texts.map(([name, text]) => `${name}=${String(text).replace(/^ar\.k/, '')}`).join(', ')}`;
}

describe.each(['native', 'xen'])('target %s', (name) => {
  const target = targetNamed(name);
  const tried = cases(target, 25);

  test('every operation with a macro has a body that assembles, silently', () => {
    const { messages } = assembleText(functions(tried.map(({ body }) => lines(body))), { preprocess: false });
    expect(messages).toBe('');
  });

  test('gas expands the target file to the same code', () => {
    const file = readFileSync(new URL(`../../grammar/targets/${name}.S`, import.meta.url), 'latin1');
    const ours = assembleText(functions(tried.map(({ body }) => lines(body))), { preprocess: false });
    const gas = assembleText(`${file}\n${functions(tried.map((each) => [invocation(each)]))}`, { preprocess: false });
    expect(gas.messages).toBe('');
    expect(textBytes(gas.object!)).toEqual(textBytes(ours.object!));
  });
});
