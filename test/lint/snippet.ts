import operationsTable from '../../grammar/operations.tsv';
import handMacros from '../../grammar/vocabularies/linux-hand-macros.tsv';
import { asmVocabulary } from '../../src/lint/asm-vocabulary.ts';
import { lint } from '../../src/lint/check.ts';
import { conditionsOf } from '../../src/lint/conditions.ts';
import { DEFAULT_CONFIG } from '../../src/lint/config.ts';
import type { Finding } from '../../src/lint/finding.ts';
import { macroSites } from '../../src/lint/sites.ts';
import { loadVocabulary, type Vocabulary } from '../../src/lint/vocabulary.ts';
import { resolveRegister } from '../../src/machine/index.ts';
import { loadOperations } from '../../src/rewrite/operations.ts';
import { parseSource } from '../../src/syntax/parse.ts';
import { SourceText } from '../../src/syntax/source.ts';

const VOCABULARIES: readonly Vocabulary[] = [
  asmVocabulary(loadOperations(operationsTable)),
  loadVocabulary(new SourceText('linux-hand-macros.tsv', handMacros)).vocabulary,
];

/** All findings in a piece of assembly. */
export function lintSnippet(text: string): readonly Finding[] {
  const tree = parseSource(new SourceText('example.S', text));
  const context = {
    tree,
    conditionAt: conditionsOf(tree),
    macroSites: macroSites(tree, VOCABULARIES, (name) =>
      resolveRegister(name, { alias: () => undefined, frame: null }),
    ),
    vocabularies: VOCABULARIES,
  };
  return lint({
    contexts: [context],
    trees: [tree],
    config: DEFAULT_CONFIG,
    suppressions: [],
    baseline: new Map(),
    nameOf: (file) => file.name,
  }).findings;
}
