/** The language server as an editor meets it: a process, and the protocol over its streams. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, expect, test } from 'vitest';
import { type Diagnostic, FileChangeType, type Location, type TextDocumentEdit } from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { mustRun, run } from '../support/run.ts';
import { Client, uriOf } from './client.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'pvasm-lsp-')));
const clients: Client[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.server.kill('SIGKILL');
});
afterAll(() => rmSync(root, { recursive: true }));

let folders = 0;

/** A folder of its own with files of a test. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = join(root, `${folders++}`);
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

async function started(folder: string, options: Parameters<typeof Client.start>[1] = {}): Promise<Client> {
  const { client } = await Client.start(folder, options);
  clients.push(client);
  return client;
}

let shared: Promise<Client> | undefined;
afterAll(async () => (await shared)?.server.kill());

/** A folder with one file, open, in the server that most tests share. */
async function opened(name: string, text: string, files: Readonly<Record<string, string>> = {}) {
  const folder = folderWith({ ...files, [name]: text });
  shared ??= Client.start(root).then(({ client }) => client);
  const client = await shared;
  const uri = uriOf(join(folder, name));
  await client.open(uri, text);
  return { client, uri, folder };
}

function pvasm(folder: string, ...args: readonly string[]): string {
  return run(process.execPath, [join(projectRoot, 'bin/pvasm.js'), ...args], { cwd: folder }).stdout;
}

/** `line:column: severity: message [rule]` as gcc prints findings; columns count bytes there, and these files are ASCII. */
function asGcc({ range: { start }, severity, message, code }: Diagnostic): string {
  const words = { 1: 'error', 2: 'warning', 3: 'note', 4: 'note' } as const;
  return `${start.line + 1}:${start.character + 1}: ${words[severity!]}: ${message} [${code}]`;
}

/** Where in a text a word stands for the n-th time, as the protocol counts. */
function at(text: string, word: string, times = 1): [line: number, character: number] {
  let offset = -1;
  for (let count = 0; count < times; count++) offset = text.indexOf(word, offset + 1);
  expect(offset).toBeGreaterThanOrEqual(0);
  const { line, character } = TextDocument.create('', '', 0, text).positionAt(offset);
  return [line, character];
}

/** The text that a location names, to the end of its line. */
function lineAt({ uri, range }: Location): string {
  return readFileSync(fileURLToPath(uri), 'utf8').split('\n')[range.start.line]!.slice(range.start.character);
}

const IVT = readFileSync(join(projectRoot, 'samples/ivt.S'), 'latin1');
const minstate = readFileSync(join(projectRoot, 'samples/minstate.h'), 'latin1');

test('what check finds in a file is what the editor shows of it', async () => {
  const { client, uri, folder } = await opened('ivt.S', IVT, { 'minstate.h': minstate });
  const found = (await client.diagnostics(uri)).map(asGcc);
  const checked = pvasm(folder, 'check', '--format', 'gcc', 'ivt.S')
    .split('\n')
    .flatMap((line) => /^ivt\.S:(.*\[PV\d+\])$/.exec(line)?.[1] ?? []);
  expect(checked.length).toBeGreaterThan(20);
  expect(found).toEqual(checked);
});

test('a finding has the page of its rule, and places that explain it', async () => {
  const text = 'f:\tASM_THASH(-, r8, r9, r10)\n\t;;\n\tadd r11=r10,r8\n\tbr.ret.sptk.many b0\n';
  const { client, uri } = await opened('a.S', text);
  const live = (await client.diagnostics(uri)).find(({ code }) => code === 'PV002')!;
  expect(live.codeDescription!.href).toMatch(/docs\/rules\/PV002\.md$/);
  expect(live.relatedInformation!.map(({ location }) => location.range.start.line)).toContain(2);
});

test('what is typed is checked: in the file, in a header, in pvasm.toml', async () => {
  const source = '#include "x.h"\nf:\tVALUE\n\tbr.ret.sptk.many b0\n';
  const files = { 'x.h': '#define VALUE mov r8=r9\n', 'pvasm.toml': '' };
  const { client, uri, folder } = await opened('a.S', source, files);
  const codes = async () => (await client.diagnostics(uri)).map(({ code, range }) => [code, range.start.line]);
  expect(await codes()).toEqual([]);
  const end = { line: 1, character: 0 };
  await client.change(uri, '\tmov r10=cr.ifa\n', { start: end, end });
  expect(await codes()).toEqual([['PV001', 1]]);
  const header = uriOf(join(folder, 'x.h'));
  await client.open(header, '#define VALUE mov r8=cr.iip\n');
  expect((await client.diagnostics(header)).map(({ code }) => code)).toEqual(['PV001']);
  await client.change(header, '#define VALUE mov r8=r9\n#error no\n');
  expect((await client.diagnostics(uri)).map(({ message, range }) => [message, range.start.line])).toEqual([
    ['x.h:2:1: #error no', 0],
  ]);
  await client.close(header);
  expect(await codes()).toEqual([['PV001', 1]]);
  const settings = uriOf(join(folder, 'pvasm.toml'));
  await client.open(settings, '[rules]\nPV001 = "off"\n');
  expect(await codes()).toEqual([]);
  await client.change(settings, '[rules]\nPV001 = "of"\n');
  const [wrong] = await client.diagnostics(uri);
  expect(wrong!.message).toMatch(/^pvasm\.toml:2:1: rules\.PV001: "of" is none of /);
  expect(wrong!.relatedInformation![0]!.location.uri).toBe(settings);
});

test('files that change on disk are read again', async () => {
  const { client, uri, folder } = await opened('sub/a.S', 'f:\tmov r8=cr.ifa\n\tbr.ret.sptk.many b0\n');
  expect(JSON.stringify(await client.watched)).toContain('toml');
  expect((await client.diagnostics(uri)).map(({ code }) => code)).toEqual(['PV001']);
  writeFileSync(join(folder, 'pvasm.toml'), '[rules]\nPV001 = "note"\n');
  await client.filesChanged(uriOf(join(folder, 'pvasm.toml')), FileChangeType.Created);
  expect((await client.diagnostics(uri)).map(({ severity }) => severity)).toEqual([3]);
});

test('a header that more sources include than are looked at: a note says which are', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}.S`);
  const files = Object.fromEntries(names.map((name) => [name, '#include "x.h"\nf:\tVALUE\n\tbr.ret.sptk.many b0\n']));
  const folder = folderWith({ ...files, 'x.h': '#define VALUE mov r8=cr.iip\n' });
  const client = await started(folder);
  const header = uriOf(join(folder, 'x.h'));
  await client.open(header, '#define VALUE mov r8=cr.iip\n');
  const notes = (found: readonly Diagnostic[]) => found.filter(({ severity }) => severity === 3 || severity === 4);
  const [note] = notes(await client.diagnostics(header));
  expect(note!.message).toMatch(/^checked with a\.S, b\.S, c\.S, d\.S, and not with 2 more that include it; open one /);
  expect(note!.range.start).toEqual({ line: 0, character: 0 });
  await client.open(uriOf(join(folder, 'f.S')), files['f.S']!);
  await client.change(header, '#define VALUE mov r9=cr.iip\n');
  expect(notes(await client.diagnostics(header))[0]!.message).toMatch(/^checked with f\.S, a\.S, b\.S, c\.S, and/);
});

test('headers are found as on the command line that starts the server', async () => {
  const folder = folderWith({ 'inc/y.h': '#define MOVE mov r8=cr.ifa\n', 'src/a.S': '' });
  const client = await started(folder, { args: ['-Iinc', '-DON'] });
  const uri = uriOf(join(folder, 'src/a.S'));
  await client.open(uri, '#include "y.h"\nf:\n#ifdef ON\n\tMOVE\n#endif\n\tbr.ret.sptk.many b0\n');
  expect((await client.diagnostics(uri)).map(({ message }) => message)).toEqual([]);
  expect((await client.definitions(uri, 0, 12)).map(({ uri }) => uri)).toEqual([uriOf(join(folder, 'inc/y.h'))]);
  expect(await client.hover(uri, 3, 2)).toMatchObject({
    contents: { value: expect.stringContaining('#define MOVE mov r8=cr.ifa') },
  });
});

test('an instruction says what it does, with the operands that it has', async () => {
  const { client, uri } = await opened('ivt.S', IVT, { 'minstate.h': minstate });
  const hover = await client.hover(uri, ...at(IVT, 'mov\tr16=cr.ifa'));
  const { value } = hover!.contents as { value: string };
  expect(value).toContain('**instruction `mov r1 = cr3`**');
  expect(value).toContain('- reads: cr.ifa');
  expect(value).toContain('- writes: r16');
  expect(value).toContain('reads of the interruption registers: privileged');
  expect(value).not.toContain('interval timer');
  const [line, character] = at(IVT, 'mov\tr16=cr.ifa');
  expect(hover!.range).toEqual({ start: { line, character }, end: { line, character: character + 3 } });
});

test('a register says whether it is live, for whom, or free and why', async () => {
  const text =
    'f:\tmov r14=r32\n\t;;\n\tst8 [r33]=r14\n\tmov r15=0 /* r15 */\n\t;;\n\tst8 [r33]=r15\n\tbr.ret.sptk.many b0\n';
  const { client, uri } = await opened('a.S', text);
  const says = async (word: string, times = 1) =>
    ((await client.hover(uri, ...at(text, word, times)))?.contents as { value: string } | undefined)?.value;
  expect(await says('r14=')).toMatch(
    /not free behind `mov r14=r32`[\s\S]*r14 is live: read by `st8 \[r33\]=r14` at \S*a\.S:3/,
  );
  expect(await says('r14\n')).toMatch(/free behind[\s\S]*r14 is/);
  expect(await says('r15', 2)).toBeUndefined();
  expect(await says('b0')).toContain('branch register');
});

test('definitions: macros, labels, numbered labels, what a macro makes', async () => {
  const text = [
    '#define ENTRY(name) .global name; name:',
    '#define TWICE(x) add x=x,x',
    '\t.macro once a',
    '\tadd \\a=1,\\a',
    '\t.endm',
    'ENTRY(made)',
    '1:\tTWICE(r8)',
    '\tonce r9',
    '\tbr.cond.sptk 1b',
    '\tbr.cond.sptk 1f',
    '1:\tbr.cond.sptk made',
    '\tbr.cond.sptk .Lhere',
    '.Lhere:\tbr.ret.sptk.many b0',
    '\tbr.cond.sptk elsewhere',
    '',
  ].join('\n');
  const { client, uri, folder } = await opened('a.S', text);
  await client.open(uriOf(join(folder, 'b.S')), 'elsewhere:\tbr.ret.sptk.many b0\n');
  const lines = async (word: string, times = 1) =>
    (await client.definitions(uri, ...at(text, word, times))).map((each) => [each.range.start.line, each.uri === uri]);
  expect(await lines('TWICE(r8')).toEqual([[1, true]]);
  expect(await lines('once r9')).toEqual([[2, true]]);
  expect(await lines('1b')).toEqual([[6, true]]);
  expect(await lines('1f')).toEqual([[10, true]]);
  expect(await lines('made', 2)).toEqual([[5, true]]);
  expect(await lines('.Lhere')).toEqual([[12, true]]);
  expect(await lines('elsewhere')).toEqual([[0, false]]);
  expect(await lines('r8')).toEqual([]);
});

test("an operation's macro leads to its body in each target, shipped or the project's own", async () => {
  const own = '.macro ASM_THASH pred, breg, d, s, s1\n\t(\\pred) thash \\d=\\s\n.endm\n';
  const text = 'f:\tASM_THASH(-, r8, r9, r10)\n\tbr.ret.sptk.many b0\n';
  const files = { 'acme.S': own, 'pvasm.toml': 'targets = ["xen", "./acme.S"]\n' };
  const { client, uri } = await opened('a.S', text, files);
  const places = await client.definitions(uri, ...at(text, 'ASM_THASH'));
  expect(places.map((place) => fileURLToPath(place.uri).replace(/.*\//, ''))).toEqual(['xen.S', 'acme.S']);
  for (const place of places) expect(lineAt(place)).toMatch(/^ASM_THASH\b/);
  const { value } = (await client.hover(uri, ...at(text, 'ASM_THASH')))!.contents as { value: string };
  expect(value).toContain('operation THASH');
  expect(value).toContain('- acme: `(\\pred) thash \\d=\\s`');
});

/** What the edits of an action make of a text. */
function applied(text: string, edits: readonly TextDocumentEdit[]): string {
  const document = TextDocument.create('file:///x', 'ia64', 1, text);
  return TextDocument.applyEdits(
    document,
    edits.flatMap((each) => each.edits as { range: Diagnostic['range']; newText: string }[]),
  );
}

test('repairs: one by one where they are asked for, and all as check --fix makes them', async () => {
  const { client, uri, folder } = await opened('ivt.S', IVT, { 'minstate.h': minstate });
  const diagnostics = await client.diagnostics(uri);
  const [line, character] = at(IVT, 'thash');
  const bare = diagnostics.find(({ range }) => range.start.line === line)!;
  const actions = await client.actions(uri, bare.range);
  expect(actions.map(({ kind }) => kind)).toEqual(['quickfix', 'source.fixAll.pvasm']);
  const [repair] = actions;
  expect(repair!.title).toMatch(/^write ASM_THASH\(/);
  const changes = repair!.edit!.documentChanges as TextDocumentEdit[];
  expect(changes.map(({ textDocument }) => textDocument)).toEqual([{ uri, version: 1 }]);
  expect(applied(IVT, changes).split('\n')[line]!.slice(character)).toMatch(/^ASM_THASH\(/);
  expect(await client.actions(uri, bare.range, ['refactor'])).toEqual([]);
  const all = await client.actions(uri, { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, [
    'source.fixAll',
  ]);
  pvasm(folder, 'check', '--fix', 'ivt.S');
  const fixed = readFileSync(join(folder, 'ivt.S'), 'latin1');
  expect(fixed).not.toBe(IVT);
  expect(applied(IVT, all[0]!.edit!.documentChanges as TextDocumentEdit[])).toBe(fixed);
});

test('positions count UTF-16 units, whatever stands on the line; URIs may hold any character', async () => {
  const text = 'f:\t/* é 𝒳 ﬁ */ mov r8=cr.ifa /* ü */ ;; mov r9=cr.iip\r\n\tbr.ret.sptk.many b0\r\n';
  const name = 'ä b%20c#é.S';
  const { client, uri } = await opened(name, text);
  const diagnostics = await client.diagnostics(uri);
  const document = TextDocument.create(uri, '', 1, text);
  expect(diagnostics.map(({ range }) => document.getText(range))).toEqual(['mov r8=cr.ifa', 'mov r9=cr.iip']);
  const hover = await client.hover(uri, ...at(text, 'r9'));
  expect(document.getText(hover!.range!)).toBe('r9');
  const [action] = await client.actions(uri, diagnostics[1]!.range);
  const changed = applied(text, action!.edit!.documentChanges as TextDocumentEdit[]);
  expect(changed).toMatch(/^f:\t\/\* é 𝒳 ﬁ \*\/ mov r8=cr\.ifa \/\* ü \*\/ ;; ASM_READ_IIP\(.*\)\r\n\tbr\.ret/);
  // Typing behind such characters, as an editor sends it.
  const [line, character] = at(text, 'r9');
  await client.change(uri, 'r10', { start: { line, character }, end: { line, character: character + 2 } });
  expect((await client.diagnostics(uri)).map(({ message }) => message)[1]).toContain("'mov r10=cr.iip'");
});

test('a file in another encoding, and one with carriage returns alone, keep their lines', async () => {
  const { client, uri, folder } = await opened('a.S', '#include "l.h"\nf:\tLATIN\n\tbr.ret.sptk.many b0\n', {});
  writeFileSync(join(folder, 'l.h'), Buffer.from('/* \xe9\xe9 */ #\n/* \xe9 */\n#define LATIN mov r8=r9\n', 'latin1'));
  expect((await client.definitions(uri, 1, 3)).map(({ range }) => range.start)).toEqual([{ line: 2, character: 0 }]);
  const cr = uriOf(join(folder, 'cr.S'));
  await client.open(cr, 'f: // one\r// two\n\tmov r8=cr.ifa\n\tbr.ret.sptk.many b0\n');
  expect((await client.diagnostics(cr)).map(({ range }) => range.start)).toEqual([{ line: 2, character: 1 }]);
});

test.each([
  ['nothing', ''],
  ['a character that is in no source', 'f:\tmov r8=\0cr.ifa\n'],
  ['an open comment', 'f: /* mov r8=cr.ifa\n'],
  ['an open condition and half an instruction', '#if 1\nf:\tmov r8=\n'],
  ['a macro that calls itself', '\t.macro m\n\tm\n\t.endm\n\tm\n'],
  ['a header that includes itself', '#include "a.S"\nf:\tmov r8=cr.ifa\n'],
  ['no text at all', '\uffff\ud800 \u0007\u2028{{{{ }}}} [[[ "\\'],
])('%s does no harm', async (_, text) => {
  const { client, uri } = await opened('a.S', text);
  expect((await client.diagnostics(uri)).every(({ message }) => message !== '')).toBe(true);
  await client.hover(uri, 0, 3);
  await client.hover(uri, 1_000_000, 1_000_000);
  expect(await client.definitions(uri, 50, 100)).toEqual([]);
  await client.actions(uri, { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } });
  await client.change(uri, 'f:\tmov r8=cr.ifa\n\tbr.ret.sptk.many b0\n');
  expect((await client.diagnostics(uri)).map(({ code }) => code)).toEqual(['PV001']);
});

test('a large file is answered for', async () => {
  const text = `f:\tmov r8=cr.ifa\n${'\tadd r9=r9,r10 ;;\n'.repeat(20_000)}\tbr.ret.sptk.many b0\n`;
  const { client, uri } = await opened('a.S', text);
  expect((await client.diagnostics(uri)).map(({ code }) => code)).toEqual(['PV001']);
  expect(await client.hover(uri, 15_000, 6)).not.toBeNull();
});

test('what is in no file, or is not open, is answered with nothing', async () => {
  const { client, folder } = await opened('a.S', '');
  await client.open('untitled:Untitled-1', 'mov r8=cr.ifa\n');
  expect(await client.hover('untitled:Untitled-1', 0, 1)).toBeNull();
  expect(await client.hover(uriOf(join(folder, 'not open.S')), 0, 1)).toBeNull();
  expect(await client.definitions('nonsense', 0, 1)).toEqual([]);
});

test('a file that is closed shows nothing more', async () => {
  const { client, uri } = await opened('a.S', 'f:\tmov r8=cr.ifa\n\tbr.ret.sptk.many b0\n');
  expect(await client.diagnostics(uri)).toHaveLength(1);
  await client.close(uri);
  await client.open(uri, '');
  expect(await client.diagnostics(uri)).toEqual([]);
});

test('the server ends with its client: by exit, with and without shutdown, and when its input ends', async () => {
  const folder = folderWith({});
  expect(await (await started(folder)).stop()).toBe(0);
  const rude = await started(folder);
  await rude.connection.sendNotification('exit');
  expect(await rude.ended).toBe(1);
  const gone = await started(folder);
  gone.server.stdin!.end();
  expect(await gone.ended).toBe(1);
});

test('a kernel source in a folder of its own configuration', async () => {
  const folder = folderWith({
    'pvasm.toml': '[rules]\nPV001 = "error"\n',
    'arch/kernel/a.S': '',
    'arch/pvasm.toml': '',
  });
  copyFileSync(join(projectRoot, 'samples/ivt.S'), join(folder, 'ivt.S'));
  const client = await started(join(folder, 'arch'), { workspace: [folder] });
  const text = 'f:\tmov r8=cr.ifa\n\tbr.ret.sptk.many b0\n';
  const inner = uriOf(join(folder, 'arch/kernel/a.S'));
  const outer = uriOf(join(folder, 'b.S'));
  await client.open(inner, text);
  await client.open(outer, text);
  expect((await client.diagnostics(inner)).map(({ severity }) => severity)).toEqual([2]);
  expect((await client.diagnostics(outer)).map(({ severity }) => severity)).toEqual([1]);
  expect(mustRun(process.execPath, [join(projectRoot, 'bin/pvasm.js'), 'lsp', '--help'])).toContain('language server');
});
