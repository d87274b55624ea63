/** Documents as GitHub's Markdown. */
import type { DocumentBlock, DocumentEntry, Table } from './document.ts';

export function documentMarkdown(blocks: readonly DocumentBlock[]): string {
  return blocks.map(blockMarkdown).join('\n');
}

function blockMarkdown(block: DocumentBlock): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${escaped(block.text)}\n`;
    case 'paragraph':
      return `${escaped(block.text)}\n`;
    case 'table':
      return tableMarkdown(block);
    case 'entry':
      return entryMarkdown(block);
  }
}

/** The titles of groups become a first column of their own. */
function tableMarkdown({ columns, groups }: Table): string {
  const titled = groups.some(({ title }) => title !== '');
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell) => escaped(cell).replaceAll('|', '\\|')).join(' | ')} |\n`;
  const lead = (title: string) => (titled ? [title] : []);
  const lines = [
    row([...lead(''), ...columns.map(({ title }) => title)]),
    `|${[...lead(' --- '), ...columns.map(({ align }) => (align === 'right' ? ' ---: ' : ' --- '))].join('|')}|\n`,
  ];
  for (const { title, rows } of groups)
    for (const [index, cells] of rows.entries()) lines.push(row([...lead(index === 0 ? title : ''), ...cells]));
  return lines.join('');
}

function entryMarkdown({ title, lines }: DocumentEntry): string {
  const items = lines.map(({ label, text }) => `- ${label === '' ? '' : `${escaped(label)}: `}${escaped(text)}\n`);
  return `**${escaped(title)}**\n\n${items.join('')}`;
}

/** Characters that Markdown would take for its own; code between backticks stays as it is. */
function escaped(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/[\\*_<>#[\]]/g, '\\$&')))
    .join('');
}
