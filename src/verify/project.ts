/** From the files of a call to what is compared: each source and its listings. */

import type { Plan, TargetChoice } from '../expand/plan.ts';
import type { Target } from '../expand/target.ts';
import { resourceName } from '../machine/resources.ts';
import type { PipelineOptions } from '../pipeline.ts';
import { createCache } from '../preprocess/cache.ts';
import type { PreprocessOptions } from '../preprocess/types.ts';
import { nativeMacros } from '../project/native.ts';
import { asGiven } from '../project/units.ts';
import { buildSeparately } from '../separate-builds.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { SourceText } from '../syntax/source.ts';
import type { Contract } from './contract.ts';
import { readListing, withTable, writtenListing } from './listings.ts';
import type { Source, Subject } from './subjects.ts';
import { sourceOf } from './subjects.ts';

export interface VerifiedFile {
  readonly file: SourceText;
  /** Null: the file has no site, and its listings are the file. */
  readonly source: Source | null;
  readonly subjects: readonly Subject[];
  /** One for each target of the call, in their order. */
  readonly plans: readonly Plan[];
}

/** Builds the listings of a call and reads them again. */
export function openForVerification(
  options: PipelineOptions,
  contractOf: (target: Target) => Contract | null,
  pathTo: (file: SourceText) => string,
): { files: readonly VerifiedFile[]; diagnostics: readonly Diagnostic[] } {
  const built = buildSeparately(options, (build) => build);
  const diagnostics = [...built.diagnostics, ...built.builds.flatMap((each) => each.built.errors)];
  const { includeDirs, quoteDirs, commands, strict, host, operations } = options;
  const preprocessing: PreprocessOptions = {
    includeDirs,
    quoteDirs,
    commands,
    strict,
    host,
    macros: nativeMacros(operations),
    cache: createCache(options.inputs),
  };
  const files = built.builds.map((each): VerifiedFile => {
    const unit = each.built.rewritten.project.units.find(
      ({ source, configuration }) => source === each.file && configuration === asGiven,
    );
    if (unit === undefined) return { file: each.file, source: null, subjects: [], plans: [] };
    const subjects = options.targets.flatMap((choice): Subject[] => {
      const states = statesOf(choice);
      const { listing, diagnostics: linking } = writtenListing(each, choice, pathTo);
      const plan = each.built.plans.find((one) => one.choice === choice)!;
      const { programs, diagnostics: reading } = readListing(
        withTable(listing, plan),
        preprocessing,
        states.map(({ patchedFor }) => patchedFor),
      );
      diagnostics.push(...linking, ...reading.filter(({ severity }) => severity === 'error'));
      const scratch = new Set(plan.planned.flatMap(({ expansion }) => expansion.clobbers.map(resourceName)));
      return states.map(({ label, target }, at) => ({
        label,
        program: programs[at]!,
        contract: contractOf(target),
        scratch,
        table: plan.slots?.size ?? 0,
      }));
    });
    return { file: each.file, source: sourceOf(unit.analysis, options.conventions), subjects, plans: each.built.plans };
  });
  return { files, diagnostics };
}

/** A listing as it runs somewhere. */
interface ListingState {
  readonly label: string;
  /** Whose machine it runs on. */
  readonly target: Target;
  /** Null: as it was assembled. */
  readonly patchedFor: string | null;
}

/** A joint listing runs as it is, and patched for each of its other targets. */
function statesOf({ label, target, joined = [] }: TargetChoice): readonly ListingState[] {
  const others = joined.filter((each) => each !== target);
  return [
    { label, target, patchedFor: null },
    ...others.map((each) => ({ label: `${label} patched for ${each.name}`, target: each, patchedFor: each.name })),
  ];
}
