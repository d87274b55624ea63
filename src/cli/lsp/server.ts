/** The language server: the protocol on one side, `Answers` on the other. */
import {
  type CodeActionParams,
  type Connection,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  type InitializeParams,
  type InitializeResult,
  type TextDocumentPositionParams,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CheckSettingArguments } from '../check-settings.ts';
import { Failure } from '../failure.ts';
import { VERSION } from '../version.ts';
import { Answers, FIX_ALL } from './answers.ts';
import { Checks } from './checks.ts';
import { type OpenDocument, OpenDocuments } from './documents.ts';
import { pathOfUri } from './folders.ts';

/** Delay in milliseconds after the last change before a file is checked; if its last check took longer, that time is used. */
const PAUSE = 250;

/** What a change on disk can mean something for. */
const WATCHED = '**/*.{S,s,h,toml,tsv}';

/** Serves until the client says `exit`. */
export function serve(connection: Connection, given: CheckSettingArguments): void {
  const documents = new OpenDocuments();
  const checks = new Checks(documents, given);
  const answers = new Answers(documents, checks);
  const diagnoses = new Diagnoses(connection, documents, answers);
  let watches = false;
  connection.onInitialize((params) => {
    checks.workspace = workspaceFolders(params);
    watches = params.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    return CAPABILITIES;
  });
  connection.onInitialized(() => {
    if (!watches) return;
    const watchers = [{ globPattern: WATCHED }];
    connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(() => undefined);
  });
  const changed = (paths: readonly string[]) => {
    documents.generation++;
    if (paths.some((path) => !isCode(path))) checks.forgetSettings();
    diagnoses.recheck(paths);
  };
  connection.onDidChangeWatchedFiles(({ changes }) => {
    // What is open is known from the editor; what was written is the same.
    const others = changes.filter(({ uri }) => documents.get(pathOfUri(uri) ?? '') === undefined);
    const paths = others.flatMap(({ uri }) => pathOfUri(uri) ?? []);
    if (paths.length === 0) return;
    changed(paths);
    // A new header may be found by any file before another one of its name; no file depends on it yet.
    if (others.some(({ type }) => type === FileChangeType.Created)) diagnoses.recheckAll();
  });
  listen(connection, documents, diagnoses, changed);
  const ask = <T>(uri: string, none: T, answer: (document: OpenDocument) => T): T => {
    const path = pathOfUri(uri);
    const document = path === null ? undefined : documents.get(path);
    if (document === undefined || !isCode(document.path)) return none;
    try {
      return answer(document);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return none; // what is wrong is one of the file's diagnostics
    }
  };
  connection.onHover(({ textDocument, position }: TextDocumentPositionParams) =>
    ask(textDocument.uri, null, (document) => answers.hover(document, position)),
  );
  connection.onDefinition(({ textDocument, position }: TextDocumentPositionParams) =>
    ask(textDocument.uri, [], (document) => answers.definitions(document, position)),
  );
  connection.onCodeAction(({ textDocument, range, context }: CodeActionParams) =>
    ask(textDocument.uri, [], (document) => answers.actions(document, range, context)),
  );
  connection.listen();
}

const CAPABILITIES: InitializeResult = {
  capabilities: {
    // What every client knows, and the library counts in.
    positionEncoding: 'utf-16',
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
    hoverProvider: true,
    definitionProvider: true,
    codeActionProvider: { codeActionKinds: ['quickfix', FIX_ALL] },
    workspace: { workspaceFolders: { supported: true } },
  },
  serverInfo: { name: 'pvasm', version: VERSION },
};

function workspaceFolders({ workspaceFolders: folders, rootUri }: InitializeParams): string[] {
  const uris = folders?.map(({ uri }) => uri) ?? (rootUri === null ? [] : [rootUri]);
  return uris.flatMap((uri) => pathOfUri(uri) ?? []);
}

/** Not a configuration or a table, which settings are read from. */
function isCode(path: string): boolean {
  return /\.[sSh]$/.test(path);
}

/** Follows what the editor opens, changes and closes. */
function listen(
  connection: Connection,
  documents: OpenDocuments,
  diagnoses: Diagnoses,
  changed: (paths: readonly string[]) => void,
): void {
  const texts = new TextDocuments(TextDocument);
  texts.onDidChangeContent(({ document }) => {
    const path = pathOfUri(document.uri);
    if (path === null) return;
    const isNew = documents.get(path) === undefined;
    documents.put(document.uri, path, document.version, document.getText());
    changed([path]);
    if (isNew) diagnoses.now(path);
  });
  texts.onDidClose(({ document }) => {
    const path = pathOfUri(document.uri);
    if (path === null || documents.get(path)?.uri !== document.uri) return;
    documents.close(path);
    diagnoses.close(document.uri, path);
    changed([path]);
  });
  texts.listen(connection);
}

/** Which files are to be checked, and when. */
class Diagnoses {
  readonly #connection: Connection;
  readonly #documents: OpenDocuments;
  readonly #answers: Answers;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** By path: how long the last check took. */
  readonly #took = new Map<string, number>();

  constructor(connection: Connection, documents: OpenDocuments, answers: Answers) {
    this.#connection = connection;
    this.#documents = documents;
    this.#answers = answers;
  }

  /** Checks again, after a pause, all open files that may look otherwise now that some files have changed. */
  recheck(paths: readonly string[]): void {
    for (const { path } of this.#documents.all()) {
      const read = this.#answers.readFor(path);
      const isConcerned = paths.some((changed) => changed === path || !isCode(changed) || read?.has(changed) === true);
      if (isConcerned) this.#schedule(path, Math.max(PAUSE, this.#took.get(path) ?? 0));
    }
  }

  recheckAll(): void {
    this.recheck(this.#documents.all().map(({ path }) => path));
  }

  now(path: string): void {
    this.#schedule(path, 0);
  }

  close(uri: string, path: string): void {
    clearTimeout(this.#timers.get(path));
    this.#timers.delete(path);
    this.#answers.forget(path);
    this.#connection.sendDiagnostics({ uri, diagnostics: [] }).catch(() => undefined);
  }

  #schedule(path: string, pause: number): void {
    clearTimeout(this.#timers.get(path));
    this.#timers.set(
      path,
      setTimeout(() => this.#check(path), pause),
    );
  }

  #check(path: string): void {
    this.#timers.delete(path);
    const document = this.#documents.get(path);
    if (document === undefined || !isCode(path)) return;
    const started = performance.now();
    const { uri, version } = document;
    try {
      const diagnostics = [...this.#answers.diagnostics(document)];
      this.#connection.sendDiagnostics({ uri, version, diagnostics }).catch(() => undefined);
    } catch (error) {
      // A defect of the tool: the editor goes on, with what was found before.
      this.#connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    this.#took.set(path, performance.now() - started);
  }
}
