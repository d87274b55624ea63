/** The structure of src/: each name is exported once, imports make no circles, functions and files have a greatest length. */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { circles, exportedNames, longFunctions, modulesOf, parsedModule } from './modules.ts';

const MOST_LINES = 350;
const MOST_FUNCTION_LINES = 60;

const modules = modulesOf('.', 'src');

/** Names that several modules export, with these modules. */
function twice(list: typeof modules): string[] {
  const byName = new Map<string, string[]>();
  for (const module of list)
    for (const name of new Set(exportedNames(module))) byName.set(name, [...(byName.get(name) ?? []), module.path]);
  return [...byName].filter(([, paths]) => paths.length > 1).map(([name, paths]) => `${name}: ${paths.join(', ')}`);
}

/** The room that a module is in: folders of cli and lint hold parts of one room. */
const roomOf = (path: string): string => dirname(path).replace(/^(src\/(?:cli|lint))\/.*/, '$1');

function roomEdges(list: typeof modules): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (const { path, imports } of list) {
    const room = roomOf(path);
    const targets = edges.get(room) ?? new Set();
    for (const each of imports) if (roomOf(each) !== room) targets.add(roomOf(each));
    edges.set(room, targets);
  }
  return edges;
}

const moduleEdges = (list: typeof modules) => new Map(list.map(({ path, imports }) => [path, imports]));

describe('src', () => {
  // The library's names are those of its users: `build` and `Finding` are what the tool calls so, as plain data.
  test('exports each name once', () =>
    expect(twice(modules.filter(({ path }) => !path.startsWith('src/library/')))).toEqual([]));
  test('has no circles of modules, of types neither', () => expect(circles(moduleEdges(modules))).toEqual([]));
  test('has no circles of folders', () => expect(circles(roomEdges(modules))).toEqual([]));
  test(`has no function of more than ${MOST_FUNCTION_LINES} lines`, () =>
    expect(modules.flatMap((module) => longFunctions(module, MOST_FUNCTION_LINES))).toEqual([]));
  test(`has no file of more than ${MOST_LINES} lines`, () => {
    const lines = modules.map(({ path, source }) => [path, source.getLineStarts().length - 1] as const);
    expect(lines.filter(([, count]) => count > MOST_LINES)).toEqual([]);
  });

  test('folders import only from those above them in the table of docs/ARCHITECTURE.md', () => {
    const table = readFileSync('docs/ARCHITECTURE.md', 'utf8');
    const rooms = [...table.matchAll(/^\| `(src(?:\/[^`]+)?)` \|/gm)].map(([, room]) => room!);
    const upward = [...roomEdges(modules)].flatMap(([room, targets]) =>
      [...targets]
        .filter((target) => rooms.indexOf(target) > rooms.indexOf(room))
        .map((target) => `${room}: ${target}`),
    );
    expect(upward).toEqual([]);
  });
});

test('each of these is seen', () => {
  const made = [
    parsedModule('src/a/x.ts', "import type { B } from '../b/y.ts';\nexport interface Twice {}\nexport type A = B;\n"),
    parsedModule('src/b/y.ts', "import { A } from '../a/x.ts';\nexport const Twice = 1, B = 2;\nexport default A;\n"),
    parsedModule('src/c/z.ts', `export function long() {\n${'\n'.repeat(60)}}\n`),
  ];
  expect(twice(made)).toEqual(['Twice: src/a/x.ts, src/b/y.ts']);
  expect(circles(moduleEdges(made))).toEqual([['src/a/x.ts', 'src/b/y.ts']]);
  expect(circles(roomEdges(made))).toEqual([['src/a', 'src/b']]);
  expect(made.flatMap((module) => longFunctions(module, 60))).toEqual(['src/c/z.ts:1 long: 62 lines']);
});
