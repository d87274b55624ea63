import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { conditionInWords } from '../../src/lint/configurations.ts';
import { everyConfiguration } from '../../src/lint/every-configuration.ts';
import { createCache, type PreprocessOptions } from '../../src/preprocess/index.ts';
import { parseSource } from '../../src/syntax/parse.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { kernel } from '../support/kernel.ts';

function options(
  file: SourceText,
  headers: Readonly<Record<string, string>>,
  includes: readonly string[],
): PreprocessOptions {
  return {
    includeDirs: [],
    commands: includes.map((path) => ({ kind: 'include', path })),
    strict: true,
    host: { read: (path) => headers[path] },
    cache: createCache([file]),
  };
}

test('a setting holds against what the configuration header says', () => {
  const file = new SourceText('a.S', '#ifdef CONFIG_SMP\nsmp\n#else\nup\n#endif\n');
  const { configurations } = everyConfiguration(
    file,
    [parseSource(file)],
    options(file, { 'conf.h': '#define CONFIG_SMP 1\n' }, ['conf.h']),
  );
  expect(configurations.map(({ name, result }) => [name, result.tokens[0]!.text, result.diagnostics])).toEqual([
    ['!CONFIG_SMP', 'up', []],
    ['CONFIG_SMP', 'smp', []],
  ]);
});

test('conditions that change no code, and conditions of system headers, make no configurations', () => {
  const file = new SourceText('a.S', '#include "sys.h"\n#ifdef A\n// only a comment\n#endif\nnop\n');
  const { configurations, merged } = everyConfiguration(
    file,
    [parseSource(file)],
    options(file, { 'sys.h': '#ifdef B\nb\n#endif\n' }, []),
  );
  expect([configurations.length, merged]).toEqual([1, 1]);
});

test('entry.S of Linux has few configurations that differ, and each is preprocessed in full', () => {
  const path = kernel().plain('entry.S');
  const file = new SourceText(path, readFileSync(path, 'latin1'));
  const flags = kernel().flags('smp');
  const commands: PreprocessOptions['commands'][number][] = [];
  const includeDirs: string[] = [];
  for (let at = 0; at < flags.length; at++) {
    const flag = flags[at]!;
    if (flag === '-include') commands.push({ kind: 'include', path: flags[++at]! });
    else if (flag.startsWith('-I')) includeDirs.push(flag.slice(2));
    else if (flag.startsWith('-D')) commands.push({ kind: 'define', text: flag.slice(2) });
  }
  const read = (each: string): string | undefined => {
    try {
      return readFileSync(each, 'latin1');
    } catch {
      return undefined;
    }
  };
  const cache = createCache([file]);
  const all = everyConfiguration(file, [parseSource(file)], {
    includeDirs,
    commands,
    strict: true,
    host: { read },
    cache,
  });
  expect(all.limited).toBe(false);
  // SMP, ITANIUM, PREEMPTION and VIRT_CPU_ACCOUNTING_NATIVE, and FUNCTION_TRACER with DYNAMIC_FTRACE inside it.
  expect(all.configurations.length).toBe(2 ** 4 * 3);
  expect(all.configurations.flatMap(({ result }) => result.diagnostics)).toEqual([]);
  const settings = all.configurations.map((each) => each.setting);
  const smp = settings.filter((setting) => setting.get('CONFIG_SMP') === '1');
  expect(conditionInWords(smp, settings)).toBe('CONFIG_SMP is set');
});
