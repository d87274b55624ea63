/** The sections of a program while it is laid out. */
import { evaluateNumber } from '../../syntax/evaluate.ts';
import type { Token } from '../../syntax/token.ts';
import type { Expression, Span } from '../../syntax/tree.ts';

export interface Section {
  readonly name: string;
  /** Last instruction so far. */
  last: number;
  /** Number of the open instruction group, or -1 behind a stop. */
  group: number;
  /** Labels and origins that wait for their instruction. */
  readonly waiting: { instruction: number }[];
}

/** Which section statements go to, with gas's `.previous` and `.pushsection`. */
export class SectionStack {
  readonly #sections = new Map<string, Section>();
  readonly #stack: (readonly [current: Section, before: Section])[] = [];
  current: Section = this.#named('.text');
  #before: Section = this.current;

  directive(name: string, tokens: readonly Token[], args: readonly Expression[]): void {
    switch (name) {
      case '.text':
      case '.data':
      case '.bss':
      case '.rodata':
      case '.sdata':
      case '.sbss':
        this.#enter(name, nodeText(tokens, args[0]));
        break;
      case '.subsection':
        this.#enter(this.current.name, nodeText(tokens, args[0]));
        break;
      case '.section':
        this.#enter(nodeText(tokens, args[0]));
        break;
      case '.pushsection':
        this.#stack.push([this.current, this.#before]);
        // A second argument that is no string of flags numbers a subsection.
        this.#enter(nodeText(tokens, args[0]), args[1]?.kind === 'number' ? nodeText(tokens, args[1]) : '');
        break;
      case '.popsection': {
        const back = this.#stack.pop();
        // `.previous` means what it meant in front of `.pushsection` (gas/config/obj-elf.c).
        if (back !== undefined) [this.current, this.#before] = back;
        break;
      }
      case '.previous':
        this.#switch(this.#before);
        break;
    }
  }

  /** By section: the last instruction of its first subsection; -1 where data stands behind that. */
  get ends(): ReadonlyMap<string, number> {
    return new Map(
      [...this.#sections].filter(([key, { name }]) => key === name).map(([name, { last }]) => [name, last]),
    );
  }

  #enter(name: string, part = ''): void {
    this.#switch(this.#named(name, part));
  }

  #switch(section: Section): void {
    this.#before = this.current;
    this.current = section;
  }

  /** Subsections are in numerical order in the object file, wherever they are in the text. */
  #named(name: string, part = ''): Section {
    const key = part === '' || part === '0' ? name : `${name} ${part}`;
    let section = this.#sections.get(key);
    if (section === undefined) {
      section = { name, last: -1, group: -1, waiting: [] };
      this.#sections.set(key, section);
    }
    return section;
  }
}

/** The tokens of a node, put together; quotes around a string are left out. */
export function nodeText(tokens: readonly Token[], node: Span | undefined): string {
  if (node === undefined) return '';
  let text = '';
  for (let at = node.first; at <= node.last; at++) text += tokens[at]!.text;
  text = text.trim();
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

/** The symbol that a directive names: `f` for `f#` as well, which says that f is no register. */
export function symbolText(tokens: readonly Token[], argument: Expression | undefined): string {
  return argument?.kind === 'name' ? argument.name : nodeText(tokens, argument);
}

/** `ia64_ivt+0x400` as a base and an offset in bytes; nulls when it is something else. */
export function originOf(expression: Expression | undefined): { base: string | null; offset: number | null } {
  if (expression?.kind === 'name') return { base: expression.name, offset: 0 };
  if (expression?.kind === 'binary' && expression.operator === '+' && expression.left.kind === 'name') {
    return { base: expression.left.name, offset: offsetOf(expression.right) };
  }
  if (expression?.kind === 'group') return originOf(expression.inner);
  return { base: null, offset: expression === undefined ? null : offsetOf(expression) };
}

function offsetOf(expression: Expression): number | null {
  const value = evaluateNumber(expression);
  return value === undefined ? null : Number(value);
}
