/**
 * Modules called `*.data.ts` make data of what grammar/ says. Tests and tools import them as they are; into the bundle goes
 * what they export, so that a run need not read a table again.
 */
import { isDeepStrictEqual } from 'node:util';
import { build } from 'esbuild';

/** How text of grammar/ is imported. @type {Record<string, import('esbuild').Loader>} */
export const textLoaders = { '.tsv': 'text', '.toml': 'text', '.S': 'text' };

/** The plugin of the bundle. @type {import('esbuild').Plugin} */
export const precompute = {
  name: 'precompute',
  setup({ onLoad }) {
    onLoad({ filter: /\.data\.ts$/ }, async ({ path }) => ({ contents: await precomputed(path) }));
  },
};

/**
 * A module that exports the same values as the one at `path`, which may only be what JSON can say: it fails otherwise.
 *
 * @param {string} path
 * @returns {Promise<string>}
 */
export async function precomputed(path) {
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    loader: textLoaders,
  });
  const exported = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? '')}`);
  return Object.entries(exported)
    .map(([name, value]) => {
      const text = JSON.stringify(value);
      if (!isDeepStrictEqual(JSON.parse(text), value)) throw new Error(`${path}: ${name} is more than JSON can say`);
      return `export const ${name} = JSON.parse(${JSON.stringify(text)});\n`;
    })
    .join('');
}
