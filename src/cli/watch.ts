/** `--watch`: a call again and again, whenever a file changes that it has read. */
import { type FSWatcher, watch } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type ExitCode, Failure } from './failure.ts';
import { filesRead, STANDARD_INPUT } from './files.ts';
import { CONFIG_NAME } from './find-config.ts';

/** An editor saves in several steps, and a checkout changes many files: so long nothing more must happen. Milliseconds. */
const SETTLING = 100;

/**
 * Runs a call, then again after each change, until the process is ended. Errors are reported as without `--watch`.
 *
 * @param files those of the call
 */
export async function watching(files: readonly string[], call: () => Promise<ExitCode>): Promise<never> {
  if (files.includes(STANDARD_INPUT)) throw new Failure('--watch needs files: standard input is read once');
  for (;;) {
    const change = nextChange(files);
    try {
      await call();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      process.stderr.write(`pvasm: ${error.message}\n`);
    }
    change.follow(filesRead());
    process.stderr.write('pvasm: waiting for a change\n');
    await change.happened;
  }
}

interface Change {
  readonly happened: Promise<void>;
  /** Looks at these files as well. */
  follow(paths: readonly string[]): void;
}

/**
 * The next change of files: of those given from now on, so that none is missed that happens while the call runs. Folders are
 * watched and not files, because many editors put a new file in the place of the old one.
 */
function nextChange(files: readonly string[]): Change {
  const watchers = new Map<string, FSWatcher>();
  const names = new Set<string>();
  let settle: NodeJS.Timeout | undefined;
  let settled: () => void = () => undefined;
  const happened = new Promise<void>((resolved) => {
    settled = () => {
      for (const each of watchers.values()) each.close();
      resolved();
    };
  });
  const seen = (folder: string, name: string | null) => {
    if (name !== null && !names.has(join(folder, name))) return;
    clearTimeout(settle);
    settle = setTimeout(settled, SETTLING);
  };
  const follow = (paths: readonly string[]) => {
    for (const path of paths) {
      const whole = resolve(path);
      const folder = dirname(whole);
      names.add(whole);
      names.add(join(folder, CONFIG_NAME));
      if (watchers.has(folder)) continue;
      try {
        watchers.set(
          folder,
          watch(folder, (_, name) => seen(folder, name)),
        );
      } catch {
        // A folder that is not there, or that this system does not watch: the others are.
      }
    }
  };
  follow([...files, CONFIG_NAME]);
  return { happened, follow };
}
