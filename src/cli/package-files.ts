/** Files that ship beside the code, as files: pages of rules, targets. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The path of a file of the package, from the bundle, one of its chunks or the source; null where it is not there. */
export function packageFile(path: string): string | null {
  for (const up of ['../', '../../', '../../../']) {
    const found = fileURLToPath(new URL(up + path, import.meta.url));
    if (existsSync(found)) return found;
  }
  return null;
}
