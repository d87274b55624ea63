/** `pvasm check` from its inputs to its findings, but for files and the terminal. */
import type { Addressing } from '../expand/branching.ts';
import type { TargetChoice } from '../expand/plan.ts';
import type { Operation, Operations } from '../rewrite/operations.ts';
import type { Project } from '../rewrite/project.ts';
import { collectSites } from '../rewrite/sites.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { SourceText } from '../syntax/source.ts';
import type { Tree } from '../syntax/tree.ts';
import type { Baseline } from './baseline.ts';
import { type LintResult, lint } from './check.ts';
import type { Config } from './config.ts';
import { isWanted, makeContext, type RuleContext } from './context.ts';
import { type CheckOptions, openCheck } from './open.ts';
import { maySuppress, type SuppressionEntry } from './suppressions.ts';

/** What a check is about: sources, configurations, conventions, vocabularies, targets. */
export interface SubjectOptions extends CheckOptions {
  readonly operations: Operations;
  readonly targets: readonly TargetChoice[];
  readonly addressing: (file: SourceText) => Addressing;
  /** Those convention files that are the project's own. */
  readonly ownConventions: ReadonlySet<SourceText>;
}

/** How its findings are judged. */
export interface JudgementOptions {
  readonly config: Config;
  /** `[[suppress]]` entries of the convention files; those of pvasm.toml are in `config`. */
  readonly suppressions: readonly SuppressionEntry[];
  readonly baseline: Baseline;
  /** A file's name as findings show it; see `names.ts`. */
  readonly nameOf: (file: SourceText) => string;
}

export interface CheckSubject {
  readonly context: RuleContext;
  /** What preprocessor, assembler macros and parser had to say. */
  readonly diagnostics: readonly Diagnostic[];
  /** How many configurations of how many sources were looked at, summed up. */
  readonly configurations: number;
  /** False when a source has more configurations than were tried. */
  readonly complete: boolean;
}

/** Reads and analyses everything that the rules look at. */
export function openSubject(options: SubjectOptions): CheckSubject {
  const { project, settings, diagnostics, complete } = openCheck(options); // preprocessed and analysed, per configuration
  const wishes = { wants: (operation: Operation) => isWanted(operation, options.targets), fuses: () => true };
  const { sites, refusals } = collectSites(project, options.operations, wishes); // what a hypervisor must see
  const configurations = [...settings.values()].reduce((sum, alike) => sum + alike.length, 0);
  const context = makeContext({ ...options, project, sites, refusals, settings });
  return { context, diagnostics, configurations, complete };
}

/** Runs the rules and judges what they say. */
export function judge({ context }: Pick<CheckSubject, 'context'>, options: JudgementOptions): LintResult {
  const { project } = context;
  const treeOf = (file: SourceText): Tree => project.tree(file).tree;
  return lint({ ...options, contexts: [context], files: judgedFiles(project), treeOf });
}

/** The files of the call, and the headers whose comments speak to this tool. */
function judgedFiles(project: Project): readonly SourceText[] {
  const entered = new Set(project.units.flatMap(({ preprocessed }) => preprocessed.files));
  const speaking = [...entered].filter(maySuppress).map((file) => project.tree(file).tree.file);
  return [...new Set([...project.editable(), ...speaking])];
}
