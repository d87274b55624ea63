/** SVG as text: elements, attributes and the frame of a picture, readable in a page and as a file of its own. */
import style from './pictures.css';

export type Attributes = Readonly<Record<string, string | number>>;

/** An element with what is in it; numbers are rounded to what a screen can show. */
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

/** A rectangle that says what it is when it is pointed at. */
export function bar(x: number, y: number, width: number, height: number, kind: string, says: string): string {
  const title = says === '' ? '' : element('title', {}, escaped(says));
  return element('rect', { x, y, width: Math.max(0, width), height, class: kind }, title);
}

export interface Picture {
  /** What a file of it is called, without `.svg`; unique among the pictures of a call. */
  readonly name: string;
  readonly title: string;
  /** What it shows, for who does not see it. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly content: string;
}

/** For a page, which has the style once. */
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

/** Around a picture that is a file: a viewer shows it up to its edge, where a page has margins of its own. */
const MARGIN = 12;

/** A file of its own. Text is latin-1 inside of the tool; what is not ASCII is written as a reference. */
export function pictureFile(picture: Picture): string {
  const svg = framed(picture, MARGIN).replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ');
  const at = svg.indexOf('>') + 1;
  const head = `<title>${escaped(picture.title)}</title><desc>${escaped(picture.description)}</desc><style>${style}</style>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svg.slice(0, at)}${head}${svg.slice(at)}\n`;
}

/** What all pictures of a page look like. */
export const pictureStyle: string = style;

/** A word that can be part of a file's name and of an id. */
export function pictureName(...parts: readonly string[]): string {
  return parts.map((part) => part.replace(/[^A-Za-z0-9_.]+/g, '-')).join('-');
}

/**
 * Text and attribute values, in ASCII. Text is latin-1 inside of the tool, one character a byte: what is UTF-8 is shown as that.
 * Control characters that XML does not know are left out.
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
