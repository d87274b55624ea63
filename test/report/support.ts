/** Reports over real files, as the command makes them. */
import { splitCommandLine } from '../../src/cli/arguments.ts';
import { pipelineOptions } from '../../src/cli/settings.ts';
import { buildMerged, type MergedBuilt } from '../../src/merged-builds.ts';
import type { PipelineOptions } from '../../src/pipeline.ts';
import { auditModel } from '../../src/report/audit.ts';
import { reportModel } from '../../src/report/report.ts';

/** Everything that the thread of 2008 compares. */
export const alternatives = ['native', 'xen:a', 'xen:b', 'xen'] as const;

export interface Made {
  readonly built: MergedBuilt;
  readonly options: PipelineOptions;
}

export function make(
  files: readonly string[],
  flags: readonly string[] = [],
  targets: readonly string[] = alternatives,
): Made {
  const { rest: _, unknown: __, ...compilerFlags } = splitCommandLine(flags, () => '');
  const options = pipelineOptions({
    files,
    targets,
    ...compilerFlags,
    strict: false,
    defaultTargets: [],
    config: false,
    configs: [],
    conventions: [],
  });
  return { built: buildMerged(options), options };
}

export function reportOf({ built, options }: Made) {
  return reportModel(built, options);
}

export function auditOf({ built, options }: Made) {
  return auditModel(built, options.operations);
}
