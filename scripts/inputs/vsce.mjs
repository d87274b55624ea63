/** The tool that packs extensions for Visual Studio Code. Nearly three hundred packages: kept in the cache, not among our own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './cache.mjs';
import { mustRun } from './run.mjs';

/** The last one that runs on Node 20. */
const VERSION = '3.9.2';

/** @returns {string} the path of its program, for Node */
export function prepareVsce() {
  const root = cached('vsce', VERSION, (folder) => {
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--save-exact', `@vscode/vsce@${VERSION}`];
    mustRun('npm', args, { cwd: folder });
  });
  return join(root, 'node_modules/@vscode/vsce/vsce');
}
