/** The built command, which tests of the command line run: made anew when anything that goes into it is newer. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { mustRun } from '../../scripts/inputs/run.mjs';

const INGREDIENTS = ['src', 'grammar', 'scripts', 'bin', 'package.json', 'package-lock.json'];

/** Builds dist/ unless it is newer than all that it is made of. Throws what the build says. */
export function provideBuilt(): void {
  if (!isStale(join(projectRoot, 'dist/pvasm.cjs'))) return;
  mustRun(process.execPath, ['scripts/build.mjs'], { cwd: projectRoot });
}

function isStale(bundle: string): boolean {
  if (!existsSync(bundle)) return true;
  const built = statSync(bundle).mtimeMs;
  return INGREDIENTS.some((each) => newest(join(projectRoot, each)) > built);
}

/** When a file, or the newest below a folder, was changed; milliseconds. */
function newest(path: string): number {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}
