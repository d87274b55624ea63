import type { Severity } from '../../syntax/diagnostic.ts';
import { type Finding, sentence } from '../finding.ts';
import { asUnicode, type Format, type FormatContext, plural } from './format.ts';

/**
 * GitHub shows at most 10 annotations of each kind for a step and drops the rest in silence, so we stop there and say
 * how many more there are. The last notice is kept for that summary.
 */
const CAP: Readonly<Record<Severity, number>> = { error: 10, warning: 10, note: 9 };

const COMMAND: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'notice' };

/** Workflow commands (`::warning file=...::message`) that GitHub Actions turns into annotations on the changed lines. */
export const github: Format = (findings, context) => {
  const shown: Record<Severity, number> = { error: 0, warning: 0, note: 0 };
  let out = '';
  let left = 0;
  for (const finding of findings) {
    if (shown[finding.severity] === CAP[finding.severity]) left++;
    else {
      shown[finding.severity]++;
      out += annotation(finding, context);
    }
  }
  if (left === 0) return out;
  const message = `${plural(left, 'more finding')} of ${findings.length} in all; run the check with --format text to see them`;
  return `${out}::notice title=${escapeProperty(context.tool.name)}::${escapeData(message)}\n`;
};

function annotation(finding: Finding, context: FormatContext): string {
  const { file, start, end } = finding;
  const from = file.position(start);
  const to = file.position(end);
  const name = context.rules.find((rule) => rule.id === finding.rule)?.name;
  const properties: [string, string | number][] = [
    ['file', context.nameOf(file)],
    ['line', from.line],
    ['endLine', to.line],
    ['title', name === undefined ? finding.rule : `${finding.rule} ${name}`],
  ];
  // GitHub rejects columns on annotations of several lines.
  if (from.line === to.line)
    properties.splice(3, 0, ['col', from.column], ['endColumn', Math.max(to.column - 1, from.column)]);
  const fields = properties.map(([key, value]) => `${key}=${escapeProperty(String(value))}`).join(',');
  const notes = finding.related.map((related) => {
    const { line } = related.file.position(related.start);
    return `\n${context.nameOf(related.file)}:${line}: ${asUnicode(related.message)}`;
  });
  return `::${COMMAND[finding.severity]} ${fields}::${escapeData(asUnicode(sentence(finding)) + notes.join(''))}\n`;
}

export function escapeData(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

export function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
