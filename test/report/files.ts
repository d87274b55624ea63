/** Small files of a test file, in a folder that goes away with it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/**
 * Makes what writes a file and gives its path. To be called by each test file for itself: a worker loads a module once for
 * all of its test files, so a folder made here would go with the first of them.
 */
export function temporaryFiles(): (name: string, text: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'pvasm-files-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (name, text) => {
    const path = join(folder, name);
    writeFileSync(path, text, 'latin1');
    return path;
  };
}
