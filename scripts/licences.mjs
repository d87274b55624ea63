/** The licences of the packages that the bundle holds: most ask that a copy comes with them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Every licence once, below the names of the packages that have it; an error where a package comes without.
 *
 * @param {string} root the folder that the paths of inputs start from
 * @param {readonly string[]} inputs paths of the bundled files
 * @returns {string}
 */
export function licenceNotices(root, inputs) {
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== null));
  /** @type {Map<string, Set<string>>} */
  const packages = new Map();
  for (const folder of folders) {
    const path = join(root, folder);
    const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    const file = readdirSync(path).find((each) => /^licen[cs]e(-\w+)?(\.(md|txt))?$/i.test(each));
    if (file === undefined) throw new Error(`${name} ${version} has no licence file, and its licence must be bundled`);
    const text = readFileSync(join(path, file), 'utf8').trim();
    packages.set(text, (packages.get(text) ?? new Set()).add(`${name} ${version} (${license})`));
  }
  const notices = [...packages].map(([text, names]) => `${[...names].sort().join('\n')}\n\n${text}\n`);
  return notices.sort().join(`\n${'-'.repeat(80)}\n\n`);
}

/**
 * `node_modules/a` of `node_modules/a/lib/b.js`, the innermost one; null for files of the project.
 *
 * @param {string} input
 */
function packageFolder(input) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0] ?? null;
}
