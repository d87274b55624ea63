import { expect, test } from 'vitest';
import { mayDependOn } from '../../src/preprocess/mention.ts';
import type { Command } from '../../src/preprocess/types.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { lines, memoryHost, run1 } from './support.ts';

const VALUES = [null, '1', '2'];

test.each<[what: string, text: string, depends: boolean]>([
  ['no mention', 'mov r2 = r3\n', false],
  ['only defined, and undefined', '#define SMP 1\n #  undef\tSMP\nmov r2 = r3\n', false],
  ['a longer name', 'SMP_CACHE XSMP\n', false],
  ['in code', '#define SMP 1\nmov r2 = SMP\n', true],
  ['in a condition', '#ifdef SMP\na\n#endif\n', true],
  ['in a condition through another name', '#define MANY SMP\n#if MANY > 1\na\n#endif\n', true],
  ['in a header', '#include "h.h"\n', true],
  ['put together by ##', '#define IS(x) CONFIG_##x\n#define CONFIG_OTHER 5\nIS(OTHER)\n', false],
  ['put together by ##, the name itself', '#define CAT(x, y) x##y\nCAT(S, MP)\n', true],
  ['put together by ## in a condition', '#define CAT(x, y) x##y\n#if CAT(S, MP)\na\n#endif\n', true],
])('%s', (_, text, depends) => {
  const run = (value: string | null) => {
    const options = { fixed: new Map([['SMP', value]]), files: { 'h.h': '#if SMP\nb\n#endif\n' } };
    return { result: run1(text, options), options: { ...fromNothing(), fixed: options.fixed } };
  };
  const runs = VALUES.map(run);
  expect(runs.map(({ result, options }) => mayDependOn(result, options, 'SMP'))).toEqual(VALUES.map(() => depends));
  const distinct = new Set(runs.map(({ result }) => lines(result.tokens).join('\n')));
  expect(distinct.size > 1).toBe(depends);
});

test.each<[what: string, commands: Command[], macros: string]>([
  ['an option', [{ kind: 'define', text: 'MANY=SMP' }], ''],
  ['a macro from elsewhere', [], '#define COUNT (SMP)\n'],
])('%s may speak of it', (_, commands, macros) => {
  const options = { ...fromNothing(), commands, macros: new SourceText('<macros>', macros) };
  expect(mayDependOn(run1('', options), options, 'SMP')).toBe(true);
  expect(mayDependOn(run1('', options), options, 'MANY')).toBe(false);
});

function fromNothing() {
  return { includeDirs: [], commands: [] as Command[], strict: false, host: memoryHost({}) };
}
