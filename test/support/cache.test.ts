import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'pvasm-cache-'));

beforeAll(() => vi.stubEnv('PVASM_CACHE', root));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

test('a cached folder is made once for a recipe, anew for another, and never half', async () => {
  vi.resetModules();
  const { cached } = await import('../../scripts/inputs/cache.mjs');
  const make = vi.fn((folder: string) => writeFileSync(join(folder, 'it'), 'made'));

  expect(cached('thing', '1', make)).toBe(join(root, 'thing'));
  cached('thing', '1', make);
  expect(make).toHaveBeenCalledTimes(1);
  cached('thing', '2', make);
  expect(make).toHaveBeenCalledTimes(2);

  const failing = () => {
    throw new Error('no network');
  };
  expect(() => cached('thing', '3', failing)).toThrow('no network');
  expect(readFileSync(join(root, 'thing/it'), 'utf8')).toBe('made');
  expect(() => cached('other', '1', failing)).toThrow('no network');
  expect(existsSync(join(root, 'other'))).toBe(false);
  expect(readdirSync(root)).toEqual(['thing']);
});

test('the lock of a dead process does not hold up the next one', async () => {
  vi.resetModules();
  const { cached } = await import('../../scripts/inputs/cache.mjs');
  mkdirSync(join(root, 'stuck.lock'));
  writeFileSync(join(root, 'stuck.lock/pid'), '999999999');
  expect(cached('stuck', '1', () => {})).toBe(join(root, 'stuck'));
});
