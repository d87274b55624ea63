// @ts-nocheck -- it stands in for an interface of which only a small part is there
/**
 * As much of Visual Studio Code's extension interface as the language client takes: documents, diagnostics, hovers. What is not here
 * is a class that does nothing, so that the client may extend it, or call it.
 */
const { fileURLToPath, pathToFileURL } = require('node:url');

class Position {
  constructor(line, character) {
    Object.assign(this, { line, character });
  }
}
class Range {
  constructor(start, end, endLine, endCharacter) {
    const isNumbers = typeof start === 'number';
    this.start = isNumbers ? new Position(start, end) : start;
    this.end = isNumbers ? new Position(endLine, endCharacter) : end;
  }
}
class Disposable {
  constructor(action) {
    this.dispose = action ?? (() => undefined);
  }
  static from(...all) {
    return new Disposable(() => all.map((each) => each.dispose()));
  }
}
class EventEmitter {
  listeners = new Set();
  event = (listener, self) => {
    const bound = self === undefined ? listener : listener.bind(self);
    this.listeners.add(bound);
    return new Disposable(() => this.listeners.delete(bound));
  };
  fire(value) {
    for (const each of [...this.listeners]) each(value);
  }
  dispose() {}
}
class CancellationTokenSource {
  token = { isCancellationRequested: false, onCancellationRequested: () => new Disposable() };
  cancel() {}
  dispose() {}
}
class Uri {
  constructor(href) {
    this.href = href;
    this.scheme = href.split(':')[0];
    this.fsPath = href.startsWith('file:') ? fileURLToPath(href) : href;
    this.path = this.fsPath;
  }
  static parse = (href) => new Uri(href);
  static file = (path) => new Uri(pathToFileURL(path).href);
  toString() {
    return this.href;
  }
}
class Diagnostic {
  constructor(range, message, severity) {
    Object.assign(this, { range, message, severity });
  }
}
class MarkdownString {
  constructor(value) {
    this.value = value;
  }
}
class CodeActionKind {
  constructor(value) {
    this.value = value;
  }
  append(part) {
    return new CodeActionKind(this.value === '' ? part : `${this.value}.${part}`);
  }
  static Empty = new CodeActionKind('');
  static QuickFix = new CodeActionKind('quickfix');
  static Refactor = new CodeActionKind('refactor');
  static Source = new CodeActionKind('source');
}
class Hover {
  constructor(contents, range) {
    Object.assign(this, { contents, range });
  }
}

/** What the extension did, for the test to see, and what happens in the editor. */
const editor = {
  folder: process.cwd(),
  settings: {},
  documents: [],
  published: new EventEmitter(),
  providers: {},
  commands: new Map(),
  opened: new EventEmitter(),
  changed: new EventEmitter(),
  closed: new EventEmitter(),
};

/** An object in which whatever is asked for, and is not there, is a class that does nothing. */
function lenient(members) {
  return new Proxy(members, {
    get: (own, name) => {
      if (name in own || typeof name === 'symbol' || name === 'then') return own[name];
      if (/^on[A-Z]/.test(name)) return () => new Disposable();
      own[name] = lenient(class {});
      return own[name];
    },
    has: () => true,
    apply: () => new Disposable(),
  });
}

const matches = (selector, document) =>
  [selector]
    .flat()
    .some(
      ({ language, pattern }) => language === document.languageId || (pattern && /\.[sSh]$/.test(document.uri.fsPath)),
    );

module.exports = lenient({
  ...{
    Position,
    Range,
    Disposable,
    EventEmitter,
    CancellationTokenSource,
    CodeActionKind,
    Uri,
    Diagnostic,
    MarkdownString,
    Hover,
  },
  editor,
  version: '1.91.0',
  env: lenient({ appName: 'editor', language: 'en' }),
  workspace: lenient({
    get textDocuments() {
      return editor.documents;
    },
    workspaceFolders: [{ uri: Uri.file(editor.folder), name: 'work', index: 0 }],
    notebookDocuments: [],
    isTrusted: true,
    getConfiguration: () => ({ get: (name, none) => editor.settings[name] ?? none, inspect: () => undefined }),
    getWorkspaceFolder: () => ({ uri: Uri.file(editor.folder), name: 'work', index: 0 }),
    onDidOpenTextDocument: editor.opened.event,
    onDidChangeTextDocument: editor.changed.event,
    onDidCloseTextDocument: editor.closed.event,
    createFileSystemWatcher: () => lenient({ dispose: () => undefined }),
  }),
  window: lenient({
    visibleTextEditors: [],
    activeTextEditor: undefined,
    tabGroups: lenient({ all: [], onDidChangeTabs: () => new Disposable() }),
    createOutputChannel: () =>
      lenient({ appendLine: () => undefined, append: () => undefined, dispose: () => undefined }),
    showErrorMessage: (text) => Promise.reject(new Error(text)),
  }),
  languages: lenient({
    match: (selector, document) => (matches(selector, document) ? 10 : 0),
    createDiagnosticCollection: () => ({
      set: (uri, diagnostics) => editor.published.fire({ uri, diagnostics }),
      delete: () => undefined,
      clear: () => undefined,
      dispose: () => undefined,
    }),
    registerHoverProvider: (_, provider) => {
      editor.providers.hover = provider;
      return new Disposable();
    },
  }),
  commands: lenient({
    registerCommand: (name, action) => {
      editor.commands.set(name, action);
      return new Disposable();
    },
  }),
});
