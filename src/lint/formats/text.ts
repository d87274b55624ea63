import { type Finding, type Place, sentence } from '../finding.ts';
import { type Format, type FormatContext, placeText } from './format.ts';

const STYLE = { error: '1;31', warning: '1;35', note: '1;36', place: '1' } as const;

/** For people: each finding with its source line and a caret, and the places that explain it below. */
export const text: Format = (findings, context) => findings.map((finding) => entry(finding, context)).join('');

function entry(finding: Finding, context: FormatContext): string {
  const paint = context.colour ? coloured : plain;
  let out = `${paint('place', `${placeText(finding.file, finding.start, context)}:`)} `;
  out += `${paint(finding.severity, `${finding.severity}:`)} ${sentence(finding)} [${finding.rule}]\n${excerpt(finding)}`;
  for (const related of finding.related) {
    out += `${paint('place', `${placeText(related.file, related.start, context)}:`)} ${paint('note', 'note:')} ${related.message}\n`;
    out += excerpt(related);
  }
  if (finding.fix !== null) out += `  ${paint('note', 'fix:')} ${finding.fix.title}\n`;
  return out;
}

/** The line of a place and, below, a caret under its first character and tildes under the rest. */
export function excerpt(place: Place): string {
  const { file, start, end } = place;
  const { line, column } = file.position(start);
  const source = file.line(line);
  if (source.trim() === '') return '';
  const width = Math.max(1, Math.min(end, start + source.length - column + 1) - start);
  return `${printable(source)}\n${indent(source, column)}^${'~'.repeat(width - 1)}\n`;
}

function indent(source: string, column: number): string {
  return source.slice(0, column - 1).replace(/[^\t]/g, ' ');
}

/** Control characters in a source must not reach a terminal as commands. */
function printable(source: string): string {
  return source.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '?');
}

function coloured(style: keyof typeof STYLE, content: string): string {
  return `\x1b[${STYLE[style]}m${content}\x1b[0m`;
}

function plain(_style: keyof typeof STYLE, content: string): string {
  return content;
}
