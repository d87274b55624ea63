/** A real client of the language server: the maintained library, over the standard streams of a process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type CodeAction,
  CodeActionRequest,
  createProtocolConnection,
  DefinitionRequest,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  type FileChangeType,
  type Hover,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  type Location,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  type Range,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { projectRoot } from '../../scripts/inputs/cache.mjs';

export function uriOf(path: string): string {
  return pathToFileURL(path).href;
}

export class Client {
  readonly #versions = new Map<string, number>();
  readonly #published = new Map<string, PublishDiagnosticsParams>();
  readonly #waiting = new Set<() => void>();
  readonly ended: Promise<number | null>;
  /** Patterns of files that the server asked to be told of. */
  readonly watched: Promise<unknown>;

  private constructor(
    readonly server: ChildProcess,
    readonly connection: ProtocolConnection,
  ) {
    this.ended = new Promise((resolve) => {
      server.once('exit', (code) => resolve(code));
    });
    this.watched = new Promise((resolve) => {
      connection.onRequest(RegistrationRequest.type, ({ registrations }) => resolve(registrations[0]?.registerOptions));
    });
    connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
      this.#published.set(params.uri, params);
      for (const each of [...this.#waiting]) each();
    });
    connection.listen();
  }

  static async start(
    folder: string,
    { args = [], workspace = [folder] }: { args?: readonly string[]; workspace?: readonly string[] } = {},
  ): Promise<{ client: Client; result: InitializeResult }> {
    const server = spawn(process.execPath, [join(projectRoot, 'bin/pvasm.js'), 'lsp', '--stdio', ...args], {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const connection = createProtocolConnection(
      new StreamMessageReader(server.stdout!),
      new StreamMessageWriter(server.stdin!),
    );
    const client = new Client(server, connection);
    const result = await connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: workspace.map((each) => ({ uri: uriOf(each), name: 'work' })),
      capabilities: { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } },
    });
    await connection.sendNotification(InitializedNotification.type, {});
    return { client, result };
  }

  async open(uri: string, text: string): Promise<void> {
    this.#versions.set(uri, 1);
    const textDocument = { uri, languageId: 'ia64', version: 1, text };
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
  }

  /** Replaces a range, as typing does; without one the whole text. */
  async change(uri: string, text: string, range?: Range): Promise<void> {
    const version = this.#versions.get(uri)! + 1;
    this.#versions.set(uri, version);
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version },
      contentChanges: [range === undefined ? { text } : { range, text }],
    });
  }

  async close(uri: string): Promise<void> {
    await this.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
  }

  async filesChanged(uri: string, type: FileChangeType): Promise<void> {
    await this.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes: [{ uri, type }] });
  }

  /** The diagnostics of the version that was sent last, once they are there; forgotten then, so that new ones can be waited for. */
  async diagnostics(uri: string): Promise<readonly Diagnostic[]> {
    const current = () => {
      const published = this.#published.get(uri);
      const isCurrent = published !== undefined && (published.version ?? 0) >= this.#versions.get(uri)!;
      return isCurrent ? published.diagnostics : undefined;
    };
    for (let found = current(); ; found = current()) {
      if (found !== undefined) {
        this.#published.delete(uri);
        return found;
      }
      await new Promise<void>((resolve) => {
        const heard = () => {
          this.#waiting.delete(heard);
          resolve();
        };
        this.#waiting.add(heard);
      });
    }
  }

  hover(uri: string, line: number, character: number): Promise<Hover | null> {
    return this.connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position: { line, character } });
  }

  async definitions(uri: string, line: number, character: number): Promise<readonly Location[]> {
    const found = await this.connection.sendRequest(DefinitionRequest.type, {
      textDocument: { uri },
      position: { line, character },
    });
    return found as Location[];
  }

  async actions(uri: string, range: Range, only?: string[]): Promise<readonly CodeAction[]> {
    const found = await this.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range,
      context: { diagnostics: [], ...(only !== undefined && { only }) },
    });
    return found as CodeAction[];
  }

  /** Says goodbye as the protocol has it; the exit code of the server. */
  async stop(): Promise<number | null> {
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    return this.ended;
  }
}
