/**
 * Which of the three projects a test file belongs to. Nobody keeps a list: a file that starts programs, or imports a helper
 * that does (gcc, the assembler, the built command, the kernel's sources), needs tools; the rest needs Node alone.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

export type Project = 'unit' | 'tools' | 'slow';

/** Folders whose tests take minutes: whole kernels, thousands of damaged ones. A file elsewhere joins by `.slow.test.ts`. */
const SLOW = /^test\/(acceptance|mutation|robustness)\/|\.slow\.test\.ts$/;

/** Modules that start programs or fetch real input. */
const TOOLS = /^scripts\/inputs\/(?!cache\.mjs$)|^test\/support\/(assemble|binutils|kernel|toolchain)\.ts$/;

/** The end of an import or export at the start of a line, over one line or many; or one where it is called for. */
const IMPORT = /^(?:import|export|\})[^'"\n]*'(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm;

/** All test files, by project, as paths below `root` with slashes. */
export function testProjects(root: string): Record<Project, string[]> {
  const found: Record<Project, string[]> = { unit: [], tools: [], slow: [] };
  for (const path of testFiles(root, join(root, 'test'))) found[projectOf(root, path)].push(path);
  return found;
}

function testFiles(root: string, folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testFiles(root, path);
    return entry.name.endsWith('.test.ts') ? [slashed(root, path)] : [];
  });
}

function projectOf(root: string, path: string): Project {
  if (SLOW.test(path)) return 'slow';
  return [...importsOf(join(root, path))].some((each) => TOOLS.test(slashed(root, each))) ? 'tools' : 'unit';
}

/** A module and all of the project's modules that it imports, directly or not. */
function importsOf(module: string, found = new Set<string>()): Set<string> {
  if (found.has(module)) return found;
  found.add(module);
  for (const each of imported(module)) importsOf(each, found);
  return found;
}

/** Every module is read once, whichever tests import it. */
const known = new Map<string, readonly string[]>();

function imported(module: string): readonly string[] {
  let found = known.get(module);
  if (found === undefined) {
    found = /\.(ts|mjs)$/.test(module) && existsSync(module) ? readImports(module) : [];
    known.set(module, found);
  }
  return found;
}

function readImports(module: string): string[] {
  return [...readFileSync(module, 'utf8').matchAll(IMPORT)].map(([, early, late]) =>
    resolve(dirname(module), (early ?? late)!),
  );
}

function slashed(root: string, path: string): string {
  return relative(root, path).replaceAll(sep, '/');
}
