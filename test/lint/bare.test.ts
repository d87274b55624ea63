/** Bare instructions: which configurations count, and what a rewrite leaves. */
import { expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import type { Command } from '../../src/preprocess/types.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { contextOf, conventionsWith, lintContext, NO_FLAGS } from './project.ts';

const bare = (
  text: string,
  configs: Config['configs'] = new Map(),
  commands: readonly Command[] = NO_FLAGS.commands,
): string[] =>
  lintContext(contextOf([new SourceText('a.S', text)], { ...NO_FLAGS, commands }, configs, conventionsWith()))
    .findings.filter(({ rule }) => rule === 'PV001' || rule === 'PV008')
    .map(({ file, start, rule }) => `${file.position(start).line} ${rule}`);

const CHOICE = `#ifdef SMP
	mov r14=cr.ifa
#define GET(r) mov r=cr.isr
#else
	mov r14=cr.itir
#define GET(r) mov r=cr.iim
#endif
	mov r15=cr.iip
`;

test('where no configurations are named, every branch is somebody’s', () => {
  const all = ['2 PV008', '3 PV008', '5 PV008', '6 PV008', '8 PV001'];
  expect(bare(CHOICE)).toEqual(all);
  expect(bare(CHOICE, 'all')).toEqual(all);
});

test('where they are named, nobody builds the others', () => {
  expect(bare(CHOICE, new Map([['smp', ['-DSMP']]]))).toEqual(['2 PV008', '3 PV008', '8 PV001']);
  expect(bare(CHOICE, new Map([['up', ['-USMP']]]))).toEqual(['5 PV008', '6 PV008', '8 PV001']);
});

test('what the source or -D and -U rule out is nobody’s, as for rewrite', () => {
  const text =
    '#define VIRT 1\n#if VIRT > 0\n\tmov r14=cr.ifa\n#else\n\tmov r14=cr.itir\n#endif\n#ifdef __FOO\n\tmov r15=cr.iip\n#endif\n';
  expect(bare(text)).toEqual(['3 PV001', '8 PV008']);
  const flagged = (kind: 'define' | 'undef'): string[] =>
    bare(text, new Map(), [kind === 'define' ? { kind, text: '__FOO' } : { kind, name: '__FOO' }]);
  expect(flagged('define')).toEqual(['3 PV001', '8 PV001']);
  expect(flagged('undef')).toEqual(['3 PV001']);
});

test('what cannot be made a macro as it is spelled is told of, with the reason', () => {
  const text = '#define MOVE(to, from) mov to=from\n\tMOVE(r14, cr.ifa)\n\tMOVE(cr.itir, r15)\n';
  const [finding] = lintContext(
    contextOf([new SourceText('a.S', text)], NO_FLAGS, new Map(), conventionsWith()),
  ).findings.filter(({ rule }) => rule === 'PV001');
  expect(finding?.message).toMatch(/; a rewrite leaves it: /);
});
