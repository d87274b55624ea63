// @ts-nocheck -- what it requires as `vscode` is vscode.cjs
/** `node host.cjs EXTENSION FILE COMMAND`: activates the extension, opens, changes and closes the file, and prints what comes of it. */
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');

const find = Module._resolveFilename;
Module._resolveFilename = (name, ...rest) =>
  name === 'vscode' ? join(__dirname, 'vscode.cjs') : find.call(Module, name, ...rest);

const { CancellationTokenSource, Position, Range, Uri, editor } = require('vscode');
const [extensionPath, file, command] = process.argv.slice(2);
const extension = require(extensionPath);

const document = (text, version) => {
  const lines = text.split('\n');
  return {
    ...{ uri: Uri.file(file), fileName: file, languageId: 'ia64', version, isClosed: false, isUntitled: false },
    ...{ lineCount: lines.length, getText: () => text, lineAt: (line) => ({ text: lines[line] }) },
  };
};
const published = () =>
  new Promise((resolve) => {
    const listening = editor.published.event(({ uri, diagnostics }) => {
      listening.dispose();
      resolve({
        file: uri.fsPath,
        found: diagnostics.map(({ range, message, code }) => [range.start.line + 1, code?.value ?? code, message]),
      });
    });
  });

async function main() {
  editor.settings.command = command;
  const context = { subscriptions: [] };
  await extension.activate(context);
  const seen = { commands: [...editor.commands.keys()] };
  const text = readFileSync(file, 'latin1');
  const first = published();
  editor.documents = [document(text, 1)];
  editor.opened.fire(editor.documents[0]);
  seen.opened = await first;
  const line = text.split('\n').findIndex((each) => each.includes('thash'));
  const hover = await editor.providers.hover.provideHover(
    editor.documents[0],
    new Position(line, text.split('\n')[line].indexOf('thash')),
    new CancellationTokenSource().token,
  );
  seen.hover = [hover.contents]
    .flat()
    .map(({ value }) => value)
    .join('\n');
  const second = published();
  editor.documents = [document(`\n${text}`, 2)];
  const change = { range: new Range(0, 0, 0, 0), rangeOffset: 0, rangeLength: 0, text: '\n' };
  editor.changed.fire({ document: editor.documents[0], contentChanges: [change], reason: undefined });
  seen.changed = await second;
  await editor.commands.get('pvasm.restart')();
  seen.restarted = await published();
  await extension.deactivate();
  process.stdout.write(JSON.stringify(seen), () => process.exit(0));
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
