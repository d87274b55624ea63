/** Every instruction of the kernel's sources decodes, in both configurations, with what it names resolved. */
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { preprocess } from '../support/assemble.ts';
import { configurations, kernel } from '../support/kernel.ts';
import { instructionsOf } from './support.ts';

/** Directives without a dot hold data. */
const DATA = /^(data[1248]|stringz)$/;

describe.each(configurations)('%s', (configuration) => {
  const sources = kernel().sources();

  test('there are 33 sources', () => expect(sources).toHaveLength(33));

  test.each(sources.map((source) => [basename(source), source] as const))('%s', (_, source) => {
    const instructions = instructionsOf(preprocess(source, { configuration }).text);
    const unknown = instructions
      .filter(({ instruction, effects }) => !effects.known && !DATA.test(instruction.mnemonic))
      .map(({ instruction, line }) => `${line}: ${instruction.mnemonic}`);
    expect(unknown).toEqual([]);
    expect(instructions.filter(({ effects }) => effects.predicate < 0).map(({ line }) => line)).toEqual([]);
  });
});
