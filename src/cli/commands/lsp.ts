/** `pvasm lsp`: a language server, for an editor that starts it and talks to it over standard input and output. */
import { resolve } from 'node:path';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import type { CheckSettingArguments } from '../check-settings.ts';
import type { ExitCode } from '../failure.ts';
import { withPaths } from '../joint-targets.ts';
import { serve } from '../lsp/server.ts';

/** Never returns: the process ends when the client says `exit`, or is gone. */
export function lspCommand(given: CheckSettingArguments): Promise<ExitCode> {
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  serve(connection, fromAnywhere(given));
  return new Promise(() => undefined);
}

/** Each file is checked from the folder of its pvasm.toml; what the command line names is in this one. */
function fromAnywhere(given: CheckSettingArguments): CheckSettingArguments {
  const at = (path: string) => resolve(path);
  const unlessName = (name: string) => (/[./\\]/.test(name) ? at(name) : name);
  return {
    ...given,
    config: typeof given.config === 'string' ? resolve(given.config) : given.config,
    conventions: given.conventions.map(unlessName),
    targets: given.targets?.map((target) => withPaths(target, at)) ?? null,
    includeDirs: given.includeDirs.map(at),
    commands: given.commands.map((each) => (each.kind === 'include' ? { ...each, path: at(each.path) } : each)),
  };
}
