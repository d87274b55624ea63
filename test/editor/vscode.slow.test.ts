/** The extension for Visual Studio Code: packed by the public tool, with what its manifest names and nothing else. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { mustRun } from '../support/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-vsix-'));
const path = join(folder, 'pvasm.vsix');
let files: ReadonlyMap<string, string>;

beforeAll(() => {
  mustRun(process.execPath, ['scripts/vscode.mjs', path], { cwd: projectRoot });
  files = unzipped(readFileSync(path));
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** The files of a zip archive by name, read along its central directory (APPNOTE.TXT, 4.3.12). */
function unzipped(bytes: Buffer): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let at = bytes.indexOf('PK\x01\x02', 0, 'latin1'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 4, 'latin1')) {
    const name = bytes.toString('utf8', at + 46, at + 46 + bytes.readUInt16LE(at + 28));
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(start, start + bytes.readUInt32LE(at + 20));
    found.set(name, (bytes.readUInt16LE(at + 10) === 0 ? packed : inflateRawSync(packed)).toString('utf8'));
  }
  return found;
}

test('it holds what it needs, and nothing else', () => {
  expect([...files.keys()].sort()).toEqual([
    '[Content_Types].xml',
    'extension.vsixmanifest',
    'extension/LICENSE.txt',
    'extension/dist/LICENCES.txt',
    'extension/dist/extension.js',
    'extension/dist/ia64.tmLanguage.json',
    'extension/language-configuration.json',
    'extension/package.json',
    'extension/readme.md',
  ]);
});

test('what its manifest names is there, and of the version of the tool', () => {
  const manifest = JSON.parse(files.get('extension/package.json')!);
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  expect(manifest.version).toBe(version);
  const [language] = manifest.contributes.languages;
  const [grammar] = manifest.contributes.grammars;
  for (const named of [manifest.main, language.configuration, grammar.path])
    expect(files.get(join('extension', named)), named).toBeDefined();
  const rules = JSON.parse(files.get(join('extension', grammar.path))!);
  expect(rules.scopeName).toBe(grammar.scopeName);
  expect(grammar.language).toBe(language.id);
  expect(() => new RegExp(JSON.parse(files.get('extension/language-configuration.json')!).wordPattern)).not.toThrow();
  expect(files.get('extension/dist/LICENCES.txt')).toMatch(/^vscode-languageclient 11\.0\.0 \(MIT\)$/m);
});

test('its code asks for the editor alone, and starts the server', () => {
  const code = files.get('extension/dist/extension.js')!;
  const asked = new Set([...code.matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1]!.replace(/^node:/, '')));
  expect([...asked].filter((name) => !process.getBuiltinModule(name))).toEqual(['vscode']);
  expect(code).toContain('["lsp",...');
});
