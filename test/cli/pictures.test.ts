/** `pvasm report --pictures DIR`: the files that stand in the folder afterwards. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { provideBuilt } from '../support/built.ts';
import { mustCallPvasm } from '../support/pvasm.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-pictures-'));
beforeAll(provideBuilt);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** By name: what a call for the samples leaves in a folder of its own. */
function drawn(into: string): Record<string, string> {
  mustCallPvasm(['report', 'samples/ivt.S', 'samples/entry.S', '--pictures', join(folder, into)]);
  const names = readdirSync(join(folder, into)).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, into, name), 'utf8')]));
}

test('four kinds of pictures, each a file of SVG with its style, the same at each call', () => {
  const pictures = drawn('one');
  const kinds = new Set(Object.keys(pictures).map((name) => name.split('-', 1)[0]));
  expect([...kinds].sort()).toEqual(['costs', 'flow', 'liveness', 'vectors']);
  expect(Object.keys(pictures)).toEqual(
    expect.arrayContaining([
      'costs-samples-entry.S.svg',
      'flow-samples-entry.S-switch_to.svg',
      'liveness-samples-ivt.S-itlb_miss.svg',
      'vectors-samples-ivt.S.svg',
    ]),
  );
  for (const [name, text] of Object.entries(pictures)) {
    expect(text, name).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<svg [^>]*><title>[\s\S]*<style>[\s\S]*<\/svg>\n$/,
    );
    expect(text, name).toMatch(/ viewBox="-12 -12 /); // a margin: viewers show a file up to its edge
    expect(text, name).not.toMatch(/\b(?:href|src)=|url\(|<script|NaN|undefined/);
  }
  expect(drawn('other')).toEqual(pictures);
});
