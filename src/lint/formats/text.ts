import { excerpt } from '../../syntax/excerpt.ts';
import { type Finding, type SourceRange, sentence } from '../finding.ts';
import { type Format, type FormatContext, locationText } from './format.ts';

const STYLE = { error: '1;31', warning: '1;35', note: '1;36', place: '1' } as const;

/** For people: each finding with its source line and a caret, and the places that explain it below. */
export const text: Format = (findings, context) => findings.map((finding) => entry(finding, context)).join('');

function entry(finding: Finding, context: FormatContext): string {
  const paint = context.colour ? coloured : plain;
  let out = `${paint('place', `${locationText(finding.file, finding.start, context)}:`)} `;
  out += `${paint(finding.severity, `${finding.severity}:`)} ${sentence(finding)} [${finding.rule}]\n${shown(finding)}`;
  for (const related of finding.related) {
    out += `${paint('place', `${locationText(related.file, related.start, context)}:`)} ${paint('note', 'note:')} ${related.message}\n`;
    out += shown(related);
  }
  if (finding.fix !== null) out += `  ${paint('note', 'fix:')} ${finding.fix.title}\n`;
  return out;
}

/** The excerpt of a place; nothing where its line is blank. */
function shown(place: SourceRange): string {
  const { file, start } = place;
  return file.line(file.position(start).line).trim() === '' ? '' : `${excerpt(place)}\n`;
}

function coloured(style: keyof typeof STYLE, content: string): string {
  return `\x1b[${STYLE[style]}m${content}\x1b[0m`;
}

function plain(_style: keyof typeof STYLE, content: string): string {
  return content;
}
