import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { assembleFile } from '../support/assemble.ts';
import { kernel } from '../support/kernel.ts';
import { pvasm, scratchFolder } from './listings.ts';

/** Linux's ivt.S and entry.S share minstate.h: built at once by two calls, they are what one call makes of both. */
const folder = scratchFolder();

test('two calls at once, one folder', async () => {
  const sources = ['entry.S', 'ivt.S'].map((name) => kernel().plain(name));
  const options = ['-t', 'native', '-t', 'xen', ...kernel().flags('smp'), '-o'];
  const calls = sources.map(
    (source) =>
      new Promise<number | null>((resolve) => {
        const args = [join(projectRoot, 'bin/pvasm.js'), 'build', source, ...options, join(folder, 'apart')];
        spawn(process.execPath, args, { stdio: 'ignore' }).on('exit', resolve);
      }),
  );
  expect(await Promise.all(calls)).toEqual([0, 0]);
  pvasm(['build', ...sources, ...options, join(folder, 'together')]);
  const names = (root: string) => readdirSync(join(folder, root), { recursive: true }).map(String).sort();
  expect(names('apart')).toEqual(names('together'));
  for (const name of names('apart').filter((each) => /\.[Sh]$/.test(each)))
    expect(readFileSync(join(folder, 'apart', name), 'latin1'), name).toBe(
      readFileSync(join(folder, 'together', name), 'latin1'),
    );
  for (const name of ['entry.S', 'ivt.S'])
    expect(assembleFile(join(folder, 'apart/xen', name), { configuration: 'smp' })).toMatchObject({ messages: '' });
});
