import { sentence } from '../finding.ts';
import { type Format, locationText } from './format.ts';

/** `file:line:column: warning: message [PV012]`, one line each, as editors and gcc's problem matchers read it. */
export const gcc: Format = (findings, context) =>
  findings
    .map((finding) => {
      const place = locationText(finding.file, finding.start, context);
      const notes = finding.related.map(
        (related) => `${locationText(related.file, related.start, context)}: note: ${oneLine(related.message)}\n`,
      );
      return `${place}: ${finding.severity}: ${oneLine(sentence(finding))} [${finding.rule}]\n${notes.join('')}`;
    })
    .join('');

function oneLine(message: string): string {
  return message.replace(/\s*[\r\n]+\s*/g, ' ');
}
