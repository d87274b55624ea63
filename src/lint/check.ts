/** The lint, from the rules' reports to the findings a user sees. */
import type { SourceText } from '../syntax/source.ts';
import type { Tree } from '../syntax/tree.ts';
import { applyBaseline, type Baseline, type SlackEntry } from './baseline.ts';
import { type Config, levelOf } from './config.ts';
import type { RuleContext } from './context.ts';
import { compareFindings, type Finding, fingerprinter, type Report } from './finding.ts';
import { isSuppressible, RULES, ruleById } from './registry.ts';
import type { Rule } from './rule.ts';
import { PV020 } from './rules/PV020.ts';
import { PV021, unusedSuppressions } from './rules/PV021.ts';
import {
  applySuppressions,
  configuredSuppressions,
  inlineSuppressions,
  maySuppress,
  type Suppressed,
  type Suppression,
  type SuppressionEntry,
} from './suppressions.ts';

export interface LintInput {
  /** One for each source file under check. */
  readonly contexts: readonly RuleContext[];
  /** The files in which findings can stand, sources and headers: their comments may hold suppressions. */
  readonly files: readonly SourceText[];
  readonly treeOf: (file: SourceText) => Tree;
  readonly config: Config;
  /** `[[suppress]]` entries of the convention files; those of pvasm.toml are in `config`. */
  readonly suppressions: readonly SuppressionEntry[];
  readonly baseline: Baseline;
  readonly nameOf: (file: SourceText) => string;
}

export interface LintResult {
  /** In the order of `compareFindings`. */
  readonly findings: readonly Finding[];
  readonly suppressed: readonly Suppressed[];
  /** How many findings the baseline took away, and where it allows more than there are. */
  readonly absorbed: number;
  readonly slack: readonly SlackEntry[];
}

/** Runs every rule and returns what stands after levels, suppressions and baseline. */
export function lint(input: LintInput): LintResult {
  const findings = runRules(input);
  const { standing, suppressed } = suppress(findings, input);
  const { standing: shown, absorbed, slack } = applyBaseline(standing, input.baseline, input.nameOf);
  return { findings: shown, suppressed, absorbed, slack };
}

/** Whether the findings fail the check: an error does, and more warnings than allowed. Notes never do. */
export function fails(findings: readonly Finding[], maxWarnings: number | null): boolean {
  const warnings = findings.filter((finding) => finding.severity === 'warning').length;
  return findings.some((finding) => finding.severity === 'error') || warnings > (maxWarnings ?? 0);
}

function runRules({ contexts, config, nameOf }: LintInput): readonly Finding[] {
  const reports = contexts.flatMap((context) =>
    RULES.flatMap((rule) => (rule.check === null ? [] : attach(rule, rule.check(context)))),
  );
  return makeFindings(reports, config, nameOf);
}

type RuleReport = readonly [rule: Rule, report: Report];

function attach(rule: Rule, reports: Iterable<Report>): readonly RuleReport[] {
  return Array.from(reports, (report) => [rule, report] as const);
}

type Unprinted = Omit<Finding, 'fingerprint'>;

/** Levels, order, fingerprints. A header's finding, met from several sources, is one finding. */
function makeFindings(reports: readonly RuleReport[], config: Config, nameOf: LintInput['nameOf']): readonly Finding[] {
  const findings: Unprinted[] = [];
  for (const [rule, report] of reports) {
    const { level } = levelOf(config, rule, nameOf(report.file));
    if (level === 'off') continue;
    const { file, start, end, message, related = [], condition = null, fix = null } = report;
    findings.push({ rule: rule.id, severity: level, message, file, start, end, related, condition, fix });
  }
  const distinct = findings.sort(compareFindings).filter((finding, index) => {
    const before = findings[index - 1];
    return before === undefined || compareFindings(before, finding) !== 0;
  });
  return withFingerprints(distinct, nameOf);
}

/** Few formats show fingerprints, and all are made when one is asked for: each depends on those before it. */
function withFingerprints(findings: readonly Unprinted[], nameOf: LintInput['nameOf']): readonly Finding[] {
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

function suppress(findings: readonly Finding[], input: LintInput): ReturnType<typeof applySuppressions> {
  const { config, files, nameOf, treeOf } = input;
  const malformed: RuleReport[] = [];
  const suppressions: Suppression[] = [];
  for (const file of files) {
    if (!maySuppress(file)) continue;
    const inline = inlineSuppressions(treeOf(file), isSuppressible);
    suppressions.push(...inline.suppressions);
    malformed.push(...attach(PV020, inline.reports));
  }
  const entries = [...config.suppressions, ...input.suppressions];
  suppressions.push(...configuredSuppressions(entries, files.map(nameOf), nameOf));
  const applied = applySuppressions(findings, suppressions);
  // Where a rule is off it finds nothing, and its suppressions wait for better times.
  const unused = applied.unused.filter(({ rule, place }) => {
    const of = ruleById(rule);
    return of !== undefined && levelOf(config, of, nameOf(place.file)).level !== 'off';
  });
  const about = [...malformed, ...attach(PV021, unusedSuppressions(unused, suppressions))];
  const standing = [...applied.standing, ...makeFindings(about, config, nameOf)].sort(compareFindings);
  return { ...applied, standing };
}
