/**
 * Runs calls of the built tool one behind the other in one process: starting it anew takes longer than most of them.
 * `node pvasm-server.mjs DIST REQUESTS`: the built tool, and a pipe of lines, each the JSON of a `Request`; the exit code of each call goes to
 * descriptor 3, a line each. What calls say goes to descriptors 1 and 2, as from any process.
 */
import { createReadStream, rmSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { optimiseLater } from './optimise-later.mjs';

/** @typedef {{args: string[], cwd: string, env: Record<string, string>}} Request */

const [, , dist, requests] = process.argv;
if (dist === undefined || requests === undefined) throw new Error('two arguments are needed');
optimiseLater();
const require = createRequire(import.meta.url);
/** @type {{plainCall(args: readonly string[]): {code: number | null, bytes: ReadonlyMap<string, Buffer>}}} */
const { plainCall } = require(join(dist, 'plain.cjs'));
/** @type {{main(args: readonly string[], bytes: ReadonlyMap<string, Buffer>): Promise<number>}} */
const { main } = require(join(dist, 'pvasm.cjs'));
for await (const line of createInterface({ input: createReadStream(requests) })) {
  /** @type {Request} */
  const { args, cwd, env } = JSON.parse(line);
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  const { code, bytes } = plainCall(args); // as the launcher does
  writeSync(3, `${code ?? (await main(args, bytes))}\n`);
}
// Whoever asked has ended.
rmSync(dirname(requests), { recursive: true, force: true });
