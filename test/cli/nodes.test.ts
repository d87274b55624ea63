/** Calls that go wrong say the same on every Node that the tool is for; what they say is tested on the running one. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NODE_VERSIONS, prepareNode } from '../../scripts/inputs/nodes.mjs';
import { type Called, callPvasm } from '../support/pvasm.ts';
import { BAD_FILES, CALL_FILES, FAILED_DOCUMENTS, MISUSED, WRONG_INPUTS, WRONG_LINES } from './bad-calls.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-nodes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => {
  mkdirSync(join(folder, 'directory.S'));
  for (const [name, text] of Object.entries({ ...CALL_FILES, ...BAD_FILES }))
    writeFileSync(join(folder, name), text, 'latin1');
});

const CALLS: readonly (readonly string[])[] = [
  ...MISUSED.map(([args]) => args),
  ...FAILED_DOCUMENTS,
  ...WRONG_LINES.map(([line]) => line.split(' ').filter(Boolean)),
  ...WRONG_INPUTS.map(([input]) => ['rewrite', 'good.S', input, '-o', 'out']),
];

function callsOn(version: string): [args: readonly string[], called: Called][] {
  const node = prepareNode(version);
  return CALLS.map((args) => [args, callPvasm(args, { cwd: folder, node })]);
}

let running: ReturnType<typeof callsOn>;
beforeAll(() => {
  running = callsOn(NODE_VERSIONS.find((version) => prepareNode(version) === process.execPath)!);
});

test.each(NODE_VERSIONS.filter((version) => prepareNode(version) !== process.execPath))('Node %s', (version) => {
  const before = readdirSync(folder).sort();
  const called = callsOn(version);
  expect(called.length).toBeGreaterThan(80);
  expect(called).toEqual(running);
  for (const [args, { status }] of called) expect(status, args.join(' ')).toBe(2);
  expect(readdirSync(folder).sort()).toEqual(before);
});
