/**
 * What a rule says about the code, and what the user is shown. A rule makes a `Report`; `check.ts` turns it into a
 * `Finding` by adding what no rule should have to know: the level the user wants, and the fingerprint.
 */
import { squeeze } from '../config/patterns.ts';
import { fileKey } from '../project/files.ts';
import type { Severity } from '../syntax/diagnostic.ts';
import type { SourceRange, SourceText } from '../syntax/source.ts';

export type { SourceRange };

/** Another place that explains a finding: who reads the register, where the slot ends. */
export interface RelatedPlace extends SourceRange {
  readonly message: string;
}

/** Replace the place by `text`. */
export interface TextEdit extends SourceRange {
  readonly text: string;
}

/** A repair that is certain: `check --fix` applies it without asking. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/** What a rule returns. */
export interface DraftFinding extends SourceRange {
  readonly message: string;
  readonly related?: readonly RelatedPlace[];
  /** The condition under which it holds, as words after "when": `CONFIG_SMP is not set`. Absent: always. */
  readonly condition?: string;
  readonly fix?: Fix;
}

export interface Finding extends SourceRange {
  /** `PV012`; never changes its meaning. */
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly related: readonly RelatedPlace[];
  readonly condition: string | null;
  readonly fix: Fix | null;
  /** The same for the same fault while other lines come and go; see `fingerprint`. */
  readonly fingerprint: string;
}

/** The message with its condition: the one sentence that every format shows. */
export function sentence(finding: Finding): string {
  return finding.condition === null ? finding.message : `${finding.message} (when ${finding.condition})`;
}

/**
 * Order of findings: by file name, place, rule, message. A total order over everything a user can see, so that the
 * output does not depend on the order in which rules ran.
 */
export function compareFindings(a: Omit<Finding, 'fingerprint'>, b: Omit<Finding, 'fingerprint'>): number {
  return (
    compareText(fileKey(a.file), fileKey(b.file)) ||
    a.start - b.start ||
    a.end - b.end ||
    compareText(a.rule, b.rule) ||
    compareText(a.message, b.message) ||
    compareText(a.condition ?? '', b.condition ?? '')
  );
}

/** Code-unit order: `localeCompare` differs between machines. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Makes stable fingerprints (32 hexadecimal digits) for the findings of one run, which must come in source order. A
 * fingerprint is over the rule, the file's name, the source line with its blanks squeezed, and how many findings of
 * that rule stood on an equal line before; not over line numbers, messages or configurations, which change when
 * unrelated lines do.
 *
 * @param nameOf the file's name as it is shown, relative to the project
 */
export function fingerprinter(nameOf: (file: SourceText) => string): (rule: string, place: SourceRange) => string {
  const seen = new Map<string, number>();
  return (rule, place) => {
    const { line } = place.file.position(place.start);
    const key = `${rule}\n${nameOf(place.file)}\n${squeeze(place.file.line(line))}`;
    const occurrence = seen.get(key) ?? 0;
    seen.set(key, occurrence + 1);
    // Not imported: to load it takes longer than many a check.
    const { createHash } = process.getBuiltinModule('node:crypto');
    return createHash('sha256').update(`${key}\n${occurrence}`, 'latin1').digest('hex').slice(0, 32);
  };
}
