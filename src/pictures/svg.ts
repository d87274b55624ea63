/** SVG as text: elements, attributes and the frame of a picture, for a page and for a separate file. */
import style from './pictures.css';

export type Attributes = Readonly<Record<string, string | number>>;

/** An element with its content; numbers are rounded to the resolution of a screen. */
export function element(name: string, attributes: Attributes, ...content: readonly string[]): string {
  const given = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? rounded(value) : escaped(value)}"`,
  );
  const inner = content.join('');
  return inner === '' ? `<${name}${given.join('')}/>` : `<${name}${given.join('')}>${inner}</${name}>`;
}

export function textAt(x: number, y: number, words: string, more: Attributes = {}): string {
  return element('text', { x, y, ...more }, escaped(words));
}

/** A rectangle with a tooltip. */
export function bar(x: number, y: number, width: number, height: number, kind: string, says: string): string {
  const title = says === '' ? '' : element('title', {}, escaped(says));
  return element('rect', { x, y, width: Math.max(0, width), height, class: kind }, title);
}

export interface Picture {
  /** File name without `.svg`; unique among the pictures of a call. */
  readonly name: string;
  readonly title: string;
  /** Alternative text, for people who do not see it. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly content: string;
}

/** The picture as an element of a page; the page has the style once. */
export function inlinePicture(picture: Picture): string {
  return framed(picture, 0);
}

function framed({ name, title, description, width, height, content }: Picture, margin: number): string {
  const [wide, high] = [width + 2 * margin, height + 2 * margin];
  return element(
    'svg',
    {
      class: 'picture',
      viewBox: `${0 - margin} ${0 - margin} ${rounded(wide)} ${rounded(high)}`,
      width: wide,
      height: high,
      role: 'img',
      'aria-label': `${title}. ${description}`,
      id: `picture-${name}`,
    },
    content,
  );
}

/** Margin of a picture in its own file: unlike a page, a viewer adds none. */
const MARGIN = 12;

/** The picture as a file, in ASCII: any other character is written as a character reference. */
export function pictureFile(picture: Picture): string {
  const svg = framed(picture, MARGIN).replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ');
  const at = svg.indexOf('>') + 1;
  const head = `<title>${escaped(picture.title)}</title><desc>${escaped(picture.description)}</desc><style>${style}</style>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svg.slice(0, at)}${head}${svg.slice(at)}\n`;
}

/** The style sheet of all pictures. */
export const pictureStyle: string = style;

/** Joins words to a text that may be part of a file name and of an id. */
export function pictureName(...parts: readonly string[]): string {
  return parts.map((part) => part.replace(/[^A-Za-z0-9_.]+/g, '-')).join('-');
}

/**
 * Escapes text for elements and attribute values; the result is ASCII. The tool's text has one character for each byte, so it is
 * decoded as UTF-8 first. Control characters that XML does not allow are left out.
 */
export function escaped(words: string): string {
  return decoded(words)
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[^\0-\x7f]/gu, (character) => `&#${character.codePointAt(0)};`);
}

function decoded(words: string): string {
  if (!/[\x80-\xff]/.test(words) || /[^\0-\xff]/.test(words)) return words;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(words, 'latin1'));
  } catch {
    return words;
  }
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}
