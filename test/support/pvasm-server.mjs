/**
 * Runs calls of the built tool one behind the other in one process: starting it anew takes longer than most of them.
 * `node pvasm-server.mjs BUNDLE REQUESTS`: the built tool, and a pipe of lines, each the JSON of a `Request`; the exit code of each call goes to
 * descriptor 3, a line each. What calls say goes to descriptors 1 and 2, as from any process.
 */
import { createReadStream, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

/** @typedef {{args: string[], cwd: string, env: Record<string, string>}} Request */

const [, , bundle, requests] = process.argv;
if (bundle === undefined || requests === undefined) throw new Error('two arguments are needed');
/** @type {{main(args: readonly string[]): Promise<number>}} */
const { main } = await import(bundle);
for await (const line of createInterface({ input: createReadStream(requests) })) {
  /** @type {Request} */
  const { args, cwd, env } = JSON.parse(line);
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  writeSync(3, `${await main(args)}\n`);
}
// Whoever asked has ended.
rmSync(dirname(requests), { recursive: true, force: true });
