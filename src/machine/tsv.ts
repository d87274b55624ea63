/** The tables of grammar/: tab-separated columns under a heading line; `#` starts a comment line, `-` is an empty cell. */

/** The data lines of a table as arrays of cells; the heading is left out. Lines that start with `$` are not data. */
export function tableRows(text: string): string[][] {
  const rows: string[][] = [];
  let heading = true;
  for (const line of text.split('\n')) {
    const first = line.charCodeAt(0);
    if (line === '' || first === HASH || first === DOLLAR) continue;
    if (heading) heading = false;
    else rows.push(line.split('\t'));
  }
  return rows;
}

/** The `$name<TAB>text` lines of a table. */
export function tableSets(text: string): Map<string, string> {
  const sets = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line.charCodeAt(0) !== DOLLAR) continue;
    const tab = line.indexOf('\t');
    sets.set(line.slice(1, tab), line.slice(tab + 1));
  }
  return sets;
}

/** The words of a cell; none when it is `-`. */
export function cellWords(cell: string): string[] {
  return cell === '-' || cell === '' ? [] : cell.split(' ');
}

const HASH = 35;
const DOLLAR = 36;
