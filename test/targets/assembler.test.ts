/** Bodies and the real assembler: no message under -x, and gas's own macro processor makes the same of a target file. */
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Body, type BodyArguments, expandBody, type Target } from '../../src/expand/body.ts';
import { assembleText, textBytes } from '../support/assemble.ts';
import { siteOf } from './sites.ts';
import { type Operation, operations, targetNamed } from './targets.ts';

/** One function for each body, so that nothing before or behind it matters. */
function functions(bodies: readonly (readonly string[])[]): string {
  const lines = ['.text'];
  for (const [index, body] of bodies.entries()) {
    lines.push(`.global f${index}#`, `.proc f${index}#`, `f${index}:`, '.regstk 96,0,0,0', '{ .mib; nop.m 0; nop.i 0; nop.b 0 ;; }');
    lines.push(...body, ';;', 'br.ret.sptk.many b0 ;;', `.endp f${index}#`);
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
    for (const { site } of fc.sample(siteOf(operation, target), { seed: 3, numRuns: each })) {
      const body = expandBody(target, operation.name, site);
      if (body.kind === 'body') found.push({ operation, site, body });
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

// gas has no ttag, tak ... that it would not know, but vmsw and the registers of later processors it may not.
describe.each(['native', 'xen'])('target %s', (name) => {
  const target = targetNamed(name);
  const tried = cases(target, 25);

  test('every operation with a macro has a body that assembles, silently', () => {
    const { messages } = assembleText(functions(tried.map(({ body }) => lines(body))), { preprocess: false });
    expect(messages).toBe('');
    const missing = [...target.macros.keys()].filter((each) => !tried.some(({ operation }) => operation.name === each));
    expect(missing).toEqual([]);
  });

  test('gas expands the target file to the same code', () => {
    const file = readFileSync(new URL(`../../grammar/targets/${name}.S`, import.meta.url), 'latin1');
    const ours = assembleText(functions(tried.map(({ body }) => lines(body))), { preprocess: false });
    const gas = assembleText(`${file}\n${functions(tried.map((each) => [invocation(each)]))}`, { preprocess: false });
    expect(gas.messages).toBe('');
    expect(textBytes(gas.object!)).toEqual(textBytes(ours.object!));
  });
});
