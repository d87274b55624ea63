/** docs/targets.md is a walk-through: its file is loaded, and each of its examples must come out as the page says. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type BodyArgument, expandBody } from '../../src/expand/body.ts';
import { operations, show, targetNamed } from './targets.ts';

const page = readFileSync(new URL('../../docs/targets.md', import.meta.url), 'utf8');

/** The fenced blocks, with the text before each. */
const blocks = [...page.matchAll(/([\s\S]*?)^```(.*)\n([\s\S]*?)^```$/gm)].map(([, before, info, text]) => ({
  before: before!,
  info: info!,
  text: text!.trimEnd(),
}));

const acme = targetNamed(
  'acme',
  blocks
    .filter((block) => block.info === 'gas acme.S')
    .map((block) => block.text)
    .join('\n'),
);

const ALIASES: Readonly<Record<string, string>> = { out0: 'r40', ret0: 'r8' };

function argument(spelled: string): BodyArgument {
  const canonical = ALIASES[spelled];
  return canonical === undefined ? spelled : { canonical, spelled };
}

/** What the page's `ASM_READ_IVR_P(p6, b6, out0, r14)` becomes. */
function expand(call: string): string {
  const [, macro, predicated, list] = /^(ASM_\w+?)(_P)?\((.*)\)$/.exec(call)!;
  const operation = operations.find((each) => each.macro === macro)!;
  const args = list!.split(',').map((each) => argument(each.trim()));
  const predicates = predicated === undefined ? [] : args.splice(0, operation.predicates.length);
  const [breg, ...rest] = args;
  const operands = rest.splice(0, operation.slots.length);
  return show(expandBody(acme, operation.name, { predicates, breg: breg!, operands, scratch: rest }));
}

const examples = blocks
  .filter((block) => block.info === 'body' || block.info === 'refused')
  .map((block) => ({ call: [...block.before.matchAll(/`(ASM_\w+\(.*?\))`/g)].at(-1)![1]!, ...block }));

test('there are examples', () => {
  expect(examples.length).toBeGreaterThan(6);
});

test.each(examples)('$call', ({ call, info, text }) => {
  expect(expand(call)).toBe(info === 'refused' ? `refused: ${text}` : text);
});

test('what the page says has no body has none', () => {
  expect(expand('ASM_RSM_PSR(b6, 0x2000)')).toBe('missing');
});

test('the page names every parameter that a macro of the shipped targets can have', () => {
  for (const { slots } of operations)
    for (const { name } of slots) expect(page).toContain(`\`${name.replace(/\d$/, '')}\``);
});
