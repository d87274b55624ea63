import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Packer } from '../../src/bundles/packer.ts';
import { SlotType, TEMPLATE_BY_DIRECTIVE } from '../../src/bundles/template.ts';
import { type Shape, ShapeFlag } from '../../src/bundles/window.ts';
import { assembleText } from '../support/assemble.ts';
import { readSections } from '../support/elf.ts';
import { seed } from '../support/seed.ts';
import { readSymbols } from './symbols.ts';

/** One instruction of every kind the packer tells apart; no two of them depend on each other. */
const INSTRUCTIONS: readonly (readonly [text: string, shape: Shape])[] = [
  ['add r2=1,r0', SlotType.A],
  ['cmp.eq p0,p0=r0,r0', SlotType.A],
  ['shl r2=r0,1', SlotType.I],
  ['mov b6=r0', SlotType.I],
  ['ld8 r2=[r0]', SlotType.M],
  ['srlz.d', SlotType.M],
  ['alloc r2=ar.pfs,0,0,0,0', SlotType.M | ShapeFlag.First],
  ['itc.d r0', SlotType.M | ShapeFlag.Last],
  ['br.few next', SlotType.B],
  ['br.cloop.sptk next', SlotType.B | ShapeFlag.Slot2],
  ['cover', SlotType.B | ShapeFlag.Last],
  ['fadd.s0 f2=f0,f0', SlotType.F],
  ['movl r2=1', SlotType.X],
  ['brl.few next', SlotType.X],
  ['nop 0', SlotType.Any],
  ['break 1', SlotType.Any],
  ['hint @pause', SlotType.Any | ShapeFlag.NotBranch],
  ['chk.s r2,next', SlotType.Any | ShapeFlag.MemoryOrInteger],
];

interface Packed {
  readonly bytes: number;
  /** Byte offset plus slot, by number. */
  readonly instructions: readonly number[];
  readonly labels: readonly number[];
  readonly refused: readonly string[];
}

/** A step is one line of source: an instruction (its index), or one of the signs below. */
type Step = number | ';;' | 'label' | 'tag' | 'flush' | '{' | '}' | `.${string}`;

function pack(steps: readonly Step[]): Packed {
  const instructions: number[] = [];
  const labels: number[] = [];
  const refused: string[] = [];
  let at = 0;
  const packer = new Packer({
    place: (instruction, slot) => (instructions[instruction] = at + slot),
    mark: (label, slot) => (labels[label] = at + slot),
    markAfter: (label) => (labels[label] = at),
    refuse: (_, why) => refused.push(why),
    bundle: () => (at += 16),
  });
  let instruction = 0;
  let label = 0;
  for (const step of steps) {
    if (typeof step === 'number') packer.instruction(INSTRUCTIONS[step]![1], instruction++);
    else if (step === ';;') packer.stop();
    else if (step === 'label') packer.label(label++);
    else if (step === 'tag') packer.tag(label++);
    else if (step === '{') packer.open();
    else if (step === '}') packer.close();
    else if (step === 'flush') {
      packer.stop();
      packer.flush();
    } else packer.template(TEMPLATE_BY_DIRECTIVE.get(step.slice(1))!);
  }
  packer.stop();
  packer.flush();
  return { bytes: at, instructions, labels, refused };
}

function assembly(steps: readonly Step[]): string {
  let label = 0;
  let instruction = 0; // a tag on each tells where it came to stand
  const lines = steps.map((step) => {
    if (typeof step === 'number') return `[I${instruction++}:]\t${INSTRUCTIONS[step]![0]}`;
    if (step === 'label') return `L${label++}:`;
    if (step === 'tag') return `[L${label++}:]`;
    return step === 'flush' ? '\t.align 1' : `\t${step}`;
  });
  return `${lines.join('\n')}\n\t.section .other,"ax"\nnext:\n`;
}

const instruction = fc.nat(INSTRUCTIONS.length - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: instruction },
  { weight: 4, arbitrary: fc.constant<Step>(';;') },
  { weight: 1, arbitrary: fc.constantFrom<Step>('label', 'tag', 'flush') },
);
const template = fc.constantFrom(...TEMPLATE_BY_DIRECTIVE.keys()).map((name): Step => `.${name}`);
const stops = fc.option(fc.constant<Step>(';;'), { nil: undefined });
/** `{ .mii a b ;; c }`, sometimes more or less than fits. */
const bundle = fc
  .tuple(
    fc.option(template, { nil: undefined }),
    fc.array(fc.tuple(instruction, stops), { minLength: 1, maxLength: 3 }),
  )
  .map(([name, body]): Step[] => [
    '{',
    ...(name === undefined ? [] : [name]),
    ...body.flat().filter((each) => each !== undefined),
    '}',
  ]);
const program = fc
  .array(
    fc.oneof(
      { weight: 20, arbitrary: step.map((each) => [each]) },
      { weight: 1, arbitrary: bundle },
      { weight: 1, arbitrary: template.map((each) => [each]) },
    ),
    {
      minLength: 1,
      maxLength: 120,
    },
  )
  .map((steps) => steps.flat());
const plainProgram = fc.array(step, { minLength: 1, maxLength: 400 });

function expectAsAssembled(steps: readonly Step[]): void {
  const { object, messages } = assembleText(assembly(steps), { preprocess: false });
  const ours = pack(steps);
  const errors = messages.split('\n').filter((line) => line.includes('Error'));
  expect(ours.refused.length > 0, messages).toBe(errors.length > 0);
  if (object === null) return;
  const symbols = new Map(readSymbols(object).map(({ name, value }) => [name, value]));
  for (const [index, value] of ours.labels.entries()) expect(symbols.get(`L${index}`), `L${index}`).toBe(value);
  for (const [index, value] of ours.instructions.entries()) expect(symbols.get(`I${index}`), `I${index}`).toBe(value);
  expect(readSections(object).find(({ name }) => name === '.text')!.size).toBe(ours.bytes);
}

describe('the packer makes the bundles the assembler makes', () => {
  it('of random instructions, stops, labels and tags', () => {
    fc.assert(fc.property(plainProgram, expectAsAssembled), { numRuns: 60, seed: seed(7) });
  });

  it('with explicit bundles and templates, refusing what it refuses', () => {
    fc.assert(fc.property(program, expectAsAssembled), { numRuns: 200, seed: seed(11) });
  });
});
