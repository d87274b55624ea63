/** Messages about what was left as it is, on standard error. */
import type { Refusal } from '../rewrite/site.ts';
import type { SiteFailure } from '../separate-builds.ts';
import { type Diagnostic, formatDiagnostic } from '../syntax/diagnostic.ts';
import { Failure } from './failure.ts';

export function printRefusals(refusals: readonly Refusal[]): void {
  const warnings = refusals.map(
    ({ file, start, end, operation, reason }): Diagnostic => ({
      severity: 'warning',
      ...{ file, start, end },
      message: `${operation.name} is left native: ${reason}`,
    }),
  );
  for (const warning of uniqueDiagnostics(warnings)) process.stderr.write(`${formatDiagnostic(warning)}\n`);
}

/** Diagnostics without repetitions: those of a header come with every source and every target. */
export function uniqueDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Map(diagnostics.map((each) => [`${each.file.name}:${each.start}:${each.message}`, each]));
  return [...seen.values()];
}

/** A site that a target cannot do: told once, with all targets that cannot. */
export function printFailures(failures: readonly SiteFailure[]): void {
  const grouped = new Map<string, { failure: SiteFailure; labels: string[] }>();
  for (const failure of failures) {
    const { file, start } = failure.site;
    const key = `${file.name}:${start}:${failure.reason}`;
    const entry = grouped.get(key) ?? { failure, labels: [] };
    if (!entry.labels.includes(failure.label)) entry.labels.push(failure.label);
    grouped.set(key, entry);
  }
  for (const { failure, labels } of grouped.values()) {
    const { file, start, end, operation } = failure.site;
    const severity = failure.fatal ? 'error' : 'warning';
    process.stderr.write(
      `${formatDiagnostic({ severity, file, start, end, message: `${labels.join(', ')}: ${operation.name}: ${failure.reason}` })}\n`,
    );
  }
}

/** Prints every message to standard error; an error among them ends the command, which says what it did not do. */
export function failOnErrors(diagnostics: readonly Diagnostic[], consequence = 'nothing was written'): void {
  for (const diagnostic of diagnostics) process.stderr.write(`${formatDiagnostic(diagnostic)}\n`);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new Failure(`${errors.length} ${errors.length === 1 ? 'error' : 'errors'}; ${consequence}`, errors);
}
