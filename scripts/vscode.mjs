#!/usr/bin/env node
/**
 * Packs the extension for Visual Studio Code: `node scripts/vscode.mjs OUT.vsix`. The extension is made in a folder of its own of
 * editors/vscode, the grammar and the library that speaks to the server, and packed by the public tool.
 */
import { copyFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { projectRoot } from './inputs/cache.mjs';
import { mustRun } from './inputs/run.mjs';
import { prepareVsce } from './inputs/vsce.mjs';
import { licenceNotices } from './licences.mjs';

/**
 * Makes the folder that is packed.
 *
 * @param {string} folder an empty one
 */
export async function makeExtension(folder) {
  const source = join(projectRoot, 'editors/vscode');
  const { metafile } = await build({
    absWorkingDir: projectRoot,
    entryPoints: [join(source, 'extension.mts')],
    outfile: join(folder, 'dist/extension.js'),
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: ['vscode'],
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  for (const name of ['package.json', 'README.md', 'language-configuration.json', '.vscodeignore'])
    copyFileSync(join(source, name), join(folder, name));
  cpSync(join(projectRoot, 'LICENSE'), join(folder, 'LICENSE'));
  copyFileSync(join(projectRoot, 'grammar/ia64.tmLanguage.json'), join(folder, 'dist/ia64.tmLanguage.json'));
  writeFileSync(join(folder, 'dist/LICENCES.txt'), licenceNotices(projectRoot, Object.keys(metafile.inputs)));
}

const [out] = process.argv.slice(2);
if (out !== undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'pvasm-vscode-'));
  try {
    await makeExtension(folder);
    mustRun(process.execPath, [prepareVsce(), 'package', '--no-dependencies', '--out', resolve(out)], { cwd: folder });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
