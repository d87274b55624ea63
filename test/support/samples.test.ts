import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { assembleFile } from './assemble.ts';

test.each(['ivt.S', 'entry.S'])('samples/%s assembles without a message, SMP and UP', (name) => {
  for (const flags of [['-DCONFIG_SMP'], []]) {
    const { object, messages } = assembleFile(join(projectRoot, 'samples', name), { flags });
    expect(messages).toBe('');
    expect(object).not.toBeNull();
  }
});
