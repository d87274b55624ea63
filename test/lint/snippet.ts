import { readFileSync } from 'node:fs';
import software from '../../grammar/conventions/software.toml';
import operationsTable from '../../grammar/operations.tsv';
import handMacros from '../../grammar/vocabularies/linux-hand-macros.tsv';
import { analyse, loadConventions } from '../../src/analysis/index.ts';
import { loadTarget } from '../../src/expand/body.ts';
import { asmVocabulary } from '../../src/lint/asm-vocabulary.ts';
import { lint } from '../../src/lint/check.ts';
import { DEFAULT_CONFIG } from '../../src/lint/config.ts';
import { isWanted, makeContext } from '../../src/lint/context.ts';
import type { Finding } from '../../src/lint/finding.ts';
import { loadVocabulary, type Vocabulary } from '../../src/lint/vocabulary.ts';
import { expandAssemblerMacros } from '../../src/macros/index.ts';
import { createCache, preprocess } from '../../src/preprocess/index.ts';
import { loadOperations } from '../../src/rewrite/operations.ts';
import { Project } from '../../src/rewrite/project.ts';
import { collectSites } from '../../src/rewrite/sites.ts';
import type { Unit } from '../../src/rewrite/units.ts';
import { parseTokens } from '../../src/syntax/parse.ts';
import { SourceText } from '../../src/syntax/source.ts';

const OPERATIONS = loadOperations(operationsTable);
const VOCABULARIES: readonly Vocabulary[] = [
  asmVocabulary(OPERATIONS),
  loadVocabulary(new SourceText('linux-hand-macros.tsv', handMacros)).vocabulary,
];
const MACROS = new SourceText(
  VOCABULARIES[0]!.defines.name,
  VOCABULARIES.map((vocabulary) => vocabulary.defines.text).join(''),
);
const TARGETS = ['native', 'xen'].map(
  (name) =>
    loadTarget(new SourceText(`${name}.S`, readFileSync(`grammar/targets/${name}.S`, 'latin1')), OPERATIONS.all).target,
);

/** All findings in a piece of assembly, under the software conventions and `conventions` (TOML). */
export function lintSnippet(text: string, conventions = ''): readonly Finding[] {
  const source = new SourceText('example.S', text);
  const loaded = loadConventions([
    new SourceText('software.toml', software),
    new SourceText('pvasm.toml', conventions),
  ]);
  const unit = makeUnit(source, loaded.conventions);
  const project = new Project([source], [unit]);
  const { sites } = collectSites(project, OPERATIONS, (operation) => isWanted(operation, TARGETS));
  const context = makeContext({
    project,
    sites,
    targets: TARGETS,
    conventions: loaded.conventions,
    vocabularies: VOCABULARIES,
    settings: new Map(),
  });
  return lint({
    contexts: [context],
    trees: [project.tree(source).tree],
    config: DEFAULT_CONFIG,
    suppressions: [],
    baseline: new Map(),
    nameOf: (file) => file.name,
  }).findings;
}

function makeUnit(source: SourceText, conventions: ReturnType<typeof loadConventions>['conventions']): Unit {
  const host = { read: () => undefined };
  const preprocessed = preprocess(source, {
    includeDirs: [],
    commands: [],
    strict: true,
    host,
    macros: MACROS,
    cache: createCache([source]),
  });
  const { tokens } = expandAssemblerMacros(preprocessed.tokens);
  const analysis = analyse(parseTokens(tokens).statements, tokens, { conventions });
  return {
    id: 0,
    source,
    configuration: 'as given',
    preprocessed,
    analysis,
    scope: { alias: () => undefined, frame: null },
  };
}
