import { expect, test } from 'vitest';
import { conditionsOf } from '../../src/lint/conditions.ts';
import { parseSource } from '../../src/syntax/parse.ts';
import { SourceText } from '../../src/syntax/source.ts';

/** The condition of every line that holds a marker `@words`, beside what the marker says. */
const SOURCE = `
nop.m 1 // @always
#ifdef CONFIG_SMP
nop.m 2 // @CONFIG_SMP is set
# if LEVEL == 4 && defined(X)
nop.m 3 // @CONFIG_SMP is set and LEVEL == 4 && defined(X) is true
# elif !defined(Y)
nop.m 4 // @CONFIG_SMP is set and LEVEL == 4 && defined(X) is false and Y is not defined
# else
nop.m 5 // @CONFIG_SMP is set and LEVEL == 4 && defined(X) is false and Y is defined
# endif
#else /* !CONFIG_SMP */
nop.m 6 // @CONFIG_SMP is not set
# ifndef CONFIG_SMP
nop.m 7 // @CONFIG_SMP is not set
# endif
#endif
#if 0
nop.m 8 // @never
#else
nop.m 9 // @always
#endif
#if 1
nop.m 10 // @always
#elif X
nop.m 11 // @never
#endif
nop.m 12 // @always
`;

test('says under which condition each place is compiled', () => {
  const tree = parseSource(new SourceText('a.S', SOURCE));
  const conditionAt = conditionsOf(tree, () => null);
  const found = tree.statements.flatMap((statement) => {
    if (statement.kind !== 'instruction') return [];
    const { words, never } = conditionAt(statement.first);
    return [never ? 'never' : (words ?? 'always')];
  });
  expect(found).toEqual([...SOURCE.matchAll(/@(.*)/g)].map((match) => match[1]));
});

test('an include guard is no condition', () => {
  const tree = parseSource(new SourceText('a.h', '#ifndef A_H\n#define A_H\nnop.m 0\n#endif\n'));
  expect(
    conditionsOf(tree, () => null)(tree.statements.find((each) => each.kind === 'instruction')!.first).words,
  ).toBeNull();
});

test('broken conditionals do no harm', () => {
  const tree = parseSource(new SourceText('a.S', '#else\nnop.m 0\n#endif\n#if\nnop.m 1\n#elif\nnop.m 2\n'));
  const conditionAt = conditionsOf(tree, () => null);
  expect(tree.tokens.map((_, index) => conditionAt(index).never)).not.toContain(true);
});
