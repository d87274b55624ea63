/**
 * Findings that a person has looked at and accepted, always with a reason:
 *
 *     ld8 r2=[r3]     // pvasm: ignore PV015 -- the page is pinned
 *     // pvasm: ignore PV003, PV015 -- on a line of its own: for the next line of code
 *     /* pvasm: ignore-file PV001 -- firmware calls this, no hypervisor is there yet *\/
 *
 * and, for code that cannot be touched, `[[suppress]]` entries in pvasm.toml and convention files.
 */
import type { SuppressionEntry } from '../../config/accepted.ts';
import { lineHolds, nameMatcher } from '../../config/patterns.ts';
import { suggestion } from '../../config/suggestion.ts';
import { fileKey } from '../../project/files.ts';
import type { SourceText } from '../../syntax/source.ts';
import { type Token, TokenKind } from '../../syntax/token.ts';
import type { DraftFinding, Finding, SourceRange } from '../finding.ts';

export interface Suppression {
  readonly rule: string;
  readonly reason: string;
  /** The comment, or the entry in a configuration file: where an unused suppression is reported. */
  readonly place: SourceRange;
  /** Whether it was made for this finding's place; the rule has been compared already. */
  readonly covers: (finding: SourceRange) => boolean;
  /** Whether the files just checked could show it to be unused: a shipped entry for another file cannot be. */
  readonly inScope: boolean;
  /** The configuration entry that it is one rule of; null for a comment. An entry is in use when one of its rules is. */
  readonly entry: SuppressionEntry | null;
}

const MARK = 'pvasm:';
const DIRECTIVE = /^(ignore|ignore-file)\s+([A-Za-z0-9,\s]*?)\s*(?:--\s*(.*))?$/s;

/** Whether a file's text may hold a suppression: most do not, and need not be parsed to know. */
export function maySuppress({ text }: SourceText): boolean {
  return text.includes(MARK);
}

/**
 * The suppressions in the comments of a file's tokens, and a report for every one that is malformed or gives no reason (those
 * suppress nothing).
 *
 * @param rules the IDs of the rules that can be suppressed
 */
export function inlineSuppressions(
  tokens: readonly Token[],
  rules: readonly string[],
): { readonly suppressions: readonly Suppression[]; readonly reports: readonly DraftFinding[] } {
  const suppressions: Suppression[] = [];
  const reports: DraftFinding[] = [];
  tokens.forEach((token, index) => {
    if (token.kind !== TokenKind.Comment) return;
    const text = commentText(token.text);
    if (!text.startsWith(MARK)) return;
    const place: SourceRange = { file: token.file, start: token.start, end: token.end };
    const parsed = parseDirective(text.slice(MARK.length).trim(), rules);
    if (typeof parsed === 'string') {
      reports.push({ ...place, message: parsed });
      return;
    }
    const covers = parsed.wholeFile ? inFile(place) : onLine(place, coveredLine(tokens, index));
    for (const rule of parsed.rules)
      suppressions.push({ rule, reason: parsed.reason, place, covers, inScope: true, entry: null });
  });
  return { suppressions, reports };
}

/**
 * The suppressions of configuration entries. `checked` are the names of the files under check, relative, and `converted` those
 * of the files that call a vocabulary's macro.
 */
export function configuredSuppressions(
  entries: readonly SuppressionEntry[],
  checked: readonly string[],
  nameOf: (file: SourceRange['file']) => string,
  converted: ReadonlySet<string> = new Set(),
): readonly Suppression[] {
  return entries.flatMap((entry) => {
    const { file, line, reason, place } = entry;
    const isMeant = file === null ? () => true : nameMatcher(file);
    const covers = (finding: SourceRange): boolean =>
      isMeant(nameOf(finding.file)) &&
      (!entry.converted || converted.has(nameOf(finding.file))) &&
      (line === null || lineHolds(lineOf(finding), line));
    // Of an entry for many files a call may see those that do not need it.
    const inScope = !entry.shipped && file !== null && !file.includes('*') && checked.some(isMeant);
    return entry.rules.map((rule) => ({ rule, reason, place, covers, inScope, entry }));
  });
}

export interface Suppressed {
  readonly finding: Finding;
  readonly suppression: Suppression;
}

/** Splits findings into those that stand and those accepted; tells which suppressions accepted nothing. */
export function applySuppressions(
  findings: readonly Finding[],
  suppressions: readonly Suppression[],
): {
  readonly standing: readonly Finding[];
  readonly suppressed: readonly Suppressed[];
  readonly unused: readonly Suppression[];
} {
  const byRule = new Map<string, Suppression[]>();
  for (const suppression of suppressions) {
    const same = byRule.get(suppression.rule);
    if (same === undefined) byRule.set(suppression.rule, [suppression]);
    else same.push(suppression);
  }
  const used = new Set<Suppression>();
  const standing: Finding[] = [];
  const suppressed: Suppressed[] = [];
  for (const finding of findings) {
    const covering = (byRule.get(finding.rule) ?? []).filter((suppression) => suppression.covers(finding));
    for (const suppression of covering) used.add(suppression);
    if (covering[0] === undefined) standing.push(finding);
    else suppressed.push({ finding, suppression: covering[0] });
  }
  const usedEntries = new Set([...used].map((each) => each.entry));
  const isUnused = (each: Suppression): boolean =>
    each.inScope && (each.entry === null ? !used.has(each) : !usedEntries.has(each.entry));
  return { standing, suppressed, unused: suppressions.filter(isUnused) };
}

interface Directive {
  readonly wholeFile: boolean;
  readonly rules: readonly string[];
  readonly reason: string;
}

/** The directive, or what is wrong with it. */
function parseDirective(text: string, known: readonly string[]): Directive | string {
  const match = DIRECTIVE.exec(text);
  if (match === null) return `expected 'pvasm: ignore RULE -- reason' or 'pvasm: ignore-file RULE -- reason'`;
  const rules = match[2]!.split(/[\s,]+/).filter((id) => id !== '');
  if (rules.length === 0) return 'the suppression names no rule';
  const unknown = rules.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    // Any two IDs are near each other: only what is no ID was misspelt.
    const meant = /^PV\d{3}$/.test(unknown) ? '' : suggestion(unknown, known);
    return `'${unknown}' is not a rule that can be suppressed${meant}`;
  }
  const reason = (match[3] ?? '').trim();
  if (reason === '') return `the suppression of ${rules.join(', ')} gives no reason: add '-- why this is right'`;
  return { wholeFile: match[1] === 'ignore-file', rules, reason };
}

function commentText(comment: string): string {
  const inner = comment.startsWith('/*') ? comment.slice(2).replace(/\*\/$/, '') : comment.replace(/^(\/\/|#+|!)/, '');
  return inner.replace(/^[\s*]+/, '').trimEnd();
}

/** The line a comment speaks for: its own when code stands on it, else that of the next code. */
function coveredLine(tokens: readonly Token[], comment: number): number {
  const own = tokens[comment]!;
  const { file } = own;
  const ownLines = [file.position(own.start).line, file.position(own.end).line] as const;
  const before = nextCode(tokens, comment, -1);
  if (before !== null && file.position(Math.max(before.end - 1, before.start)).line === ownLines[0]) return ownLines[0];
  const after = nextCode(tokens, comment, 1);
  return after === null ? ownLines[1] : file.position(after.start).line;
}

function nextCode(tokens: readonly Token[], from: number, step: 1 | -1): SourceRange | null {
  for (let index = from + step; index >= 0 && index < tokens.length; index += step) {
    const token = tokens[index]!;
    const { kind } = token;
    if (kind !== TokenKind.Space && kind !== TokenKind.Newline && kind !== TokenKind.Comment) return token;
    // Backwards only the comment's own line matters.
    if (step === -1 && token.text.includes('\n')) return null;
  }
  return null;
}

function inFile(place: SourceRange): (finding: SourceRange) => boolean {
  return (finding) => fileKey(finding.file) === fileKey(place.file);
}

function onLine(place: SourceRange, line: number): (finding: SourceRange) => boolean {
  return (finding) => inFile(place)(finding) && finding.file.position(finding.start).line === line;
}

function lineOf(finding: SourceRange): string {
  return finding.file.line(finding.file.position(finding.start).line);
}
