/** README.md and docs/*.md: sessions print what stands below their commands; examples name commands and options that there are. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { hasSessions, pages, ranPage } from '../../scripts/inputs/console.mjs';
import { COMMANDS, GLOBAL_OPTIONS } from '../../src/cli/options/all.ts';
import { describedOptions } from '../../src/cli/options/described.ts';
import { provideBuilt } from '../support/built.ts';

beforeAll(provideBuilt);

const text = (page: string) => readFileSync(join(projectRoot, page), 'utf8');

test('there are sessions, in the quick start at least', () =>
  expect(pages().filter(hasSessions)).toContain('docs/quick-start.md'));

test.each(pages().filter(hasSessions))('%s: commands print what stands below them', (page) => {
  expect(ranPage(page)).toBe(text(page));
});

/** By command: its options, long and short, as they are typed. */
const known = new Map(
  COMMANDS.map(({ usage, options = {} }) => {
    const names = [...describedOptions(GLOBAL_OPTIONS), ...describedOptions(options)].flatMap(({ name, letter }) => [
      `--${name}`,
      `--no-${name}`,
      `-${letter ?? name}`,
    ]);
    return [usage.split(' ')[0]!, new Set([...names, '--help', '--version'])] as const;
  }),
);

/** The calls in a page's blocks and code spans, without their remarks. */
function callsIn(page: string): string[] {
  const blocks = [...page.matchAll(/^```(?:console|sh)?\n([\s\S]*?)^```$/gm)].flatMap(([, block]) =>
    block!.split('\n'),
  );
  const spans = [...page.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/`(pvasm [^`]*)`/g)].map((match) => match[1]!);
  return [...blocks, ...spans]
    .flatMap((line) => /^(?:\$ )?(pvasm [\s\S]*)$/.exec(line.replace(/\s+/g, ' '))?.[1] ?? [])
    .map((line) => line.replace(/ #.*$/, ''));
}

const examples = pages().flatMap((page) => callsIn(text(page)).map((call) => [page, call] as const));

test.each(examples)('%s: %s', (_, call) => {
  const words = call.split(' ');
  const command = words[1]!.replace(/\W+$/, '');
  if (!/^[a-z]+$/.test(command)) return expect(words[1]).toMatch(/^(--\w+|\S*[A-Z.]\S*|\.\.\.)$/);
  expect([...known.keys()]).toContain(command);
  const options = call.match(/(?<= |\[|\()--[a-z][a-z-]*/g) ?? [];
  const other = [...known.values()].flatMap((own) => [...own]);
  for (const option of options) expect(/ {2,}|\(|\|/.test(call) ? other : [...known.get(command)!]).toContain(option);
});

const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { scripts: object };

test.each(pages())('%s: what npm, node and vitest are to run is there', (page) => {
  const asked = [...text(page).matchAll(/\bnpm run ([\w:]+)|\b(?:node|vitest run) ((?:scripts|test)\/[\w./-]+)/g)];
  for (const [, script, path] of asked)
    if (script !== undefined) expect(Object.keys(scripts)).toContain(script);
    else expect(existsSync(join(projectRoot, path!.replace(/\.$/, ''))), path).toBe(true);
});

test('CONTRIBUTING names scripts of both kinds', () =>
  expect(text('docs/CONTRIBUTING.md')).toMatch(/npm run lint[\s\S]*node scripts\/screenshot\.mjs/));
