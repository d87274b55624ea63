/** Whether the listings of a build may be used: not where there are errors, or sites that would stay native. */
import { formatCount } from '../report/document.ts';
import type { FinishedFile, SeparateBuilds } from '../separate-builds.ts';
import { formatDiagnostic } from '../syntax/diagnostic.ts';
import { ExitCode, Failure } from './failure.ts';
import { failOnErrors, printFailures, printRefusals, uniqueDiagnostics } from './messages.ts';

export function sitesLeft({ builds }: SeparateBuilds<FinishedFile>): number {
  return builds.reduce((sum, { failures, refusals }) => sum + failures.length + refusals.length, 0);
}

/**
 * Tells what is wrong with a build, and what stays native. Throws a Failure for errors; else the exit code of a build that must
 * not be used, or null.
 *
 * @param remedy what makes the build usable all the same; null: it is
 * @param consequence what did not happen then
 */
export function failOnLeftNative(
  built: SeparateBuilds<FinishedFile>,
  remedy: string | null,
  consequence = 'nothing was written',
): ExitCode | null {
  failOnErrors(built.diagnostics, consequence);
  const failures = built.builds.flatMap((each) => each.failures);
  printFailures(failures);
  if (failures.some(({ fatal }) => fatal))
    throw new Failure(`a sensitive instruction would be left as it is; ${consequence}`);
  const errors = uniqueDiagnostics(built.builds.flatMap((each) => each.errors));
  if (errors.length > 0) {
    for (const error of errors) process.stderr.write(`${formatDiagnostic(error)}\n`);
    process.stderr.write(`pvasm: ${consequence}\n`);
    return ExitCode.findings;
  }
  printRefusals(built.builds.flatMap((each) => each.refusals));
  const left = sitesLeft(built);
  if (left === 0 || remedy === null) return null;
  // make would take such a listing for a good one.
  process.stderr.write(`pvasm: ${formatCount(left, 'site')} would stay native; ${consequence} (${remedy})\n`);
  return ExitCode.findings;
}
