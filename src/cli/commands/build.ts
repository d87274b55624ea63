/** `pvasm build`: source to one listing for each file and target. */
import { join } from 'node:path';
import { build, type Listing } from '../../pipeline.ts';
import { ExitCode, Failure } from '../failure.ts';
import { type OutputFile, writeFiles } from '../files.ts';
import { printFailures, printRefusals } from '../messages.ts';
import { failOnErrors, pipelineOptions } from '../options.ts';
import { writeOut } from '../output.ts';
import { outputPlaces } from '../places.ts';
import type { CommandArguments } from './command.ts';

export interface BuildArguments extends CommandArguments {
  readonly output: string | null;
}

export function buildCommand(given: BuildArguments): ExitCode {
  const { rewritten, plans, listings } = build(pipelineOptions(given));
  failOnErrors(rewritten.diagnostics);
  const failures = plans.flatMap((plan) => plan.failures.map((failure) => ({ ...failure, label: plan.choice.label })));
  printFailures(failures);
  if (failures.some(({ fatal }) => fatal))
    throw new Failure('a sensitive instruction would be left as it is; nothing was written');
  if (given.output === null) printOnly(listings.filter(({ file }) => rewritten.project.isInput(file)));
  else
    writeFiles(
      outputs(listings, outputPlaces(rewritten.project, [...new Set(listings.map(({ file }) => file))]), given.output),
    );
  printRefusals(rewritten.refusals);
  return failures.length + rewritten.refusals.length > 0 ? ExitCode.findings : ExitCode.clean;
}

/** DIR/<target>/<name>, with `xen:a` as `xen-a`. */
function outputs(
  listings: readonly Listing[],
  places: ReadonlyMap<Listing['file'], string>,
  directory: string,
): OutputFile[] {
  return listings.map(({ choice, file, text }) => ({
    path: join(directory, choice.label.replace(':', '-'), places.get(file)!),
    text,
  }));
}

function printOnly(listings: readonly Listing[]): void {
  if (listings.length > 1) throw new Failure('several listings need -o DIR');
  for (const { text } of listings) writeOut(text);
}
