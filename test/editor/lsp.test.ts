import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { Client, uriOf } from './client.ts';

test('try', async () => {
  const { client, result } = await Client.start('.', { workspace: [process.cwd()] });
  console.log(JSON.stringify(result));
  const uri = uriOf('samples/ivt.S');
  await client.open(uri, readFileSync('samples/ivt.S', 'utf8'));
  console.time('d');
  const d = await client.diagnostics(uri);
  console.timeEnd('d');
  console.log(d.length, JSON.stringify(d.slice(0, 2), null, 1));
  console.time('h');
  for (const [l, c] of [
    [48, 6],
    [48, 2],
    [48, 9],
    [60, 10],
  ])
    console.log(JSON.stringify(await client.hover(uri, l!, c!), null, 1));
  console.timeEnd('h');
  console.log(JSON.stringify(await client.actions(uri, d[0]!.range), null, 1));
  console.log(await client.stop());
});
