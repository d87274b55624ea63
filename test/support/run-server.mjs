/**
 * Runs programs one behind the other: `node run-server.mjs REQUESTS`. What they write goes to descriptors 1 and 2 of this process; how each has
 * ended goes to descriptor 3, a line of JSON each.
 */
import { spawnSync } from 'node:child_process';
import { createReadStream, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

/** @typedef {{program: string, args: string[], cwd: string, env: Record<string, string>, input: string | null}} Request */

const [, , requests] = process.argv;
if (requests === undefined) throw new Error('an argument is needed');
for await (const line of createInterface({ input: createReadStream(requests) })) {
  /** @type {Request} */
  const { program, args, cwd, env, input } = JSON.parse(line);
  const { status, error } = spawnSync(program, args, {
    cwd,
    env,
    input: input === null ? '' : Buffer.from(input, 'latin1'),
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  writeSync(3, `${JSON.stringify({ status, error: error?.message ?? null })}\n`);
}
// Whoever asked has ended.
rmSync(dirname(requests), { recursive: true, force: true });
