#!/usr/bin/env node
/**
 * Bundles the tool into dist/: `plain.cjs`, which every call begins with and most files of a kernel need no more than, `pvasm.cjs`
 * with all the rest, of which a call evaluates only the modules that it asks for, and the library. Unbundled, the parser library
 * alone takes 350 ms to import. The launcher is no module (ES modules take longer to find and link), and keeps what V8 compiles.
 */
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { projectRoot } from './inputs/cache.mjs';
import { run } from './inputs/run.mjs';
import { licenceNotices } from './licences.mjs';

const dist = join(projectRoot, 'dist');
/** Made beside its place, and moved there whole: calls may be running. */
const making = mkdtempSync(join(projectRoot, 'dist-'));
process.on('exit', () => rmSync(making, { recursive: true, force: true }));
const outdir = join(making, 'new');

/** @type {import('esbuild').BuildOptions} */
const COMMON = {
  absWorkingDir: projectRoot,
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true, // names stay: a stack trace should be readable
  legalComments: 'none', // licences.mjs writes the licences whole
  alias: { 'string-width': './scripts/string-width.mjs' },
  loader: { '.tsv': 'text', '.toml': 'text', '.S': 'text', '.css': 'text', '.client.js': 'text' },
  logLevel: 'warning',
};

/** @type {import('esbuild').BuildOptions} */
const COMMAND = {
  ...COMMON,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
};

/**
 * Conditions of the assembler's macros need the parser and the registers: plain.ts leaves sources with them to main.ts.
 *
 * @type {import('esbuild').Plugin}
 */
const withoutExpressions = {
  name: 'without-expressions',
  setup({ onResolve }) {
    const path = join(projectRoot, 'scripts/no-expressions.mjs');
    onResolve({ filter: /^\.\/expression\.ts$/ }, ({ importer }) =>
      importer.includes(join('src', 'macros')) ? { path } : undefined,
    );
  },
};

const results = [
  await build({
    ...COMMAND,
    entryPoints: { plain: 'src/cli/plain.ts' },
    plugins: [withoutExpressions],
    banner: {},
    metafile: true,
  }),
  await build({ ...COMMAND, entryPoints: { pvasm: 'src/cli/main.ts' }, metafile: true }),
  await build({
    ...COMMON,
    entryPoints: { library: 'src/library/library.ts' },
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    metafile: true,
  }),
];

/** The library's types: interfaces of modules that import nothing but each other, one behind the other. */
const TYPES = ['src/report/model.ts', 'src/library/types.ts', 'src/library/functions.d.ts'];
const declarations = TYPES.map((path) =>
  readFileSync(join(projectRoot, path), 'utf8').replace(/^import type .*\n/gm, ''),
);
writeFileSync(join(outdir, 'library.d.mts'), declarations.join('\n'));
writeFileSync(
  join(outdir, 'LICENCES.txt'),
  licenceNotices(
    projectRoot,
    results.flatMap(({ metafile }) => Object.keys(metafile.inputs)),
  ),
);

if (existsSync(dist)) renameSync(dist, join(making, 'old'));
renameSync(outdir, dist);

// The launcher keeps what V8 has compiled in its first call, beside the bundles: these calls meet what most do.
const folder = mkdtempSync(join(tmpdir(), 'pvasm-build-'));
try {
  const header = `#ifndef H
#define H
#if defined(SMP) && VALUE > 1 || !defined(UP)
# define ENTRY(name) .global name; .proc name; name
#else
# undef ENTRY
#endif
#define VALUE (1 << 3)
#define CAT(a, b...) a ## _ ## b /* a comment */
#include "empty.h"
#endif
`;
  const plain = `#include "h.h"
\t.macro put val, name
\t.ifc \\val,x
\tdata8 \\name
\t.endif
\t.endm
\t.text
ENTRY(CAT(f, g)):
\t.save ar.pfs, r2
\talloc r2=ar.pfs,1,VALUE,0,8
\tput x, f_g
{ .mib
(p6)\tld8.fill r8=[r9],@gprel(f#) // more
\tnop.i ~0x1f
[1:]\tbr.ret.sptk.many rp ;;
}
\t.string "text"
`;
  const texts = { 'h.h': header, 'empty.h': '\n', 'plain.S': plain, 'site.S': `${plain}\tmov r8=cr.ivr\n` };
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
  for (const name of ['plain.S', 'site.S']) {
    const words = ['build', name, '-o', 'out', '-I.', '-DSMP=1', '-UNOT', '-include', 'h.h', '-MD'];
    run(process.execPath, [join(projectRoot, 'bin/pvasm.js'), ...words], { cwd: folder }); // what comes of it is no matter
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
