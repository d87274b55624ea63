/** The extension's own code, activated, in an editor of which no more is there than the language client takes; the server is the real one. */
import { copyFileSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { provideBuilt } from '../support/built.ts';
import { mustRun, run } from '../support/run.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pvasm-vscode-')));
afterAll(() => rmSync(folder, { recursive: true }));

interface Published {
  readonly file: string;
  /** Line, rule, message. */
  readonly found: readonly (readonly [number, string, string])[];
}

interface Seen {
  readonly commands: readonly string[];
  readonly opened: Published;
  readonly hover: string;
  readonly changed: Published;
  readonly restarted: Published;
}

let seen: Seen;

beforeAll(async () => {
  provideBuilt();
  for (const name of ['ivt.S', 'minstate.h']) copyFileSync(join(projectRoot, 'samples', name), join(folder, name));
  const extension = join(folder, 'extension.js');
  await build({
    absWorkingDir: projectRoot,
    entryPoints: ['editors/vscode/extension.mts'],
    outfile: extension,
    ...{ bundle: true, format: 'cjs', platform: 'node', target: 'node20', external: ['vscode'], logLevel: 'warning' },
  });
  const words = [extension, join(folder, 'ivt.S'), join(projectRoot, 'bin/pvasm.js')];
  seen = JSON.parse(
    mustRun(process.execPath, [join(projectRoot, 'test/editor/vscode/host.cjs'), ...words], { cwd: folder }),
  );
}, 300_000);

test('it has the commands of its manifest', () => {
  const manifest = JSON.parse(readFileSync(join(projectRoot, 'editors/vscode/package.json'), 'utf8'));
  expect(seen.commands).toEqual(manifest.contributes.commands.map(({ command }: { command: string }) => command));
});

test('a file that is opened gets what check finds in it', () => {
  const args = [join(projectRoot, 'bin/pvasm.js'), 'check', 'ivt.S', '--format', 'gcc', '--no-config'];
  const { stdout } = run(process.execPath, args, { cwd: folder });
  const lines = [...stdout.matchAll(/^ivt\.S:(\d+):/gm)].map((match) => Number(match[1]));
  expect(lines.length).toBeGreaterThan(20);
  expect(seen.opened.file).toBe(join(folder, 'ivt.S'));
  expect(seen.opened.found.map(([line]) => line)).toEqual(lines);
});

test("a hover is the server's", () => expect(seen.hover).toMatch(/thash[\s\S]*sensitive/));

test('what is typed is checked, and not what was saved', () => {
  expect(seen.changed.found).toEqual(seen.opened.found.map(([line, ...rest]) => [line + 1, ...rest]));
});

test('behind a restart it is checked as it stands', () => expect(seen.restarted.found).toEqual(seen.changed.found));
