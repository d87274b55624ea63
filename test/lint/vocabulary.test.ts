import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findMacro, loadVocabulary, type Vocabulary } from '../../src/lint/vocabulary.ts';
import { formatDiagnostic } from '../../src/syntax/diagnostic.ts';
import { SourceText } from '../../src/syntax/source.ts';

const HEAD = 'macro\tparameters\tnative\thides\n';

function read(text: string): { vocabulary: Vocabulary; messages: string[] } {
  const { vocabulary, diagnostics } = loadVocabulary(new SourceText('v.tsv', text));
  return { vocabulary, messages: diagnostics.map((each) => formatDiagnostic(each).split('\n')[0]!) };
}

test('gives each macro its native meaning as a #define line', () => {
  const { vocabulary, messages } = read(
    `# comment\n${HEAD}READ\tp:predicate r:operand c:scratch\t(p) mov r = cr.ivr\tr8 p6\nRFI\t-\trfi\t-\nSAVE\tx:text\t-\t-\n`,
  );
  expect(messages).toEqual([]);
  expect(vocabulary.defines.text).toBe('#define READ(p, r, c) (p) mov r = cr.ivr\n#define RFI rfi\n');
  expect(findMacro([vocabulary], 'READ')).toMatchObject({
    parameters: [
      { name: 'p', role: 'predicate' },
      { name: 'r', role: 'operand' },
      { name: 'c', role: 'scratch' },
    ],
    hides: ['r8', 'p6'],
  });
  expect(findMacro([vocabulary], 'SAVE')).toMatchObject({ native: null });
  expect(findMacro([vocabulary], 'NONE')).toBeUndefined();
});

test.each([
  [`${HEAD}1X\t-\trfi\t-\n`, "v.tsv:2:1: error: '1X' is not a macro's name"],
  [
    `${HEAD}X\ta:scrach\trfi\t-\n`,
    "v.tsv:2:1: error: 'scrach' is not what an argument can be for (predicate, operand, branch, scratch, scratch-predicate, scratch-frame, late-predicate, text); did you mean 'scratch'?",
  ],
  [`${HEAD}X\ta:scratch a:operand\trfi\t-\n`, "v.tsv:2:1: error: the parameter 'a' is here twice"],
  [`${HEAD}X\ta:scratch\n`, "v.tsv:2:1: error: 'X' has no native meaning; '-' says that the source tree defines it"],
  [`${HEAD}X\t-\trfi\t-\nX\t-\trfi\t-\n`, "v.tsv:3:1: error: 'X' is here twice"],
  [
    'macro\tnative\thides\nX\trfi\t-\n',
    "v.tsv:1:1: error: the first line must name the columns macro, parameters, native, hides: 'parameters' is missing",
  ],
])('%j is an error with its place', (text, message) => {
  expect(read(text).messages).toEqual([message]);
});

test('the shipped vocabulary is sound: every parameter that is no scratch stands in the native meaning', () => {
  const file = new SourceText(
    'linux-hand-macros.tsv',
    readFileSync('grammar/vocabularies/linux-hand-macros.tsv', 'latin1'),
  );
  const { vocabulary, diagnostics } = loadVocabulary(file);
  expect(diagnostics).toEqual([]);
  expect(vocabulary.macros.size).toBe(43);
  for (const macro of vocabulary.macros.values()) {
    if (macro.native === null || macro.parameters === null) continue;
    for (const { name, role } of macro.parameters) {
      const used = new RegExp(`\\b${name}\\b`).test(macro.native);
      expect([macro.name, name, used]).toEqual([macro.name, name, !/^scratch|^late/.test(role)]);
    }
  }
});
