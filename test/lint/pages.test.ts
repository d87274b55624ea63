/** The examples on the rules' pages are the rules' tests: every line that fires says so in a comment, and no other fires. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { RULES } from '../../src/lint/registry.ts';
import { lintSnippet } from './snippet.ts';

interface Example {
  /** The page's convention file, in front of the example. */
  readonly conventions: string;
  readonly fires: boolean;
  readonly text: string;
}

const FENCE = /^```(asm fires|asm silent|toml conventions)\n([\s\S]*?)^```$/gm;

function examples(page: string): readonly Example[] {
  let conventions = '';
  const found: Example[] = [];
  for (const [, kind, text] of page.matchAll(FENCE)) {
    if (kind === 'toml conventions') conventions = text!;
    else found.push({ conventions, fires: kind === 'asm fires', text: text! });
  }
  return found;
}

/** The lines that are to fire: those with the rule's ID in a comment. */
function expected(text: string, rule: string): readonly number[] {
  return text.split('\n').flatMap((line, index) => {
    const comment = /(?:\/\/|\/\*).*$/.exec(line)?.[0] ?? '';
    return comment.includes(rule) ? [index + 1] : [];
  });
}

test('every rule has a page and every page a rule', () => {
  const pages = readdirSync('docs/rules').filter((name) => /^PV\d+\.md$/.test(name));
  expect(pages.sort()).toEqual(RULES.map((rule) => `${rule.id}.md`));
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
    (_, { conventions, fires, text }) => {
      const found = lintSnippet(text, conventions)
        .filter((finding) => finding.rule === id)
        .map((finding) => finding.file.position(finding.start).line);
      expect(expected(text, id).length > 0).toBe(fires);
      expect([...new Set(found)]).toEqual(expected(text, id));
    },
  );
});
