/** Register frames that an interruption left incomplete: what the manual leaves undefined in one is found by executing it. */
import { expect, test } from 'vitest';
import { verifyHandlers } from '../../src/verify/handlers.ts';
import { EFFORT, openedFile } from './support.ts';

/** A handler that saves and gives back ar.pfs and b6. */
const handler = (before: string) => `
\t.section .text.ivt,"ax"
\t.align 32768
\t.global table
table:
\t.org table+0x400
miss:
${before}\tmov r29=ar.pfs
\tmov r28=b6
\t;;
\tmov cr.ifa=r0
\t;;
\tmov b6=r28
\tmov ar.pfs=r29
\tmov r16=r0
\t;;
\trfi
`;
const opened = (text: string, target: string, own?: string) =>
  openedFile({ files: { 'a.S': text }, sources: ['a.S'], targets: [target], ...(own === undefined ? {} : { own }) });

function reasonsOf(text: string, target: string, own?: string): readonly string[] {
  const { source } = opened(text, target);
  const { subjects } = opened(text, target, own);
  const [{ entries }] = verifyHandlers(source!, [subjects[0]!], { ...EFFORT, states: 40, failures: 40 }).subjects as [
    ReturnType<typeof verifyHandlers>['subjects'][number],
  ];
  expect(entries[0]!.equal).toBeGreaterThan(own === undefined ? 39 : 0);
  return [...new Set(entries.flatMap(({ failures }) => failures.flatMap(({ reasons }) => reasons)))];
}

/** What makes the tool take the short call: what it believes there, the machine does not. */
const TRUSTING = '[frames]\ncomplete = ["miss"]';

test('a call before cover is found, whatever allowed it', () => {
  expect(reasonsOf(handler(''), 'xen:a')).toEqual([]);
  expect(reasonsOf(handler(''), 'xen:a', TRUSTING)).toEqual([
    'br.call while the register frame is incomplete, before cover',
  ]);
});

test('behind cover it is right', () => {
  const [{ subjects }] = [opened(handler('\tcover\n\t;;\n'), 'xen:a')];
  const mnemonics = subjects[0]!.program.instructions.map(({ statement }) =>
    statement.kind === 'instruction' ? statement.mnemonic : '',
  );
  expect(mnemonics).toContain('br.call.sptk.many');
  expect(reasonsOf(handler('\tcover\n\t;;\n'), 'xen:a')).toEqual([]);
});

test.each([
  ['flushrs', 'flushrs'],
  ['loadrs', 'mov ar.rsc=0 ;; loadrs'],
  ['alloc', 'alloc r16=ar.pfs,0,0,0,0'],
  ['ar.bspstore is written', 'mov ar.rsc=0 ;; mov r16=ar.bspstore ;; mov ar.bspstore=r16'],
])('planted in a listing, it is found: %s', (what, planted) => {
  const { source } = opened(handler(''), 'xen:b');
  const site = '\tmov cr.ifa=r0\n';
  const { subjects } = opened(handler('').replace(site, `\t${planted}\n\t;;\n${site}`), 'xen:b');
  const { subjects: judged } = verifyHandlers(source!, subjects, { ...EFFORT, states: 40, failures: 40 });
  const reasons = judged[0]!.entries.flatMap(({ failures }) => failures.flatMap((each) => each.reasons));
  expect(reasons).toContain(`${what} while the register frame is incomplete, before cover`);
});
