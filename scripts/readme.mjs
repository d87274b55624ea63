/** Sections of README.md and docs/figures.md that are made by scripts, each between its marks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './inputs/cache.mjs';

const pages = ['README.md', 'docs/figures.md'].map((page) => join(projectRoot, page));

/**
 * Puts a text between `<!-- name -->` and `<!-- /name -->`, in the page that has these marks.
 *
 * @param {string} name
 * @param {string} text
 */
export function insert(name, text) {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  for (const page of pages) {
    const whole = readFileSync(page, 'utf8');
    const [from, to] = [whole.indexOf(start), whole.indexOf(end)];
    if (from === -1 || to < from) continue;
    writeFileSync(page, `${whole.slice(0, from + start.length)}\n${text}\n${whole.slice(to)}`);
    return;
  }
  throw new Error(`no page has ${start} ... ${end}`);
}
