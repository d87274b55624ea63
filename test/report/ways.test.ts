/** What `report --at` says of a single site: every way, and why it is not what a way is for. The samples: ways.slow.test.ts. */
import { describe, expect, test } from 'vitest';
import { whyNotText } from '../../src/report/site-entry.ts';
import { temporaryFiles } from './files.ts';
import { ask } from './ways.ts';

describe('a call that takes three instructions', () => {
  const write = temporaryFiles();
  const handler = (name: string, rest: string) =>
    write(
      `${name}.S`,
      `\t.section .text..ivt,"ax"\nia64_ivt:\n\t.org ia64_ivt+0x0c00\nsomebody:\n\tmov r29=ar.pfs\n\tmov r28=b6\n\t;;\n\tmov cr.ifa=r0\n\t;;\n${rest}\tmov b6=r28\n\t;;\n\trfi\n\t.org ia64_ivt+0x8000\n`,
    );
  const longCall = (file: string) =>
    ask([file], []).flatMap(({ operation, ways }) => (operation === 'WRITE_IFA' ? [ways[1]!] : []))[0]!;

  test('only for the frame: from where, and what would say that it is complete', () => {
    const way = longCall(handler('frame', '\tmov ar.pfs=r29\n'));
    expect(way).toMatchObject({
      kind: 'branch',
      longCall:
        'the register frame may be incomplete here, as an interruption left it, from somebody; complete = ["somebody"] under [frames] of a convention would say that it never is',
    });
    expect(whyNotText(way)).toMatch(/^no br\.call: the register frame/);
  });

  test('for ar.pfs: who reads it', () => {
    expect(longCall(handler('pfs', '\tmov r17=ar.pfs\n\t;;\n\tst8 [r18]=r17\n')).longCall).toMatch(
      /^ar\.pfs is live: read by `mov r17=ar\.pfs` at .*pfs\.S:10$/,
    );
  });

  test('nothing is said where it is br.call', () => {
    const file = write(
      'c.S',
      '\t.global f\nf:\tmov cr.ifa=r0\n\t;;\n\tmov r14=r0\n\tmov r15=r0\n\tmov r16=r0\n\t;;\n\tbr.call.sptk.many b0=g\n\t;;\n\tbr.sptk.few h\n',
    );
    expect(longCall(file)).toMatchObject({ kind: 'branch', instructions: 1, longCall: null });
  });
});
