/** Documents for a terminal: plain characters, at most `width` columns wide unless a word is wider. */
import type { DocumentBlock, DocumentEntry, Table } from './document.ts';

const width = 100;

export function documentText(blocks: readonly DocumentBlock[]): string {
  const parts: string[] = [];
  for (const [index, block] of blocks.entries()) {
    const begins = block.kind === 'heading' && block.level < 3 && blocks[index - 1]?.kind !== 'heading';
    if (index > 0) parts.push(begins ? '\n\n' : '\n');
    parts.push(blockText(block));
  }
  return parts.join('');
}

function blockText(block: DocumentBlock): string {
  switch (block.kind) {
    case 'heading':
      return block.level === 3
        ? `${plain(block.text)}\n`
        : underlined(plain(block.text), block.level === 1 ? '=' : '-');
    case 'paragraph':
      return `${wrap(plain(block.text), width).join('\n')}\n`;
    case 'table':
      return tableText(block);
    case 'entry':
      return entryText(block);
  }
}

function underlined(text: string, line: string): string {
  return `${text}\n${line.repeat(text.length)}\n`;
}

function plain(text: string): string {
  return text.replaceAll('`', '');
}

function tableText({ columns, groups }: Table): string {
  const rows = groups.flatMap((group) => group.rows);
  const widths = columns.map(({ title }, column) =>
    Math.max(title.length, ...rows.map((row) => plain(row[column] ?? '').length)),
  );
  const last = columns.length - 1;
  const indent = widths.slice(0, last).reduce((sum, length) => sum + length + 2, 2);
  // The last column may be a text; it is broken where it would leave the page.
  const line = (cells: readonly string[]) => {
    const head = cells
      .slice(0, last)
      .map((cell, column) => `${pad(plain(cell), widths[column]!, columns[column]!.align)}  `);
    const wraps = columns[last]!.align === 'left' && indent + widths[last]! > width && indent < width / 2 + 20;
    const tail = wraps
      ? wrap(plain(cells[last]!), width - indent)
      : [pad(plain(cells[last]!), widths[last]!, columns[last]!.align)];
    return `  ${head.join('')}${tail.join(`\n${' '.repeat(indent)}`)}`.trimEnd();
  };
  const lines = [line(columns.map(({ title }) => title))];
  for (const { title, rows: own } of groups) {
    if (title !== '') lines.push(plain(title));
    for (const row of own) lines.push(line(row));
  }
  return `${lines.join('\n')}\n`;
}

function pad(text: string, length: number, align: 'left' | 'right'): string {
  return align === 'left' ? text.padEnd(length) : text.padStart(length);
}

function entryText({ title, lines }: DocumentEntry): string {
  const label = Math.max(0, ...lines.map((line) => plain(line.label).length));
  const indent = ' '.repeat(4 + label + (label > 0 ? 2 : 0));
  const texts = lines.map((line) => {
    const wrapped = wrap(plain(line.text), width - indent.length);
    const head = `    ${plain(line.label).padEnd(label)}${label > 0 ? '  ' : ''}`;
    return wrapped.map((text, index) => `${index === 0 ? head : indent}${text}\n`).join('');
  });
  return `${wrap(plain(title), width).join('\n  ')}\n${texts.join('')}`;
}

/** Breaks a text at blanks. */
export function wrap(text: string, length: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > length) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines;
}
