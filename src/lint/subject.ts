/** Files of a check with everything that the rules look at. */
import type { Config } from '../config/config.ts';
import type { Conventions } from '../config/conventions.ts';
import type { Addressing } from '../expand/call-templates.ts';
import type { TargetChoice } from '../expand/plan.ts';
import { type Opened, openRead } from '../project/open.ts';
import type { Operation, Operations } from '../project/operations.ts';
import { type ReadSource, readInputs, type SourceOptions, sourceReader } from '../project/reading.ts';
import { listedRunsOf } from '../project/runs.ts';
import type { Unit } from '../project/units.ts';
import { collectSites, type Wishes } from '../rewrite/sites.ts';
import { SourceText } from '../syntax/source.ts';
import { type Setting, settingsOf } from './configurations.ts';
import { isWanted, makeContext } from './context.ts';
import { isForeign } from './foreign-definitions.ts';
import type { CheckSubject } from './inspection.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What a check is about: sources, configurations, conventions, vocabularies, targets. */
export interface SubjectOptions extends SourceOptions {
  readonly conventions: Conventions;
  readonly vocabularies: readonly Vocabulary[];
  readonly configs: Config['configs'];
  readonly operations: Operations;
  readonly targets: readonly TargetChoice[];
  readonly addressing: (file: SourceText) => Addressing;
  /** Whether a person has decided that an operation at a place is no site. */
  readonly staysNative?: Wishes['staysNative'];
  /** Those convention files that are the project's own. */
  readonly ownConventions: ReadonlySet<SourceText>;
}

/** Reads and analyses all inputs as one project, with everything that the rules look at. */
export function openSubject(options: SubjectOptions): CheckSubject {
  const sources = readInputs(options.inputs, subjectReader(options));
  return subjectOf(openRead(sources, options.inputs, options.conventions), options);
}

/** A way to preprocess the sources of a check one by one, with every vocabulary's macros. */
export function subjectReader(options: SubjectOptions): (source: SourceText) => ReadSource {
  const [first] = options.vocabularies;
  const defines = options.vocabularies.map((vocabulary) => vocabulary.defines.text).join('');
  // Tokens of pvasm's own macros are known by the name of the text that defines them.
  const macros = new SourceText(first?.defines.name ?? '<macros>', defines);
  return sourceReader({ ...options, keeps: isForeign(options.vocabularies) }, macros, listedRunsOf(options.configs));
}

/** A project as the rules look at it. */
export function subjectOf(opened: Opened, options: SubjectOptions): CheckSubject {
  const { project, diagnostics, complete } = opened;
  const settings = settingsByUnit(opened);
  const wishes = {
    wants: (operation: Operation) => isWanted(operation, options.targets),
    fuses: () => true,
    staysNative: options.staysNative ?? (() => false),
  };
  const { sites, refusals } = collectSites(project, options.operations, wishes); // what a hypervisor must see
  const configurations = [...settings.values()].reduce((sum, alike) => sum + alike.length, 0);
  const configurationsNamed = options.configs === 'all' || options.configs.size > 0;
  const context = makeContext({ ...options, project, sites, refusals, configurationsNamed, settings });
  return { context, diagnostics, configurations, complete };
}

/** What the configurations of each unit pin: a unit stands for all that give the same code. */
function settingsByUnit({ origins }: Opened): ReadonlyMap<Unit, readonly Setting[]> {
  const bySource = new Map<ReadSource, readonly Setting[]>();
  const settings = new Map<Unit, readonly Setting[]>();
  for (const [unit, { read, runs }] of origins) {
    const all = bySource.get(read) ?? settingsOf(read.runs);
    bySource.set(read, all);
    settings.set(
      unit,
      runs.map((run) => all[run]!),
    );
  }
  return settings;
}
