/** What the bundle holds in place of the `*.data.ts` modules. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { precomputed } from '../../scripts/precompute.mjs';

const folder = join(projectRoot, 'src');
const modules = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.data.ts'));

test.each(modules)('%s: the bundle has what the module exports', async (path) => {
  const text = await precomputed(join(folder, path));
  expect(text).not.toContain('import');
  const bundled = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(text)}`);
  const exported = await import(/* @vite-ignore */ join(folder, path));
  expect(Object.keys(bundled)).not.toEqual([]);
  expect({ ...bundled }).toStrictEqual({ ...exported });
});

test('what JSON cannot say is refused', async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'pvasm-precompute-'));
  try {
    const path = join(scratch, 'map.data.ts');
    writeFileSync(path, 'export const map = new Map([[1, 2]]);');
    await expect(precomputed(path)).rejects.toThrow('map.data.ts: map is more than JSON can say');
  } finally {
    rmSync(scratch, { recursive: true });
  }
});
