/** Every instruction of the kernel's sources has a meaning, in both configurations, library routines included. */
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { layOut } from '../../src/analysis/program/program.ts';
import { AddressSpace } from '../../src/execution/addresses.ts';
import { makeImage } from '../../src/execution/image.ts';
import { NATIVE } from '../../src/execution/instruction.ts';
import { expandAssemblerMacros } from '../../src/macros/expand.ts';
import { parseTokens } from '../../src/syntax/parse.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { tokenize } from '../../src/syntax/tokenize.ts';
import { preprocess } from '../support/assemble.ts';
import { configurations, kernel } from '../support/kernel.ts';

describe.each(configurations)('%s', (configuration) => {
  test.each(
    kernel()
      .sources()
      .map((source) => [basename(source), source] as const),
  )('%s', (name, source) => {
    const { text } = preprocess(source, { configuration });
    const { tokens } = expandAssemblerMacros(tokenize(new SourceText(name, text), { dialect: 'gas' }));
    const { code } = makeImage(layOut(parseTokens(tokens).statements, tokens), new AddressSpace(), NATIVE);
    const compiled = Array.from({ length: code.length }, (_, index) => code.at(index));
    expect(compiled.filter((each) => typeof each === 'string')).toEqual([]);
  });
});
