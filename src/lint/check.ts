/** The lint, from the rules' reports to the findings a user sees. */

import type { NativeEntry, SuppressionEntry } from '../config/accepted.ts';
import { type Config, levelOf } from '../config/config.ts';
import type { SourceText } from '../syntax/source.ts';
import { tokenize } from '../syntax/tokenize.ts';
import { applyBaseline, type Baseline, type SlackEntry } from './accept/baseline.ts';
import {
  applySuppressions,
  configuredSuppressions,
  inlineSuppressions,
  maySuppress,
  type Suppressed,
  type Suppression,
} from './accept/suppressions.ts';
import { OR, shortCondition } from './configurations.ts';
import { compareFindings, type DraftFinding, type Finding, fingerprinter } from './finding.ts';
import type { Inspection } from './inspection.ts';
import { ruleById, SUPPRESSIBLE } from './registry.ts';
import type { Rule } from './rule.ts';
import { PV020 } from './rules/malformed-suppression.PV020.ts';
import { type OwnConventions, PV017, unusedConventions } from './rules/unused-convention.PV017.ts';
import { PV021, unusedNatives, unusedSuppressions } from './rules/unused-suppression.PV021.ts';

/** What the findings of a check depend on besides its files. */
export interface JudgementOptions extends OwnConventions {
  readonly config: Config;
  /** `[[suppress]]` entries of the convention files; those of pvasm.toml are in `config`. */
  readonly suppressions: readonly SuppressionEntry[];
  readonly baseline: Baseline;
  /** `[[native]]` entries that no site of the inspected sources needed. */
  readonly unmetNatives?: readonly NativeEntry[];
  /** A file's name as findings show it; see `names.ts`. */
  readonly nameOf: (file: SourceText) => string;
}

export interface LintResult {
  /** In the order of `compareFindings`. */
  readonly findings: readonly Finding[];
  readonly suppressed: readonly Suppressed[];
  /** How many findings the baseline took away, and where it allows more than there are, of what was looked at. */
  readonly absorbed: number;
  readonly slack: readonly SlackEntry[];
}

/** The findings of a check: the rules' reports after levels, suppressions and baseline. */
export function judge(inspections: readonly Inspection[], options: JudgementOptions): LintResult {
  const findings = makeFindings(allReports(inspections, options), options);
  const { standing, suppressed } = suppress(findings, inspections, options);
  const { standing: shown, absorbed, slack } = applyBaseline(standing, options.baseline, options.nameOf);
  // A call for some files of a tree says nothing of the others.
  const looked = new Set(inspections.flatMap(({ files }) => files.map(options.nameOf)));
  const known = slack.filter(({ file, found }) => found > 0 || looked.has(file));
  return { findings: shown, suppressed, absorbed, slack: known };
}

/** Whether the findings fail the check: an error does, and more warnings than allowed. Notes never do. */
export function fails(findings: readonly Finding[], maxWarnings: number | null): boolean {
  const warnings = findings.filter((finding) => finding.severity === 'warning').length;
  return findings.some((finding) => finding.severity === 'error') || warnings > (maxWarnings ?? 0);
}

type RuleReport = readonly [rule: Rule, report: DraftFinding];

function allReports(inspections: readonly Inspection[], options: JudgementOptions): readonly RuleReport[] {
  const mentioned = new Set(inspections.flatMap((each) => each.mentioned));
  return [
    ...inspections.flatMap(({ reports }) => reports.map(([id, report]) => [ruleById(id)!, report] as const)),
    ...attach(PV017, unusedConventions(options, mentioned)),
  ];
}

function attach(rule: Rule, reports: readonly DraftFinding[]): readonly RuleReport[] {
  return reports.map((report) => [rule, report] as const);
}

type Unprinted = Omit<Finding, 'fingerprint'>;

/** Levels, order, fingerprints. A header's finding, met from several sources, is one finding. */
function makeFindings(reports: readonly RuleReport[], { config, nameOf }: JudgementOptions): readonly Finding[] {
  const findings: Unprinted[] = [];
  for (const [rule, report] of reports) {
    const { level } = levelOf(config, rule, nameOf(report.file));
    if (level === 'off') continue;
    const { file, start, end, message, related = [], condition = null, fix = null } = report;
    findings.push({ rule: rule.id, severity: level, message, file, start, end, related, condition, fix });
  }
  const merged = merge(findings.sort(compareFindings)).map(
    (finding): Unprinted =>
      finding.condition === null ? finding : { ...finding, condition: shortCondition(finding.condition) },
  );
  return withFingerprints(merged, nameOf);
}

/** Those that differ in nothing but their conditions are one: what holds always comes first, and needs no condition. */
function merge(sorted: readonly Unprinted[]): readonly Unprinted[] {
  const merged: Unprinted[] = [];
  for (const finding of sorted) {
    const { condition } = finding;
    const before = merged.at(-1);
    if (before === undefined || compareFindings({ ...before, condition }, finding) !== 0) merged.push(finding);
    else if (before.condition !== null && !before.condition.split(OR).includes(condition!))
      merged[merged.length - 1] = { ...before, condition: before.condition + OR + condition };
  }
  return merged;
}

/** Few formats show fingerprints, and all are made when one is asked for: each depends on those before it. */
function withFingerprints(findings: readonly Unprinted[], nameOf: JudgementOptions['nameOf']): readonly Finding[] {
  let prints: readonly string[] | undefined;
  const printAll = (): readonly string[] => {
    const print = fingerprinter(nameOf);
    return findings.map((finding) => print(finding.rule, finding));
  };
  return findings.map((finding, index) => ({
    ...finding,
    get fingerprint() {
      prints ??= printAll();
      return prints[index]!;
    },
  }));
}

function suppress(
  findings: readonly Finding[],
  inspections: readonly Inspection[],
  options: JudgementOptions,
): ReturnType<typeof applySuppressions> {
  const { config, nameOf } = options;
  const files = [...new Set(inspections.flatMap((each) => each.files))];
  const malformed: RuleReport[] = [];
  const suppressions: Suppression[] = [];
  for (const file of files) {
    if (!maySuppress(file)) continue;
    const inline = inlineSuppressions(tokenize(file, { dialect: file.dialect }), SUPPRESSIBLE);
    suppressions.push(...inline.suppressions);
    malformed.push(...attach(PV020, inline.reports));
  }
  const converted = new Set(inspections.flatMap((each) => each.converted.map(nameOf)));
  const entries = [...config.suppressions, ...options.suppressions];
  suppressions.push(...configuredSuppressions(entries, files.map(nameOf), nameOf, converted));
  const applied = applySuppressions(findings, suppressions);
  // A rule that is off finds nothing: that its suppressions are not used says nothing about them.
  const unused = applied.unused.filter(({ rule, place }) => {
    const of = ruleById(rule);
    return of !== undefined && levelOf(config, of, nameOf(place.file)).level !== 'off';
  });
  const about = [
    ...malformed,
    ...attach(PV021, unusedSuppressions(unused, suppressions)),
    ...attach(PV021, unusedNatives(options.unmetNatives ?? [], files.map(nameOf))),
  ];
  const standing = [...applied.standing, ...makeFindings(about, options)].sort(compareFindings);
  return { ...applied, standing };
}
