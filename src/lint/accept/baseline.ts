/**
 * A baseline lets a project with old findings gate new ones: it holds the lines that a rule objects to in a file, as text.
 * No line numbers: moving code about never breaks it, and what is new can be told from what is old.
 */
import { squeeze } from '../../config/patterns.ts';
import type { Diagnostic } from '../../syntax/diagnostic.ts';
import type { SourceText } from '../../syntax/source.ts';
import { compareText, type Finding } from '../finding.ts';
import { asciiJson } from '../formats/format.ts';

const VERSION = 2;

/** In place of a line's text: at any line. So the first version of the file allowed findings. */
const ANY_LINE = '';

/** How many findings a rule may have, by the text of their lines with its blanks squeezed. */
export type AllowedLines = ReadonlyMap<string, number>;

/** Findings allowed, by file name (relative to the project) and rule. */
export type Baseline = ReadonlyMap<string, ReadonlyMap<string, AllowedLines>>;

/** An entry that allows more than was found: it should be lowered, so that the gain is kept. */
export interface SlackEntry {
  readonly file: string;
  readonly rule: string;
  readonly allowed: number;
  readonly found: number;
}

export function countFindings(findings: readonly Finding[], nameOf: (file: SourceText) => string): Baseline {
  const counts = new Map<string, Map<string, Map<string, number>>>();
  for (const finding of findings) {
    const rules = entry(counts, nameOf(finding.file), () => new Map<string, Map<string, number>>());
    const lines = entry(rules, finding.rule, () => new Map<string, number>());
    const line = lineOf(finding);
    lines.set(line, (lines.get(line) ?? 0) + 1);
  }
  return counts;
}

function entry<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}

function lineOf({ file, start }: Finding): string {
  return squeeze(file.line(file.position(start).line));
}

/** The baseline file: JSON, sorted, one line a count, so that its changes read well in review. */
export function formatBaseline(baseline: Baseline): string {
  const linesOf = (lines: AllowedLines) => Object.fromEntries(sorted(lines));
  const rulesOf = (rules: ReadonlyMap<string, AllowedLines>) =>
    Object.fromEntries(sorted(rules).map(([rule, lines]) => [rule, linesOf(lines)]));
  const files = sorted(baseline).map(([file, rules]) => [file, rulesOf(rules)] as const);
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
  if (value.version !== 1 && value.version !== VERSION)
    return fail(`the baseline's version is ${String(value.version)}, not ${VERSION}`);
  const baseline = new Map<string, ReadonlyMap<string, AllowedLines>>();
  for (const [name, rules] of Object.entries(value.findings)) {
    if (!isRecord(rules)) return fail(`the baseline's entry for '${name}' is not a table of rules`);
    const allowed = new Map<string, AllowedLines>();
    for (const [rule, given] of Object.entries(rules)) {
      const lines = typeof given === 'number' ? { [ANY_LINE]: given } : given;
      if (!isRecord(lines)) return fail(`the baseline's entry for ${rule} in '${name}' is not a table of lines`);
      const counts = Object.entries(lines);
      const wrong = counts.find(([, count]) => typeof count !== 'number' || !Number.isInteger(count) || count < 0);
      if (wrong !== undefined) return fail(`the baseline's count for ${rule} in '${name}' is not a whole number`);
      allowed.set(rule, new Map(counts as [string, number][]));
    }
    baseline.set(name, allowed);
  }
  return { baseline, diagnostics: [] };
}

/** Takes away the findings that the baseline allows: of each rule so many at lines of one text. */
export function applyBaseline(
  findings: readonly Finding[],
  baseline: Baseline,
  nameOf: (file: SourceText) => string,
): { readonly standing: readonly Finding[]; readonly absorbed: number; readonly slack: readonly SlackEntry[] } {
  const absorbed: Finding[] = [];
  const standing: Finding[] = [];
  const used = new Map<string, number>();
  for (const finding of findings) {
    const name = nameOf(finding.file);
    const allowed = baseline.get(name)?.get(finding.rule);
    const isOld = [lineOf(finding), ANY_LINE].some((line) => {
      const key = JSON.stringify([name, finding.rule, line]);
      const before = used.get(key) ?? 0;
      if (before >= (allowed?.get(line) ?? 0)) return false;
      used.set(key, before + 1);
      return true;
    });
    (isOld ? absorbed : standing).push(finding);
  }
  const found = countFindings(absorbed, nameOf);
  const slack = sorted(baseline).flatMap(([file, rules]) =>
    sorted(rules)
      .map(([rule, lines]) => ({ file, rule, allowed: total(lines), found: total(found.get(file)?.get(rule)) }))
      .filter((each) => each.found < each.allowed),
  );
  return { standing, absorbed: absorbed.length, slack };
}

function total(lines: AllowedLines | undefined): number {
  return [...(lines?.values() ?? [])].reduce((sum, count) => sum + count, 0);
}

function sorted<Value>(map: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...map].sort(([a], [b]) => compareText(a, b));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
