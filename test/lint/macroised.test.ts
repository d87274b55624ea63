/** What `rewrite` makes of the kernel's plain sources, the check has nothing against. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { readSuppressions } from '../../src/config/accepted.ts';
import { readToml } from '../../src/config/toml.ts';
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

const conventions = conventionsWith(LINUX);
const flags = readFlags(kernel().flags('smp'));

/** The macro-ised text of a plain kernel source and of the headers beside it that hold sites, by path. */
function macroised(name: string): ReadonlyMap<string, string> {
  const path = kernel().plain(name);
  const { files } = rewrite({
    inputs: [new SourceText(path, read(path)!)],
    includeDirs: flags.includeDirs,
    commands: flags.commands,
    strict: true,
    host: { read },
    operations: OPERATIONS,
    conventions,
    targets: TARGETS,
    addressing: () => 'absolute',
  });
  return new Map(files.map(({ file, text }) => [file.name, text]));
}

test.each(['ivt.S', 'entry.S', 'fsys.S', 'gate.S'])('%s', (name) => {
  const texts = macroised(name);
  const path = kernel().plain(name);
  const source = new SourceText(path, texts.get(path)!);
  const configs = new Map([
    ['smp', ['-DCONFIG_SMP']],
    ['up', ['-UCONFIG_SMP']],
  ]);
  const context = contextOf([source], flags, configs, conventions, [], (each) => texts.get(each) ?? read(each));
  expect(context.calls.length).toBeGreaterThan(3);
  const { findings } = lintContext(context, readSuppressions(readToml(LINUX), { shipped: true }));
  const found = findings.map(({ file, start, rule, message }) => {
    const { line } = file.position(start);
    return `${basename(file.name)}:${line} ${rule} ${message}: ${file.line(line).trim()}`;
  });
  expect(found).toEqual([]);
});
