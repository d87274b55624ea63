/** Report documents as HTML. */

import { escaped } from '../pictures/svg.ts';
import type { DocumentBlock, Table } from '../report/document.ts';
import { codeHtml } from './markup.ts';

export function documentHtml(blocks: readonly DocumentBlock[]): string {
  return blocks.map(blockHtml).join('');
}

function blockHtml(block: DocumentBlock): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level + 1}>${words(block.text)}</h${block.level + 1}>`;
    case 'paragraph':
      return `<p>${words(block.text)}</p>`;
    case 'table':
      return tableHtml(block);
    case 'entry': {
      const lines = block.lines.map(({ label, text }) => `<dt>${words(label)}</dt><dd>${words(text)}</dd>`).join('');
      return `<article class="entry"><h4>${words(block.title)}</h4><dl>${lines}</dl></article>`;
    }
  }
}

/** A text as HTML; what is between backticks becomes code. */
export function words(text: string): string {
  return text
    .split(/`([^`]*)`/)
    .map((part, at) => (at % 2 === 1 ? `<code>${codeHtml(part)}</code>` : codeHtml(part)))
    .join('');
}

function tableHtml({ columns, groups }: Table): string {
  const cell = (name: 'td' | 'th', text: string, at: number) =>
    `<${name}${columns[at]!.align === 'right' ? ' class="n"' : ''}${name === 'th' ? ' scope="col"' : ''}>${escaped(text)}</${name}>`;
  const head = columns.map(({ title }, at) => cell('th', title, at)).join('');
  const bodies = groups.map(({ title, rows }) => {
    const group =
      title === '' ? '' : `<tr><th scope="rowgroup" colspan="${columns.length}">${escaped(title)}</th></tr>`;
    return `<tbody>${group}${rows.map((row) => `<tr>${row.map((text, at) => cell('td', text, at)).join('')}</tr>`).join('')}</tbody>`;
  });
  return `<div class="scroll" tabindex="0" role="group" aria-label="table"><table><thead><tr>${head}</tr></thead>${bodies.join('')}</table></div>`;
}
