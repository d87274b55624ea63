/** grammar/privileged-and-sensitive.tsv: the instructions that a hypervisor must see, each under the class it belongs to. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { auditEntries, auditEntry } from '../../src/machine/audit.ts';
import { allForms } from '../../src/machine/forms.ts';
import { binutilsSource } from '../support/binutils.ts';
import { oneSampleEach } from './samples.ts';
import { effectsOf } from './support.ts';

const INTERRUPTION = ['ifa', 'itir', 'isr', 'iha', 'ipsr', 'iip', 'ifs', 'iim', 'iipa', 'iib0', 'iib1'];
const OTHERS = [
  'ivr',
  'irr0',
  'irr3',
  'lid',
  'tpr',
  'eoi',
  'itm',
  'itv',
  'pmv',
  'cmcv',
  'lrr0',
  'lrr1',
  'dcr',
  'iva',
  'pta',
  'gpta',
];
const CONTROL = [...INTERRUPTION, ...OTHERS].flatMap((name) => [`mov r14=cr.${name}`, `mov cr.${name}=r14`]);
const FILES = ['rr', 'dbr', 'ibr', 'pkr', 'pmc', 'msr'].flatMap((name) => [
  `mov ${name}[r14]=r15`,
  `mov r14=${name}[r15]`,
]);

/** SDM vol. 2, 11.2 (virtualization) and vol. 3 chapter 2 say which are which. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'privileged yes': [
    ...CONTROL,
    ...FILES,
    'mov r14=psr',
    'mov psr.l=r14',
    'ssm psr.ic',
    'rsm psr.i',
    'itc.i r14',
    'itc.d r14',
    'itr.i itr[r14]=r15',
    'itr.d dtr[r14]=r15',
    'ptc.l r14,r15',
    'ptc.g r14,r15',
    'ptc.ga r14,r15',
    'ptc.e r14',
    'ptr.d r14,r15',
    'ptr.i r14,r15',
    'tpa r14=r15',
    'tak r14=r15',
    'mov pmd[r14]=r15',
    'rfi',
    'bsw.0',
    'bsw.1',
    'vmsw.0',
    'vmsw.1',
  ],
  'privileged|conditional yes': ['mov ar.k0=r14', 'mov ar.k7=-1', 'mov.m ar.itc=r14', 'mov ar.ruc=r14'],
  'sensitive yes': [
    'cover',
    'thash r14=r15',
    'ttag r14=r15',
    'fc r14',
    'fc.i r14',
    'mov r14=cpuid[r15]',
    'mov r14=pmd[r15]',
    'mov r14=ar.itc',
    'mov r14=ar.ruc',
  ],
  'sensitive audit': [
    'mov r14=psr.um',
    'mov r14=ar.k0',
    'mov r14=ar.k7',
    'mov r14=ar.eflag',
    'mov ar.cflg=r14',
    'mov ar.rsc=r14',
    'mov ar.rsc=3',
    'mov r14=ar.rsc',
    'epc',
    'probe.r r14=r15,3',
    'probe.w r14=r15,r16',
    'probe.rw.fault r14,3',
  ],
  'conditional audit': ['mov psr.um=r14', 'rum psr.be', 'sum psr.ac', 'break 0', 'break.m 0', 'break.b 0'],
  'sensitive no': [
    'br.call.sptk b0=there',
    'br.call.sptk b0=b6',
    'brl.call.sptk b0=there',
    'br.ret.sptk b0',
    'br.ia.sptk b0',
    'alloc r14=ar.pfs,0,0,0,0',
    'flushrs',
    'loadrs',
  ],
  none: [
    'add r14=r15,r16',
    'mov r14=ar.pfs',
    'mov ar.ccv=r14',
    'mov r14=b0',
    'mov pr=r14',
    'srlz.d',
    'nop 0',
    'mov r14=ip',
    'clrrrb',
    'br.sptk there',
  ],
};

describe('the audit table', () => {
  test.each(Object.entries(EXPECTED).flatMap(([what, texts]) => texts.map((text) => [text, what] as const)))(
    '%s: %s',
    (text, what) => {
      const entry = auditEntry(effectsOf(`there: ${text}`));
      expect(entry === undefined ? 'none' : `${entry.class} ${entry.rewrite}`).toMatch(
        new RegExp(`^(${what.replace(' ', ') ')}`.replace(/^\^\(none$/, '^(none)')),
      );
    },
  );

  test('every privileged form has an entry that says so', () => {
    const missing = oneSampleEach()
      .filter(({ form }) => form.privileged)
      .filter(({ text }) => auditEntry(effectsOf(`here: ${text}`))?.class !== 'privileged')
      .map(({ text }) => text);
    expect(missing).toEqual([]);
  });

  test('of ar.eflag, why target xen has no body', () => {
    for (const text of ['mov r14=ar.eflag', 'mov ar.eflag=r14'])
      expect(auditEntry(effectsOf(text))?.without).toMatch(/one leaves its result undefined and the other is ignored/);
  });

  test('every entry names forms that there are, and says something', () => {
    const forms = new Set(allForms().map((form) => form.id));
    for (const entry of auditEntries) {
      expect(entry.forms.filter((form) => !forms.has(form))).toEqual([]);
      for (const text of [entry.why, entry.without, entry.section]) expect(text.length, entry.title).toBeGreaterThan(5);
    }
  });

  test('the privileged forms are those of the assembler', () => {
    const folder = join(binutilsSource(), 'opcodes');
    const theirs = new Set<string>();
    for (const file of readdirSync(folder).filter((name) => /^ia64-opc-[a-z]\.c$/.test(name)))
      for (const [, name] of readFileSync(join(folder, file), 'latin1').matchAll(
        /^\s*\{"([a-z0-9.]+)",[^\n]*\bPRIV\b/gm,
      ))
        theirs.add(name!);
    theirs.delete('mov');
    const ours = new Set(
      oneSampleEach()
        .filter(({ form }) => form.privileged)
        .flatMap(({ form }) => namesOf(form.mnemonic)),
    );
    ours.delete('mov');
    expect([...ours].sort()).toEqual([...theirs].sort());
  });
});

/** `bsw.{0,1}`: bsw.0, bsw.1. */
function namesOf(pattern: string): string[] {
  const match = /^(.*)\{(.*)\}(.*)$/.exec(pattern);
  return match === null ? [pattern] : match[2]!.split(',').map((each) => match[1] + each + match[3]);
}
