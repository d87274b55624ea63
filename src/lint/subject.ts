/** Files of a check with everything that the rules look at. */
import type { Addressing } from '../expand/branching.ts';
import type { TargetChoice } from '../expand/plan.ts';
import type { Operation, Operations } from '../project/operations.ts';
import { collectSites, type Wishes } from '../rewrite/sites.ts';
import type { SourceText } from '../syntax/source.ts';
import { isWanted, makeContext } from './context.ts';
import type { CheckSubject } from './inspection.ts';
import { type CheckOptions, type OpenedCheck, openCheck } from './open.ts';

/** What a check is about: sources, configurations, conventions, vocabularies, targets. */
export interface SubjectOptions extends CheckOptions {
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
  return subjectOf(openCheck(options), options);
}

/** A project as the rules look at it. */
export function subjectOf(opened: OpenedCheck, options: SubjectOptions): CheckSubject {
  const { project, settings, diagnostics, complete } = opened;
  const wishes = {
    wants: (operation: Operation) => isWanted(operation, options.targets),
    fuses: () => true,
    staysNative: options.staysNative ?? (() => false),
  };
  const { sites, refusals } = collectSites(project, options.operations, wishes); // what a hypervisor must see
  const configurations = [...settings.values()].reduce((sum, alike) => sum + alike.length, 0);
  const context = makeContext({ ...options, project, sites, refusals, settings });
  return { context, diagnostics, configurations, complete };
}
