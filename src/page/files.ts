/** A source file on the page: its sites, each beside its expansions, and the lines between them. */

import { escaped } from '../pictures/svg.ts';
import { formatCount } from '../report/document.ts';
import { groupBy } from '../report/group.ts';
import type { SiteReport, SiteTargetReport } from '../report/model.ts';
import { fallbackText, kindWords, outcomeText, scratchText, whereText } from '../report/site-entry.ts';
import { words } from './document.ts';
import { attribute, codeHtml } from './markup.ts';
import type { PageFile, PageSite } from './model.ts';

/** Lines around a site that are always shown; the lines between are collapsed under a heading. */
const CONTEXT = 4;
/** Fewest lines that are collapsed. */
const HIDDEN = 6;

/** The id of a site. It has the column, for several sites on a line, and the sources it was built for, for several outcomes. */
export function siteId({ file, line, column, builtFor = [] }: SiteReport): string {
  return [`${file}:${line}:${column}`, ...builtFor].join(',').replace(/\s/g, '_');
}

export function filePart(file: PageFile, targets: readonly string[]): string {
  const parts: string[] = [];
  let next = 1;
  for (const site of file.sites) {
    const { line, endLine } = site.report;
    parts.push(between(file, next, line - 1), sitePart(file, site, targets));
    next = Math.max(next, endLine + 1);
  }
  parts.push(between(file, next, file.lines.length));
  return `<section class="source" aria-label="${attribute(file.name)}" data-file="${attribute(file.name)}"><h3>${escaped(file.name)}</h3>${parts.join('')}</section>`;
}

/** The lines `first` to `last`; those far from sites are collapsed. */
function between({ lines }: PageFile, first: number, last: number): string {
  if (last < first) return '';
  const top = first === 1 ? 0 : CONTEXT;
  const bottom = last === lines.length ? 0 : CONTEXT;
  const from = first + top;
  const to = last - bottom;
  if (to - from + 1 < HIDDEN) return linesHtml(lines, first, last);
  return `${linesHtml(lines, first, from - 1)}<details class="between"><summary>lines ${from} to ${to}</summary>${linesHtml(lines, from, to)}</details>${linesHtml(lines, to + 1, last)}`;
}

function linesHtml(lines: readonly string[], first: number, last: number): string {
  if (last < first) return '';
  const rows = lines.slice(first - 1, last).map((line, at) => `<code data-l="${first + at}">${codeHtml(line)}</code>`);
  return `<pre class="lines">${rows.join('\n')}</pre>`;
}

function sitePart({ lines, name }: PageFile, site: PageSite, targets: readonly string[]): string {
  const { report } = site;
  const id = attribute(siteId(report));
  const kinds = [...new Set(report.targets.map(({ kind }) => kind))].join(' ');
  const isRefused = report.targets.some(({ kind, notCalled }) => kind === 'trap' || notCalled !== null);
  const where = whereText(report);
  const { builtFor } = report;
  const whose = builtFor === undefined ? '' : `, as built for ${builtFor.join(', ')}`;
  const title = `${report.operation}, ${report.class}, line ${report.line}${whose}`;
  return [
    `<article class="site" id="${id}" tabindex="-1" aria-label="${attribute(title)}" data-line="${report.line}" data-operation="${report.operation}" data-kinds="${kinds}"${isRefused ? ' data-refused=""' : ''}>`,
    `<h4><a href="#${id}" aria-label="Link to ${attribute(title)}">${report.operation}</a> <span class="tag">${report.class}</span>`,
    report.handler === null
      ? ''
      : ` <a class="in" href="#${attribute(`handler-${report.within[0] ?? report.handler}`)}">in ${escaped(report.handler)}</a>`,
    `</h4><div class="pair"><div class="side"><h5>${escaped(name)}</h5>${sourceHtml(lines, site)}<p class="macro"><code>${codeHtml(report.macro)}</code></p></div>`,
    ...report.targets.map((target, at) => targetPart(target, site, targets[at]!, at)),
    '</div>',
    whyPart(report),
    where === '' ? '' : `<p class="where">${words(where)}</p>`,
    '</article>',
  ].join('');
}

function sourceHtml(lines: readonly string[], { report, start, end }: PageSite): string {
  const rows: string[] = [];
  for (let line = report.line; line <= report.endLine; line++) {
    const text = lines[line - 1] ?? '';
    const html =
      line === report.line
        ? `${codeHtml(text.slice(0, start))}<mark>${codeHtml(text.slice(start, end))}</mark>${codeHtml(text.slice(end))}`
        : codeHtml(text);
    rows.push(`<code data-l="${line}">${html}</code>`);
  }
  return `<pre class="lines">${rows.join('\n')}</pre>`;
}

function targetPart(
  target: SiteTargetReport,
  { expansions, routines, report }: PageSite,
  label: string,
  at: number,
): string {
  const routine = routines[at]!;
  return [
    `<div class="side variant t${at}"><h5>${escaped(label)} <span class="tag ${target.kind}">${kindWords[target.kind]}</span></h5>`,
    `<pre>${expansions[at]!.map((line) => `<code>${codeHtml(line)}</code>`).join('\n')}</pre>`,
    routine.length === 0
      ? ''
      : `<details class="routine"><summary>the routine it calls</summary><pre>${routine.map((line) => `<code>${codeHtml(line)}</code>`).join('\n')}</pre></details>`,
    `<p>${words(outcomeText(target, report.sources.length > 0))}</p>`,
    target.notCalled === null ? '' : `<p>No call: ${words(target.notCalled)}.</p>`,
    target.fallback === null ? '' : `<p>In place of it: ${words(fallbackText(target.fallback))}.</p>`,
    '</div>',
  ].join('');
}

/** Why each scratch register may be used. */
function whyPart({ scratch }: SiteReport): string {
  if (scratch.length === 0) return '';
  const rows = scratch.map(
    (each) =>
      `<dt><button type="button" class="register" aria-pressed="false">${escaped(each.register)}</button></dt><dd${each.free ? '' : ' class="not-free"'}>${words(scratchText(each))}</dd>`,
  );
  return `<dl class="why" aria-label="${formatCount(scratch.length, 'scratch register')}">${rows.join('')}</dl>`;
}

/** The states of registers as JSON, with each sentence once: `{files: {name: {line: {register: index}}}, sentences: [...]}`. */
export function statesScript(files: readonly PageFile[]): string {
  const sentences = new Map<string, number>();
  const number = (text: string) => {
    let at = sentences.get(text);
    if (at === undefined) {
      at = sentences.size;
      sentences.set(text, at);
    }
    return at;
  };
  const states = Object.fromEntries(
    [...groupBy(files, ({ name }) => name)].map(([name, [file]]) => [
      name,
      Object.fromEntries(
        [...file!.states]
          .sort(([a], [b]) => a - b)
          .filter(([, registers]) => registers.size > 0)
          .map(([line, registers]) => [
            line,
            Object.fromEntries([...registers].map(([register, text]) => [register, number(text)])),
          ]),
      ),
    ]),
  );
  const json = JSON.stringify({ files: states, sentences: [...sentences.keys()] });
  const safe = json.replace(/[<\x7f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `<script type="application/json" id="states">${safe}</script>\n`;
}
