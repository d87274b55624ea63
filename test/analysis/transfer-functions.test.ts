/** Transfer functions are kept by the code that they are of and the convention that they were made for. */
import { expect, test } from 'vitest';
import type { Node } from '../../src/analysis/flow/graph.ts';
import { STEP, STEP_LENGTH, transferFunctionOf } from '../../src/analysis/liveness/transfer-functions.ts';
import type { NestedMiss } from '../../src/config/conventions.ts';
import { registerNamed } from '../../src/machine/register-numbers.ts';
import { programOf } from './programs.ts';

function nodeOf(text: string): Node {
  const code = programOf(text).instructions;
  const { length } = code;
  return {
    code,
    bank: 0,
    pair: new Uint8Array(length),
    nests: new Uint8Array(length).fill(1),
  } as unknown as Node;
}

const missReading = (...names: string[]) => ({ reads: names.map(registerNamed) }) as unknown as NestedMiss;

/** The registers that somebody out of sight reads. */
function hidden(node: Node, nested: NestedMiss | null): number[] {
  const { steps } = transferFunctionOf(node, nested);
  const found: number[] = [];
  for (let at = 0; at < steps.length; at += STEP_LENGTH) if (steps[at] === STEP.hide) found.push(steps[at + 1]!);
  return found;
}

test('one code under several conventions has several functions, each made once', () => {
  const node = nodeOf('ld8 r14=[r15]\n');
  const [one, other] = [missReading('r16'), missReading('r17', 'r18')];
  expect(hidden(node, null)).toEqual([]);
  expect(hidden(node, one)).toEqual(one.reads);
  expect(hidden(node, other)).toEqual(other.reads);
  expect(hidden(node, null)).toEqual([]);
  expect(transferFunctionOf({ ...node }, one)).toBe(transferFunctionOf(node, one));
});
