import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createCache } from '../../src/preprocess/cache.ts';
import { preprocess } from '../../src/preprocess/preprocess.ts';
import { preprocess as gccPreprocess } from '../support/assemble.ts';
import { configurations, kernel } from '../support/kernel.ts';
import { lines, linesOfText, optionsFromFlags } from './support.ts';

const host = {
  read(path: string): string | undefined {
    try {
      return readFileSync(path, 'latin1');
    } catch {
      return undefined;
    }
  },
};

describe("every source of Linux's arch/ia64", () => {
  const cache = createCache();

  test.each(configurations)('gives the tokens and the spacing of gcc -E, configuration %s', (configuration) => {
    const options = { ...optionsFromFlags(kernel().flags(configuration)), strict: true, host, cache };
    const sources = kernel().sources();
    expect(sources).toHaveLength(33);
    for (const path of sources) {
      const { tokens, diagnostics } = preprocess(cache.file(path, host)!, options);
      expect(diagnostics, path).toEqual([]);
      const expected = gccPreprocess(path, { configuration });
      expect(lines(tokens), path).toEqual(linesOfText(expected.text));
    }
  });

  test('gives tokens that are spelled at their places', () => {
    const options = { ...optionsFromFlags(kernel().flags('smp')), strict: true, host, cache };
    let carried = 0;
    for (const path of kernel().sources()) {
      for (const { file, start, end, text, use } of preprocess(cache.file(path, host)!, options).tokens) {
        const spelled = file.text.slice(start, end);
        if (use === null) expect(spelled.replace('\r', ''), path).toBe(text);
        // What ## makes stands at its left operand, what # makes at its operator.
        else if (spelled !== '#') expect(text.startsWith(spelled), `${path}: ${text} at ${spelled}`).toBe(true);
        if (use !== null) carried++;
        for (let step = use; step !== null; step = step.parent) {
          const invocation = step.file.text.slice(step.start, step.end);
          expect(step.name.startsWith(/^\w*/.exec(invocation)![0]), `${step.name} at ${invocation}`).toBe(true);
        }
      }
    }
    expect(carried).toBeGreaterThan(20_000);
  });
});
