/** What `check` says about a bare instruction is what `rewrite` does with it, over all of Linux's own sources. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withChoices } from '../../src/lint/repairs.ts';
import { rewrite } from '../../src/pipeline.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { kernel } from '../support/kernel.ts';
import { contextOf, conventionsWith, LINUX, lintContext, OPERATIONS, readFlags, TARGETS } from './project.ts';

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

const SOURCES = [
  'ivt.S',
  'entry.S',
  'fsys.S',
  'gate.S',
  'head.S',
  'mca_asm.S',
  'mca_drv_asm.S',
  'pal.S',
  'relocate_kernel.S',
];

test.each(SOURCES)('%s: each bare instruction is rewritten, or the reason is told; and no other is', (name) => {
  const path = kernel().plain(name);
  const source = new SourceText(path, read(path)!);
  const flags = readFlags(kernel().flags('smp'));
  const conventions = conventionsWith(LINUX);
  const { findings } = lintContext(contextOf([source], flags, 'all', conventions, [], read));
  const choices = rewrite({
    inputs: [source],
    includeDirs: flags.includeDirs,
    commands: flags.commands,
    strict: true,
    host: { read },
    operations: OPERATIONS,
    conventions,
    targets: TARGETS,
    addressing: () => 'absolute',
  });
  const bare = withChoices(findings, choices).filter(({ rule }) => rule === 'PV001' || rule === 'PV008');
  const reasonOf = (message: string): string | undefined => message.split('; a rewrite leaves it: ')[1];
  const undecided = bare.filter(({ message, fix }) => (fix !== null) === (reasonOf(message) !== undefined));
  expect(undecided.map(({ message }) => message)).toEqual([]);
  const at = (file: string, start: number): string => `${file}:${start}`;
  const told = new Map(bare.map(({ file, start, message }) => [at(file.name, start), reasonOf(message)]));
  const refused = choices.refusals.map(({ file, start, reason }) => [at(file.name, start), reason] as const);
  for (const [place, reason] of refused) if (told.has(place)) expect(told.get(place)).toBe(reason);
  const reasons = [...told.values()].filter((reason) => reason !== undefined);
  expect(reasons).toHaveLength(refused.filter(([place]) => told.has(place)).length);
  const rewritten = new Map(
    choices.sites
      .filter(({ site }) => site.spelling === 'instruction')
      .map(({ site }) => [at(site.file.name, site.start), site]),
  );
  for (const [place, reason] of told) expect([place, rewritten.has(place)]).toEqual([place, reason === undefined]);
  // What nobody compiles is rewritten, but no finding.
  const silent = [...rewritten].filter(([place]) => !told.has(place)).map(([, site]) => site);
  expect(silent.map(({ file, start }) => file.line(file.position(start).line).trim())).toEqual(
    name === 'ivt.S' ? [expect.stringMatching(/^# define DBG_FAULT/)] : [],
  );
});
