/** The sections of a layout while they grow, and gas's ways to change from one to another. */

/** A section, or one numbered part of it (`.subsection`): parts follow each other in the order of their numbers. */
export interface Part {
  readonly name: string;
  readonly subsection: number;
  /** Holds code: what places something fills the bundle first. */
  readonly code: boolean;
  /** Bytes so far. */
  location: number;
  bundles: number;
}

export interface Sections {
  readonly parts: Part[];
  readonly numbers: Map<string, number>;
  /** Part that statements go to, and the one before it, to which `.previous` goes back. */
  current: number;
  previous: number;
  readonly stack: (readonly [current: number, previous: number])[];
}

export interface SectionSize {
  readonly name: string;
  /** Holds code. */
  readonly code: boolean;
  /** Bytes, padding included. */
  readonly size: number;
  readonly bundles: number;
}

/** Sections that hold code without being told so by flags (gas's defaults by name). */
const CODE_SECTION = /^\.(text|init|fini|gnu\.linkonce\.t)(\.|$)/;
/** gas makes these three before it reads anything. */
const FIRST_SECTIONS = ['.text', '.data', '.bss'];

export function newSections(): Sections {
  const sections: Sections = { parts: [], numbers: new Map(), current: 0, previous: 0, stack: [] };
  for (const name of FIRST_SECTIONS) partNumber(sections, name);
  return sections;
}

export function currentPart(sections: Sections): Part {
  return sections.parts[sections.current]!;
}

/** Number of a part; made when it is new, and then the flags (`"ax"`) or the name tell whether it holds code. */
export function partNumber(sections: Sections, name: string, subsection = 0, flags?: string): number {
  const key = subsection === 0 ? name : `${name}\0${subsection}`;
  const found = sections.numbers.get(key);
  if (found !== undefined) return found;
  const whole = sections.numbers.get(name);
  const code =
    whole === undefined
      ? flags === undefined
        ? CODE_SECTION.test(name)
        : flags.includes('x')
      : sections.parts[whole]!.code;
  const number = sections.parts.push({ name, subsection, code, location: 0, bundles: 0 }) - 1;
  sections.numbers.set(key, number);
  return number;
}

export function enterPart(sections: Sections, part: number): void {
  sections.previous = sections.current;
  sections.current = part;
}

/** `.previous` */
export function swapParts(sections: Sections): void {
  enterPart(sections, sections.previous);
}

/** `.pushsection`, before the new section is entered. */
export function pushPart(sections: Sections): void {
  sections.stack.push([sections.current, sections.previous]);
}

/** `.popsection` */
export function popPart(sections: Sections): void {
  [sections.current, sections.previous] = sections.stack.pop() ?? [sections.current, sections.previous];
}

export function alignPart(part: Part, alignment: number, most: number): void {
  const aligned = alignment > 1 ? Math.ceil(part.location / alignment) * alignment : part.location;
  if (most <= 0 || aligned - part.location <= most) part.location = aligned;
}

/** The parts put together: sections in the order they were made, and for each part its section and offset in it. */
export function joinParts({ parts }: Sections): {
  sections: readonly SectionSize[];
  sectionOf: number[];
  baseOf: number[];
} {
  const numbers = new Map<string, number>();
  const sections: { name: string; code: boolean; size: number; bundles: number }[] = [];
  for (const { name, code } of parts) {
    if (numbers.has(name)) continue;
    numbers.set(name, sections.length);
    sections.push({ name, code, size: 0, bundles: 0 });
  }
  const sectionOf = parts.map(({ name }) => numbers.get(name)!);
  const baseOf = parts.map(() => 0);
  const inOrder = parts.map((_, part) => part).sort((a, b) => parts[a]!.subsection - parts[b]!.subsection);
  for (const part of inOrder) {
    const whole = sections[sectionOf[part]!]!;
    baseOf[part] = whole.size;
    whole.size += parts[part]!.location;
    whole.bundles += parts[part]!.bundles;
  }
  return { sections, sectionOf, baseOf };
}
