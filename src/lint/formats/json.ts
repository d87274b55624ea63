import type { Finding, SourceRange } from '../finding.ts';
import { asciiJson, asUnicode, type Format, type FormatContext } from './format.ts';

/** The format's number: it grows when a field changes its meaning or goes away, not when one is added. */
const VERSION = 1;

/** For programs: every field of every finding; lines and columns count from 1, columns count bytes, ends are exclusive. */
export const json: Format = (findings, context) =>
  asciiJson({
    version: VERSION,
    tool: { name: context.tool.name, version: context.tool.version },
    summary: {
      errors: count(findings, 'error'),
      warnings: count(findings, 'warning'),
      notes: count(findings, 'note'),
    },
    findings: findings.map((finding) => record(finding, context)),
  });

function record(finding: Finding, context: FormatContext): object {
  return {
    rule: finding.rule,
    name: context.rules.find((rule) => rule.id === finding.rule)?.name ?? null,
    severity: finding.severity,
    message: asUnicode(finding.message),
    condition: finding.condition === null ? null : asUnicode(finding.condition),
    ...place(finding, context),
    related: finding.related.map((related) => ({ message: asUnicode(related.message), ...place(related, context) })),
    fix:
      finding.fix === null
        ? null
        : {
            title: asUnicode(finding.fix.title),
            edits: finding.fix.edits.map((edit) => ({ ...place(edit, context), text: asUnicode(edit.text) })),
          },
    fingerprint: finding.fingerprint,
    page: context.pageOf(finding.rule),
  };
}

function place({ file, start, end }: SourceRange, context: FormatContext): object {
  return { file: context.nameOf(file), start: file.position(start), end: file.position(end) };
}

function count(findings: readonly Finding[], severity: Finding['severity']): number {
  return findings.reduce((sum, finding) => sum + (finding.severity === severity ? 1 : 0), 0);
}
