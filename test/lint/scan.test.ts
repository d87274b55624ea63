import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'vitest';
import { formats } from '../../src/lint/formats/index.ts';
import { pageOf, RULES } from '../../src/lint/registry.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { kernel } from '../support/kernel.ts';
import { contextOf, conventionsWith, LINUX, lintContext, readFlags } from './project.ts';

test('scan', () => {
  const names = (process.env['SCAN'] ?? 'ivt.S,entry.S,fsys.S,gate.S').split(',');
  const only = process.env['RULE'];
  const flags = readFlags(kernel().flags('smp'));
  const configs = process.env['ALL']
    ? 'all'
    : new Map([
        ['smp', ['-DCONFIG_SMP']],
        ['up', ['-UCONFIG_SMP']],
      ]);
  const read = (path: string): string | undefined => {
    try {
      return readFileSync(path, 'latin1');
    } catch {
      return undefined;
    }
  };
  for (const name of names) {
    const path = process.env['PLAIN'] ? kernel().plain(name) : kernel().linux(name);
    const started = performance.now();
    const context = contextOf(
      [new SourceText(path, readFileSync(path, 'latin1'))],
      flags,
      configs,
      conventionsWith(LINUX),
      [],
      read,
    );
    const built = performance.now();
    const { findings } = lintContext(context);
    const done = performance.now();
    const counts = new Map<string, number>();
    for (const finding of findings) counts.set(finding.rule, (counts.get(finding.rule) ?? 0) + 1);
    console.log(
      name,
      `${context.project.units.length} units, ${context.calls.length} calls, ${context.sites.length} sites, build ${(built - started).toFixed(0)} ms, rules ${(done - built).toFixed(0)} ms`,
      Object.fromEntries([...counts].sort()),
    );
    const shown = findings.filter((finding) => (only ? only.split(',').includes(finding.rule) : true));
    console.log(
      formats.gcc(shown.slice(0, Number(process.env['MAX'] ?? 40)), {
        nameOf: (file) => basename(file.name),
        rules: RULES,
        pageOf,
        tool: { name: 'pvasm', version: '', page: '' },
        colour: false,
      }),
    );
  }
});
