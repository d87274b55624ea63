/** The examples on the rules' pages are the rules' tests: every line that fires says so in a comment, and no other fires. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { RULES } from '../../src/lint/registry.ts';
import { examples } from './examples.ts';
import { lintSnippet } from './snippet.ts';

/** The lines that are to fire: those with the rule's ID in a comment. */
function expected(text: string, rule: string): readonly number[] {
  return text.split('\n').flatMap((line, index) => {
    const comment = /(?:\/\/|\/\*|# ).*$/.exec(line)?.[0] ?? '';
    return comment.includes(rule) ? [index + 1] : [];
  });
}

test('every rule has a page and every page a rule', () => {
  const pages = readdirSync('docs/rules').filter((name) => /^PV\d+\.md$/.test(name));
  expect(pages.sort()).toEqual(RULES.map((rule) => `${rule.id}.md`));
});

test('the index lists them all', () => {
  const index = readFileSync('docs/rules/README.md', 'utf8').split('\n');
  const rows = RULES.map(
    ({ id, name, severity, summary }) => `| [${id}](${id}.md) | ${name} | ${severity} | ${summary} |`,
  );
  expect(index.filter((line) => line.startsWith('| ['))).toEqual(rows);
});

describe.each(RULES.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  const page = readFileSync(`docs/rules/${id}.md`, 'utf8');

  test('the page has its parts and agrees with the rule', () => {
    expect(page.split('\n')[0]).toBe(`# ${id} ${rule.name} (${rule.severity})`);
    expect(page.split('\n')[2]).toBe(rule.summary);
    expect([...page.matchAll(/^## (.*)$/gm)].map((match) => match[1])).toEqual(['Cause', 'Example', 'Fix']);
  });

  test('it shows both sides', () => {
    const sides = new Set(examples(page).map((example) => example.fires));
    expect(sides).toEqual(new Set([true, false]));
  });

  test.each(examples(page).map((example, index) => [index + 1, example] as const))(
    'example %i',
    (_, { where, conventions, fires, text }) => {
      const marked = expected(where === 'example.S' ? text : conventions, id);
      const found = lintSnippet(text, conventions)
        .filter((finding) => finding.rule === id && finding.file.name === where)
        .map((finding) => finding.file.position(finding.start).line);
      expect(marked.length > 0).toBe(fires);
      expect([...new Set(found)]).toEqual(marked);
    },
  );
});

test('each page says whether --fix mends it, or why it does not', () => {
  const silent = RULES.filter(
    ({ id }) => !readFileSync(`docs/rules/${id}.md`, 'utf8').split('## Fix')[1]?.includes('--fix'),
  );
  expect(silent.map(({ id }) => id)).toEqual([]);
});

test('what a rule itself can mend, its page does not call left', () => {
  const mended = RULES.flatMap(({ id }) => {
    const page = readFileSync(`docs/rules/${id}.md`, 'utf8');
    const found = examples(page).flatMap(({ text, conventions }) => lintSnippet(text, conventions));
    return found.some(({ rule, fix }) => rule === id && fix !== null) ? [{ id, page }] : [];
  });
  expect(mended.map(({ id }) => id)).toEqual(expect.arrayContaining(['PV009', 'PV010', 'PV028', 'PV029']));
  expect(mended.filter(({ page }) => /`--fix`\s+leaves it/.test(page)).map(({ id }) => id)).toEqual([]);
});
