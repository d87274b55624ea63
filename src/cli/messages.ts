/** Messages about what was left as it is, on standard error. */
import type { PlanFailure } from '../expand/plan.ts';
import type { Refusal } from '../rewrite/site.ts';
import { formatDiagnostic } from '../syntax/diagnostic.ts';

export function printRefusals(refusals: readonly Refusal[]): void {
  for (const { file, start, end, operation, reason } of refusals)
    process.stderr.write(
      `${formatDiagnostic({ severity: 'warning', file, start, end, message: `${operation.name} is left native: ${reason}` })}\n`,
    );
}

/** A site that a target cannot do: told once, with all targets that cannot. */
export function printFailures(failures: readonly (PlanFailure & { readonly label: string })[]): void {
  const grouped = new Map<string, { failure: PlanFailure; labels: string[] }>();
  for (const failure of failures) {
    const { file, start } = failure.site;
    const key = `${file.name}:${start}:${failure.reason}`;
    const entry = grouped.get(key) ?? { failure, labels: [] };
    entry.labels.push(failure.label);
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
