import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { assembleFile, countInstructions, image } from '../support/assemble.ts';
import { longerThanOneLetter, pvasm, scratchFolder } from './listings.ts';

const folder = scratchFolder();
const targets = ['native', 'xen:a', 'xen:b', 'xen'];

describe.each([['SMP', ['-DCONFIG_SMP']] as const, ['UP', []] as const])('%s', (configuration, flags) => {
  test.each(['ivt.S', 'entry.S'])(
    'every listing of samples/%s assembles without a message, and xen is the shortest',
    (name) => {
      const source = join(projectRoot, 'samples', name);
      const out = join(folder, configuration, name);
      const { status } = pvasm(['build', source, ...targets.flatMap((target) => ['-t', target]), '-o', out, ...flags]);
      expect(status).toBe(0); // every site found its registers
      const bytes = new Map<string, number>();
      for (const target of targets) {
        const { object, messages } = assembleFile(join(out, target.replace(':', '-'), name), {
          flags,
          includeDirs: [join(projectRoot, 'samples')], // for a header without sites of its own
        });
        expect({ target, messages }).toEqual({ target, messages: '' });
        if (target === 'native') expect(image(object!)).toEqual(image(assembleFile(source, { flags }).object!));
        bytes.set(target, countInstructions(object!).bytes);
      }
      expect({ bytes, longer: longerThanOneLetter(bytes) }).toEqual({ bytes, longer: false });
    },
  );
});

test('of the samples the lint wants macros and nothing else; of the macro-ised ones it wants nothing', () => {
  const names = ['ivt.S', 'entry.S', 'minstate.h'];
  const plain = names.map((name) => join(projectRoot, 'samples', name));
  const out = join(folder, 'macro-ised');
  const found = pvasm(['check', ...plain, '--format', 'gcc', '--configs', 'all']).stdout;
  expect(new Set(found.match(/\[PV\d+\]$/gm))).toEqual(new Set(['[PV001]', '[PV008]']));
  expect(pvasm(['rewrite', ...plain, '-o', out]).status).toBe(0);
  const rewritten = names.map((name) => join(out, name));
  expect(pvasm(['check', ...rewritten, '--format', 'gcc', '--configs', 'all'])).toMatchObject({
    status: 0,
    stdout: '',
  });
});
