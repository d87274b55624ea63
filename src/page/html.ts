/** The review page: one HTML file that contains its style and script, and loads nothing. */
import { escaped, inlinePicture, pictureStyle } from '../pictures/svg.ts';
import { formatCount } from '../report/document.ts';
import { groupBy } from '../report/group.ts';
import { summaryDocument } from '../report/report-document.ts';
import { kindWords } from '../report/site-entry.ts';
import { documentHtml } from './document.ts';
import { filePart, siteId, statesScript } from './files.ts';
import { attribute } from './markup.ts';
import type { Page, PageFile } from './model.ts';
import script from './page.client.js';
import style from './page.css';

/** Which part the page shows first. */
export type PageKind = 'diff' | 'report';

export function pageHtml(page: Page, kind: PageKind): string {
  const { report, files } = page;
  const title = `pvasm ${kind}: ${files.map(({ name }) => name).join(', ')}`;
  const review = `<section id="review" aria-labelledby="review-title"><h2 id="review-title">Sites and what becomes of them</h2>${files
    .map((file) =>
      filePart(
        file,
        report.targets.map(({ label }) => label),
      ),
    )
    .join('')}</section>`;
  const summary = overview(page);
  return [
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
    // Nothing can be loaded, even if a source's text were to inject markup.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">\n`,
    '<meta name="color-scheme" content="light dark">\n',
    `<title>${escaped(title)}</title>\n<style>${style}${pictureStyle}${variantStyle(report.targets.length)}</style>\n</head>\n`,
    `<body data-variant="${Math.min(1, report.targets.length - 1)}">\n`,
    header(page, title),
    `<div class="panes">${navigation(page)}<main tabindex="-1" id="main">`,
    kind === 'diff' ? review + summary : summary + review,
    handlerPictures(page),
    '</main></div>\n',
    '<p id="state" role="status" aria-live="polite">Point at a register, or go to one with the arrow keys: it lights up wherever it stands, and its state is said here.</p>\n',
    statesScript(files),
    `<script>${script.replaceAll('</script', '<\\/script')}</script>\n</body>\n</html>\n`,
  ].join('');
}

function variantStyle(count: number): string {
  return Array.from({ length: count }, (_, at) => `[data-variant="${at}"] .t${at}{display:block}`).join('');
}

function header({ report }: Page, title: string): string {
  const switches = report.targets.map(
    ({ label }, at) =>
      `<label><input type="radio" name="variant" value="${at}"${at === Math.min(1, report.targets.length - 1) ? ' checked' : ''}> ${escaped(label)}</label>`,
  );
  return [
    `<a class="skip" href="#main">To the sites</a><header><h1>${escaped(title)}</h1>`,
    `<fieldset><legend>Variant</legend>${switches.join('')}</fieldset>`,
    '<details class="keys"><summary>Keys</summary><dl>',
    ...[
      ['j, k', 'next, previous site'],
      ['v', 'next variant'],
      ['left, right', 'registers of a site'],
      ['f', 'filters'],
      ['Escape', 'out of a register'],
    ].map(([key, what]) => `<dt><kbd>${key}</kbd></dt><dd>${what}</dd>`),
    '</dl></details></header>\n',
  ].join('');
}

/** The navigation: files, handlers and sites, with filters. */
function navigation({ report, files }: Page): string {
  const operations = [...new Set(report.sites.map(({ operation }) => operation))].sort();
  const kinds = new Set(report.sites.flatMap(({ targets }) => targets.map(({ kind }) => kind)));
  return [
    '<nav aria-label="Sites"><details class="filters" open><summary>Filter</summary>',
    `<label>Operation <select id="operation"><option value="">all</option>${operations.map((name) => `<option>${name}</option>`).join('')}</select></label>`,
    `<label>Becomes <select id="kind"><option value="">anything</option>${[...kinds].map((kind) => `<option value="${kind}">${kindWords[kind]}</option>`).join('')}</select></label>`,
    '<label><input type="checkbox" id="refused"> only what was refused</label>',
    `<p id="count" role="status">${formatCount(report.sites.length, 'site')}</p></details>`,
    ...files.map(fileLinks),
    report.refused.length === 0 ? '' : refusedLinks(report.refused),
    '<p class="more"><a href="#overview">Costs, slots, routines</a> <a href="#handlers">Pictures of handlers</a></p></nav>',
  ].join('');
}

function fileLinks({ name, sites }: PageFile): string {
  const handlers = groupBy(sites, ({ report }) => report.handler ?? 'elsewhere');
  const lists = [...handlers].map(
    ([handler, own]) =>
      `<section><h2>${escaped(handler)}</h2><ol>${own
        .map(
          ({ report }) =>
            `<li><a href="#${attribute(siteId(report))}"><span>${report.line}</span> ${report.operation}</a></li>`,
        )
        .join('')}</ol></section>`,
  );
  return `<details open class="file"><summary>${escaped(name)} <small>${formatCount(sites.length, 'site')}</small></summary>${lists.join('')}</details>`;
}

function refusedLinks(refused: Page['report']['refused']): string {
  return `<details open class="file refused"><summary>Refused <small>${refused.length}</small></summary><ol>${refused
    .map(
      ({ file, line, operation, reason }) =>
        `<li title="${attribute(reason)}">${escaped(`${file}:${line} ${operation}`)}</li>`,
    )
    .join('')}</ol></details>`;
}

function overview({ report, pictures }: Page): string {
  return [
    '<section id="overview" aria-labelledby="overview-title"><h2 id="overview-title">Costs, slots, routines</h2>',
    ...[...pictures.costs, ...pictures.vectors].map((picture) => figure(inlinePicture(picture), picture.title)),
    documentHtml(summaryDocument(report)),
    '</section>',
  ].join('');
}

function figure(svg: string, title: string): string {
  return `<figure tabindex="0" aria-label="${attribute(title)}"><figcaption>${escaped(title)}</figcaption>${svg}</figure>`;
}

function handlerPictures({ pictures }: Page): string {
  const all = pictures.handlers.map(({ handler, file, liveness, flow }) => {
    const svgs = figure(inlinePicture(liveness), liveness.title) + figure(inlinePicture(flow), flow.title);
    return `<details class="handler" id="${attribute(`handler-${handler}`)}"><summary>${escaped(handler)} <small>${escaped(file)}</small></summary>${svgs}</details>`;
  });
  return `<section id="handlers" aria-labelledby="handlers-title"><h2 id="handlers-title">Pictures of handlers</h2><p>Rows are instructions, columns registers: a bar is a value that something behind may read, a block a write, a tick a read, a ring a register chosen as scratch; orange at the left is bank 0, red lines are calls.</p>${all.join('')}</section>`;
}
