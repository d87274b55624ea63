/** Starts `pvasm lsp` and hands the editor's files to it; everything else is the server's. */
import { commands, type ExtensionContext, workspace } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';

let client: LanguageClient | undefined;

/** The server's files: assembly in any folder, headers that the editor calls C, and what pvasm.toml and its like say. */
const SELECTOR = [
  { scheme: 'file', language: 'ia64' },
  { scheme: 'file', pattern: '**/*.{S,s,h}' },
  { scheme: 'file', pattern: '**/*.toml' },
];

export async function activate(context: ExtensionContext): Promise<void> {
  context.subscriptions.push(commands.registerCommand('pvasm.restart', restart));
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

async function start(): Promise<void> {
  const settings = workspace.getConfiguration('pvasm');
  const cwd = workspace.workspaceFolders?.[0]?.uri.fsPath;
  client = new LanguageClient(
    'pvasm',
    'pvasm',
    {
      command: settings.get('command', 'pvasm'),
      args: ['lsp', ...settings.get<string[]>('arguments', [])],
      transport: TransportKind.stdio,
      ...(cwd !== undefined && { options: { cwd } }),
    },
    { documentSelector: SELECTOR },
  );
  await client.start();
}

async function restart(): Promise<void> {
  await client?.stop();
  await start();
}
