/** Sections of README.md that are made by scripts, each between its marks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './inputs/cache.mjs';

const readme = join(projectRoot, 'README.md');

/**
 * Puts a text between `<!-- name -->` and `<!-- /name -->`.
 *
 * @param {string} name
 * @param {string} text
 */
export function insert(name, text) {
  const whole = readFileSync(readme, 'utf8');
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [whole.indexOf(start), whole.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`README.md has no ${start} ... ${end}`);
  writeFileSync(readme, `${whole.slice(0, from + start.length)}\n${text}\n${whole.slice(to)}`);
}
