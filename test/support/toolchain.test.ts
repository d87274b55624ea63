import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fetchToolchain } from '../../scripts/inputs/toolchain.mjs';
import { assembleText, image } from './assemble.ts';
import { mustRun } from './run.ts';

const text = 'mov r8=cr.ivr ;;\nadd r9=r8,r10\nrfi\n';

test('the assembler that is fetched without root works, and as the one in use', () => {
  const { as, objdump } = fetchToolchain();
  const work = mkdtempSync(join(tmpdir(), 'pvasm-'));
  try {
    const object = join(work, 'a.o');
    mustRun(as, ['-x', '-o', object, '-'], { input: text });
    expect(image(readFileSync(object))).toEqual(image(assembleText(text).object!));
    expect(mustRun(objdump, ['-d', object])).toContain('mov r8=cr.ivr');
  } finally {
    rmSync(work, { recursive: true });
  }
});
