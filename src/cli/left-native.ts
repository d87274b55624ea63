/** Whether the listings of a build may be used: not where there are errors, or sites that would stay native. */
import type { Accepts } from '../lint/accept/accepted-sites.ts';
import { formatCount } from '../report/document.ts';
import type { FinishedFile, SeparateBuilds } from '../separate-builds.ts';
import { formatDiagnostic } from '../syntax/diagnostic.ts';
import { ExitCode, Failure } from './failure.ts';
import { failOnErrors, printFailures, printRefusals, uniqueDiagnostics } from './messages.ts';

/** How many sites stay native that nobody has accepted as such. */
export function sitesLeft(built: SeparateBuilds<FinishedFile>, accepts: Accepts): number {
  const { failures, refusals } = notAccepted(built, accepts);
  return failures.length + refusals.length;
}

function notAccepted({ builds }: SeparateBuilds<FinishedFile>, accepts: Accepts) {
  return {
    failures: builds.flatMap((each) => each.failures).filter(({ site, fatal }) => fatal || !accepts(site)),
    refusals: builds.flatMap((each) => each.refusals).filter((refusal) => !accepts(refusal)),
  };
}

/**
 * Tells what is wrong with a build, and what stays native. Throws a Failure for errors; else the exit code of a build that must
 * not be used, or null.
 *
 * @param accepts whether a person has accepted that the site at a place stays native
 * @param remedy what makes the build usable all the same; null: it is
 * @param consequence what did not happen then
 */
export function failOnLeftNative(
  built: SeparateBuilds<FinishedFile>,
  accepts: Accepts,
  remedy: string | null,
  consequence = 'nothing was written',
): ExitCode | null {
  failOnErrors(built.diagnostics, consequence);
  const { failures, refusals } = notAccepted(built, accepts);
  printFailures(failures);
  if (failures.some(({ fatal }) => fatal))
    throw new Failure(`a sensitive instruction would be left as it is; ${consequence}`);
  const errors = uniqueDiagnostics(built.builds.flatMap((each) => each.errors));
  if (errors.length > 0) {
    for (const error of errors) process.stderr.write(`${formatDiagnostic(error)}\n`);
    process.stderr.write(`pvasm: ${consequence}\n`);
    return ExitCode.findings;
  }
  printRefusals(refusals);
  const left = failures.length + refusals.length;
  if (left === 0 || remedy === null) return null;
  // make would take such a listing for a good one.
  process.stderr.write(`pvasm: ${formatCount(left, 'site')} would stay native; ${consequence} (${remedy})\n`);
  return ExitCode.findings;
}
