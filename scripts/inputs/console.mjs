/** Sessions in the docs: blocks marked `console`, in which `$ command` stands before what it prints. They are run as they stand. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { projectRoot } from './cache.mjs';
import { run } from './run.mjs';
import { prepareToolchain } from './toolchain.mjs';

const BLOCK = /^```console\n([\s\S]*?)^```$/gm;

/** README.md and the pages of docs, as paths of the project. */
export function pages() {
  const docs = readdirSync(join(projectRoot, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', ...docs.map((name) => `docs/${name}`)];
}

/** @param {string} page */
export function hasSessions(page) {
  return new RegExp(BLOCK.source, 'm').test(readFileSync(join(projectRoot, page), 'utf8'));
}

/**
 * A page with what its commands print now: all of them run in a folder of their own that holds the samples, one behind the other.
 *
 * @param {string} page a path of the project
 * @returns {string}
 */
export function ranPage(page) {
  const folder = mkdtempSync(join(tmpdir(), 'pvasm-docs-'));
  try {
    provideFiles(folder);
    const env = commandEnvironment(folder);
    const text = readFileSync(join(projectRoot, page), 'utf8');
    return text.replace(BLOCK, (_, session) => `\`\`\`console\n${ranSession(session, folder, env)}\`\`\``);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The blocks of a text that are marked so. @param {string} text @param {string} info @returns {string[]} */
export function blocksIn(text, info) {
  return [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].flatMap(([, marked, block = '']) =>
    marked === info ? [block] : [],
  );
}

/** Files that pages show, by the mark of the blocks that make them up. */
const SHOWN = /** @type {const} */ ({
  'acme.S': ['docs/targets.md', 'gas acme.S'],
  'acme.tsv': ['docs/targets.md', 'tsv acme.tsv'],
  'acme.contract.tsv': ['docs/verify.md', 'tsv acme.contract.tsv'],
});

/** What a page's commands find: the samples, and files that pages show. @param {string} folder is empty */
export function provideFiles(folder) {
  cpSync(join(projectRoot, 'samples'), folder, { recursive: true });
  for (const [name, [page, info]] of Object.entries(SHOWN))
    writeFileSync(join(folder, name), blocksIn(readFileSync(join(projectRoot, page), 'utf8'), info).join('\n'));
}

/**
 * Puts `pvasm` into a folder, and says in which environment a shell finds it, and the assembler.
 *
 * @param {string} folder
 * @returns {NodeJS.ProcessEnv}
 */
export function commandEnvironment(folder) {
  mkdirSync(join(folder, '.bin'));
  symlinkSync(join(projectRoot, 'bin/pvasm.js'), join(folder, '.bin/pvasm'));
  const path = [join(folder, '.bin'), process.env.PATH, dirname(prepareToolchain().as)].join(delimiter);
  return { ...process.env, PATH: path, NO_COLOR: '1' };
}

/**
 * @param {string} session
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} env
 */
function ranSession(session, cwd, env) {
  const commands = session.split('\n').filter((line) => line.startsWith('$ '));
  return commands
    .map((line) => {
      // Both streams, as a terminal shows them.
      const { status, stdout, stderr } = run('bash', ['-c', `{ ${line.slice(2)}\n} 2>&1`], { cwd, env });
      if (status === null || stderr !== '') throw new Error(`${line}: ${stderr}`);
      return `${line}\n${Buffer.from(stdout, 'latin1').toString('utf8')}`;
    })
    .join('');
}
