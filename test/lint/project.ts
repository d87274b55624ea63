/** Sources to findings, as the command does it, without the command. */
import { readFileSync } from 'node:fs';
import linuxConventions from '../../grammar/conventions/linux-ia64.toml';
import softwareConventions from '../../grammar/conventions/software.toml';
import handMacros from '../../grammar/vocabularies/linux-hand-macros.tsv';
import type { SuppressionEntry } from '../../src/config/accepted.ts';
import { type Config, DEFAULT_CONFIG } from '../../src/config/config.ts';
import { type Conventions, loadConventions } from '../../src/config/conventions.ts';
import type { TargetChoice } from '../../src/expand/plan.ts';
import { loadTarget } from '../../src/expand/target.ts';
import { asmVocabulary } from '../../src/lint/asm-vocabulary.ts';
import { judge, type LintResult } from '../../src/lint/check.ts';
import type { RuleContext } from '../../src/lint/context.ts';
import { inspect } from '../../src/lint/inspection.ts';
import type { Rule } from '../../src/lint/rule.ts';
import { openSubject } from '../../src/lint/subject.ts';
import { loadVocabulary, type Vocabulary } from '../../src/lint/vocabulary.ts';
import type { PreprocessOptions } from '../../src/preprocess/types.ts';
import { operations as shippedOperations } from '../../src/project/operations.data.ts';
import { indexOperations } from '../../src/project/operations.ts';
import { SourceText } from '../../src/syntax/source.ts';

export const OPERATIONS = indexOperations(shippedOperations);
export const VOCABULARIES: readonly Vocabulary[] = [
  asmVocabulary(OPERATIONS),
  loadVocabulary(new SourceText('linux-hand-macros.tsv', handMacros)).vocabulary,
];
export const TARGETS: readonly TargetChoice[] = ['native', 'xen'].map((name) => {
  const file = new SourceText(`${name}.S`, readFileSync(`grammar/targets/${name}.S`, 'latin1'));
  return { label: name, target: loadTarget(file, OPERATIONS.all).target, alternative: null };
});

/** The software conventions, and what is said on top of them. */
export function conventionsWith(...files: readonly SourceText[]): Conventions {
  return loadConventions([new SourceText('software.toml', softwareConventions), ...files]).conventions;
}

export const LINUX = new SourceText('linux-ia64.toml', linuxConventions);

export interface Flags {
  readonly includeDirs: readonly string[];
  readonly commands: PreprocessOptions['commands'];
}

/** gcc's flags, as `test/support/kernel.ts` gives them. */
export function readFlags(flags: readonly string[]): Flags {
  const commands: PreprocessOptions['commands'][number][] = [];
  const includeDirs: string[] = [];
  for (let at = 0; at < flags.length; at++) {
    const flag = flags[at]!;
    if (flag === '-include') commands.push({ kind: 'include', path: flags[++at]! });
    else if (flag.startsWith('-I')) includeDirs.push(flag.slice(2));
    else if (flag.startsWith('-D')) commands.push({ kind: 'define', text: flag.slice(2) });
  }
  return { includeDirs, commands };
}

export const NO_FLAGS: Flags = { includeDirs: [], commands: [] };

/** The context of some sources under some configurations; none: the flags as given. */
export function contextOf(
  sources: readonly SourceText[],
  flags: Flags,
  configs: Config['configs'],
  conventions: Conventions,
  ownConventions: readonly SourceText[] = [],
  read: (path: string) => string | undefined = () => undefined,
  targets: readonly TargetChoice[] = TARGETS,
): RuleContext {
  const subject = openSubject({
    inputs: sources,
    includeDirs: flags.includeDirs,
    commands: flags.commands,
    strict: true,
    host: { read },
    conventions,
    ownConventions: new Set(ownConventions),
    vocabularies: VOCABULARIES,
    configs,
    operations: OPERATIONS,
    targets,
    addressing: () => 'absolute',
  });
  return subject.context;
}

/** Everything the rules say, at their own levels and without a baseline. @param rules those that are asked; all when left out */
export function lintContext(
  context: RuleContext,
  suppressions: readonly SuppressionEntry[] = [],
  rules?: readonly Rule[],
): LintResult {
  return judge([inspect({ context, diagnostics: [], configurations: 1, complete: true }, rules)], {
    ...context,
    config: DEFAULT_CONFIG,
    suppressions,
    baseline: new Map(),
    nameOf: (file: SourceText) => file.name,
  });
}
