/** Source text as HTML. */
import { escaped } from '../pictures/svg.ts';
import { registersIn } from './model.ts';

export function attribute(words: string): string {
  return escaped(words).replaceAll("'", '&#39;');
}

/** Code as HTML, with an element for each register, so that the script can highlight it. */
export function codeHtml(code: string): string {
  let html = '';
  let at = 0;
  for (const match of registersIn(code)) {
    html += `${escaped(code.slice(at, match.index))}<var>${match[0]}</var>`;
    at = match.index + match[0].length;
  }
  return html + escaped(code.slice(at));
}
