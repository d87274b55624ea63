/**
 * A baseline lets a project with old findings gate new ones: it holds how many findings of a rule a file may have.
 * Counts, not lines: moving code about, or another commit's line numbers, never breaks it.
 */
import type { Diagnostic } from '../../syntax/diagnostic.ts';
import type { SourceText } from '../../syntax/source.ts';
import { compareText, type Finding } from '../finding.ts';
import { asciiJson, plural } from '../formats/format.ts';

const VERSION = 1;

/** Findings allowed, by file name (relative to the project) and rule. */
export type Baseline = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** An entry that allows more than was found: it should be lowered, so that the gain is kept. */
export interface SlackEntry {
  readonly file: string;
  readonly rule: string;
  readonly allowed: number;
  readonly found: number;
}

export function countFindings(findings: readonly Finding[], nameOf: (file: SourceText) => string): Baseline {
  const counts = new Map<string, Map<string, number>>();
  for (const finding of findings) {
    const name = nameOf(finding.file);
    const rules = counts.get(name) ?? new Map<string, number>();
    rules.set(finding.rule, (rules.get(finding.rule) ?? 0) + 1);
    counts.set(name, rules);
  }
  return counts;
}

/** The baseline file: JSON, sorted, one line a count, so that its changes read well in review. */
export function formatBaseline(baseline: Baseline): string {
  const files = sorted(baseline).map(([file, rules]) => [file, Object.fromEntries(sorted(rules))] as const);
  return asciiJson({ version: VERSION, findings: Object.fromEntries(files) });
}

/** Reads a baseline file. What does not belong there is an error at the file's start; never throws. */
export function parseBaseline(file: SourceText): {
  readonly baseline: Baseline;
  readonly diagnostics: readonly Diagnostic[];
} {
  const fail = (message: string): { baseline: Baseline; diagnostics: readonly Diagnostic[] } => ({
    baseline: new Map(),
    diagnostics: [{ severity: 'error', message, file, start: 0, end: 0 }],
  });
  let value: unknown;
  try {
    value = JSON.parse(file.text);
  } catch (error) {
    return fail(`the baseline is not JSON: ${(error as Error).message}`);
  }
  if (!isRecord(value) || !isRecord(value.findings)) return fail("the baseline has no 'findings'");
  if (value.version !== VERSION) return fail(`the baseline's version is ${String(value.version)}, not ${VERSION}`);
  const baseline = new Map<string, Map<string, number>>();
  for (const [name, rules] of Object.entries(value.findings)) {
    if (!isRecord(rules)) return fail(`the baseline's entry for '${name}' is not a table of rules`);
    const counts = new Map<string, number>();
    for (const [rule, count] of Object.entries(rules)) {
      if (typeof count !== 'number' || !Number.isInteger(count) || count < 0)
        return fail(`the baseline's count for ${rule} in '${name}' is not a whole number`);
      counts.set(rule, count);
    }
    baseline.set(name, counts);
  }
  return { baseline, diagnostics: [] };
}

/**
 * Takes away the findings that the baseline allows. Where a file has more of a rule than allowed, all of them are
 * shown, since a count cannot tell which are new, and the first says so.
 */
export function applyBaseline(
  findings: readonly Finding[],
  baseline: Baseline,
  nameOf: (file: SourceText) => string,
): { readonly standing: readonly Finding[]; readonly absorbed: number; readonly slack: readonly SlackEntry[] } {
  const counts = countFindings(findings, nameOf);
  const told = new Set<string>();
  const standing: Finding[] = [];
  for (const finding of findings) {
    const name = nameOf(finding.file);
    const allowed = baseline.get(name)?.get(finding.rule) ?? 0;
    const found = counts.get(name)!.get(finding.rule)!;
    if (found <= allowed) continue;
    const key = `${finding.rule} ${name}`;
    if (allowed === 0 || told.has(key)) standing.push(finding);
    else standing.push({ ...finding, message: `${finding.message}; ${plural(found, 'finding')}, baseline ${allowed}` });
    told.add(key);
  }
  const slack = sorted(baseline).flatMap(([file, rules]) =>
    sorted(rules)
      .map(([rule, allowed]) => ({ file, rule, allowed, found: counts.get(file)?.get(rule) ?? 0 }))
      .filter(({ allowed, found }) => found < allowed),
  );
  return { standing, absorbed: findings.length - standing.length, slack };
}

function sorted<Value>(map: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...map].sort(([a], [b]) => compareText(a, b));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
