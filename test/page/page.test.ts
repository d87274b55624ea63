/** The review page as text: whole, self-contained, small, and true to the report that it is made of. */
import { describe, expect, test } from 'vitest';
import { pageHtml } from '../../src/page/html.ts';
import { pageModel, registersIn } from '../../src/page/model.ts';
import { makePictures } from '../../src/pictures/all.ts';
import { escaped, pictureFile } from '../../src/pictures/svg.ts';
import { temporaryFiles } from '../report/files.ts';
import { make, reportOf } from '../report/support.ts';

const write = temporaryFiles();

const made = make(['samples/ivt.S'], [], ['native', 'xen:a', 'xen:b']);
const report = reportOf(made);
const page = pageModel(made.built, report);
const html = pageHtml(page, 'diff');

/** Text of HTML without its tags and with its references read. */
function plain(markup: string): string {
  return markup
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

test('a page loads nothing', () => {
  expect(html).not.toMatch(
    /<(?:link|img|iframe|object|embed|base)\b|\b(?:src|srcset|action)=|url\(|@import|\bfetch\(|import\(/,
  );
  expect([...html.matchAll(/\bhref="([^"]*)"/g)].filter(([, to]) => !to!.startsWith('#'))).toEqual([]);
  expect(html).toContain("default-src 'none'");
  expect(html.length).toBeLessThan(1_000_000);
});

test('registers of code are told from what only looks like them', () => {
  const code = 'mov.i ar.pfs=r14 // pt_regs.r8, r128, cr.ifa, loc3; then ar.lc. b8 x.b7 p63';
  expect(registersIn(code).map(([name]) => name)).toEqual(['ar.pfs', 'r14', 'loc3', 'ar.lc', 'p63']);
});

test('every site has its place, which a link names, and what each target makes of it', () => {
  const ids = [...html.matchAll(/<article class="site" id="([^"]*)"/g)].map((match) => match[1]);
  expect(ids).toEqual(
    page.files.flatMap(({ sites }) => sites.map(({ report: { file, line, column } }) => `${file}:${line}:${column}`)),
  );
  expect(new Set(ids).size).toBe(report.sites.length);
  for (const id of ids) expect(html.split(`href="#${id}"`).length - 1, id).toBe(2);
  expect(html.split('class="side variant').length - 1).toBe(report.sites.length * 3);
});

test('every line of the sources stands on it, in order', () => {
  for (const { name, lines } of page.files) {
    const part = html.slice(
      html.indexOf(`data-file="${name}"`),
      html.indexOf('</section>', html.indexOf(`data-file="${name}"`)),
    );
    const shown = new Map(
      [...part.matchAll(/<code data-l="(\d+)">(.*?)<\/code>/g)].map((match) => [Number(match[1]), plain(match[2]!)]),
    );
    expect([...shown.keys()].sort((a, b) => a - b)).toEqual(lines.map((_, at) => at + 1));
    for (const [at, line] of lines.entries()) expect(shown.get(at + 1)).toBe(line);
  }
});

test('a register is told of where it stands: live and for whom, free and why', () => {
  const { states } = page.files.find(({ name }) => name === 'samples/ivt.S')!;
  expect(states.get(49)!.get('r16')).toBe(
    'r16 is live: read by `extr.u\tr17=r16,25,11` at samples/ivt.S:55'.replace('\t', ' '),
  );
  expect(states.get(62)!.get('b0')).toMatch(/^b0 is free behind this line: last read at samples\/ivt\.S:50/);
  const said = [...states.values()].flatMap((registers) => [...registers.values()]);
  expect(said.length).toBeGreaterThan(200);
  expect(
    said.filter((text) => !/^\S+ (?:is (?:live|free behind|presumed live|an operand)|cannot be scratch)/.test(text)),
  ).toEqual([]);
});

test('what a source holds does no harm', () => {
  const file = write(
    'evil.S',
    '\t.data\nx:\t.string "</script><script>alert(1)</script>&amp;\xe9\xc3\xa9"\n\t.text\nf:\tmov r14=cr.ifa // <b onclick="x">\n\t;;\n\tst8 [r32]=r14\n\tbr.ret.sptk.many b0\n',
  );
  const evil = make([file], [], ['native', 'xen:b']);
  const text = pageHtml(pageModel(evil.built, reportOf(evil)), 'report');
  expect(text.match(/<script\b/g)).toHaveLength(2);
  expect(text).not.toMatch(/<b onclick/);
  expect(text).toMatch(/^[\t\n\x20-\x7e]*$/);
});

describe('pictures', () => {
  const { costs, vectors, handlers } = makePictures(made.built, report);
  const all = [...costs, ...vectors, ...handlers.flatMap(({ liveness, flow }) => [liveness, flow])];

  test('one of each kind where there is something to show, with names of their own', () => {
    expect({ costs: costs.length, vectors: vectors.length }).toEqual({ costs: 1, vectors: 1 });
    const within = new Set(report.sites.flatMap((site) => site.within));
    expect(new Set(handlers.map(({ handler }) => handler))).toEqual(within);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });

  test('a file of each is well-formed, names itself and stays inside of its frame', () => {
    for (const picture of all) {
      const text = pictureFile(picture);
      const open: string[] = [];
      for (const [, close, name, empty] of text.replace(/^<\?.*\?>/, '').matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/gi)) {
        if (close === '/') expect(open.pop(), picture.name).toBe(name);
        else if (empty === '') open.push(name!);
      }
      expect(open).toEqual([]);
      expect(text).toContain(`<title>${escaped(picture.title)}</title>`);
      for (const [, y] of text.matchAll(/ y="([-\d.]+)"/g)) expect(Number(y)).toBeLessThanOrEqual(picture.height);
      for (const [, x] of text.matchAll(/ x="([-\d.]+)"/g)) expect(Number(x)).toBeLessThanOrEqual(picture.width);
    }
  });

  test('the table of vectors shows what the report counts, and its limits', () => {
    const used = report.files[0]!.vectors.filter(({ room, native }) => room !== null && native > 0);
    for (const { name, native, room, used: counts } of used)
      for (const [label, count] of [
        ['source', native],
        ...report.targets.map(({ label }, at) => [label, counts[at]]),
      ] as const)
        expect(vectors[0]!.content).toContain(`${name ?? 'slot'}, ${label}: ${count} of ${room} bundles`);
    expect(vectors[0]!.content.split('class="limit"').length - 2).toBe(used.length);
  });

  test('the map of a handler has its instructions, scratch registers, banks and calls', () => {
    const { content } = handlers.find(({ handler }) => handler === 'itlb_miss')!.liveness;
    expect(content.split('chosen as scratch').length - 1).toBe(3);
    expect(content).toContain('register bank 0');
    expect(content).toContain('thash r17=r16');
    const other = handlers.find(({ handler }) => handler === 'page_fault')!;
    expect(other.liveness.content).toContain('class="limit"');
    // What a macro brings has the line of its call and the line that spells it, all else the one line.
    expect(other.liveness.content).toMatch(/>300<\/text><text[^>]*>mov r27=ar.rsc<\/text><text[^>]*>minstate.h:83</);
    expect(content).not.toContain('minstate.h:');
    expect(other.flow.content).toContain('call ');
  });

  test('the flow of a handler has its branches, and where it leaves to', () => {
    const { content, description } = handlers.find(({ handler }) => handler === 'vhpt_miss')!.flow;
    expect(description).toMatch(/^\d+ blocks, \d+ branches between them; leaves to .*page_fault/);
    expect(content).toContain('rfi');
  });
});
