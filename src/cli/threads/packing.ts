/**
 * What a thread has built, as data that it can send. A structured clone keeps plain objects, maps and sets, and which of them are
 * the same object. Sent as references are source texts, which have methods, and what both threads have read of the command line
 * for themselves: operations and targets.
 */
import type { PipelineOptions } from '../../pipeline.ts';
import { SourceText } from '../../syntax/source.ts';

type CallOptions = Pick<PipelineOptions, 'operations' | 'targets'>;

/** A source text without its methods. */
export type TextContents = Pick<SourceText, 'name' | 'text' | 'dialect' | 'withComments'>;

export function contentsOf({ name, text, dialect, withComments }: TextContents): TextContents {
  return { name, text, dialect, withComments };
}

export function restoredText({ name, text, dialect, withComments }: TextContents): SourceText {
  return new SourceText(name, text, dialect, withComments);
}

/** Marks a reference among the objects of a message. */
const REFERENCE = '\0reference';

/** A text by its number in the sending thread, with its contents the first time; or an object of the options by its index. */
interface Reference {
  readonly kind: 'text' | 'operation' | 'target';
  readonly index: number;
  readonly contents: TextContents | null;
}

/** Copies data. @param replace gives the replacement of an object; undefined for one that is copied */
function copied(value: unknown, replace: (object: object) => unknown, made = new Map<object, unknown>()): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (made.has(value)) return made.get(value);
  const keep = <T>(copy: T): T => {
    made.set(value, copy);
    return copy;
  };
  const copy = (inner: unknown) => copied(inner, replace, made);
  const replacement = replace(value);
  if (replacement !== undefined) return keep(replacement);
  if (Array.isArray(value)) {
    const list = keep<unknown[]>([]);
    for (const each of value) list.push(copy(each));
    return list;
  }
  if (value instanceof Map) {
    const map = keep(new Map<unknown, unknown>());
    for (const [key, each] of value) map.set(copy(key), copy(each));
    return map;
  }
  if (value instanceof Set) {
    const set = keep(new Set<unknown>());
    for (const each of value) set.add(copy(each));
    return set;
  }
  const object = keep<Record<string, unknown>>({});
  for (const [name, each] of Object.entries(value)) object[name] = copy(each);
  return object;
}

/** Packs the messages of a thread, one after the other. */
export function packer({ operations, targets }: CallOptions): (value: unknown) => unknown {
  const known = new Map<object, Reference>([
    ...operations.all.map((each, index) => [each, { kind: 'operation', index, contents: null }] as const),
    ...targets.map((each, index) => [each, { kind: 'target', index, contents: null }] as const),
  ]);
  let texts = 0;
  const referenceTo = (object: object): Reference | undefined => {
    const reference = known.get(object);
    if (reference !== undefined || !(object instanceof SourceText)) return reference;
    const index = texts++;
    known.set(object, { kind: 'text', index, contents: null });
    return { kind: 'text', index, contents: contentsOf(object) };
  };
  return (value) =>
    copied(value, (object) => {
      const reference = referenceTo(object);
      return reference === undefined ? undefined : { [REFERENCE]: reference };
    });
}

/**
 * Unpacks the messages of one thread, in the order in which it packed them.
 *
 * @param shared texts by name, of all threads: a text that several send is one
 */
export function unpacker(
  { operations, targets }: CallOptions,
  shared: Map<string, SourceText>,
): (message: unknown) => unknown {
  const texts: SourceText[] = [];
  const meant = (reference: Reference): object => {
    if (reference.kind === 'operation') return operations.all[reference.index]!;
    if (reference.kind === 'target') return targets[reference.index]!;
    if (reference.contents !== null) texts[reference.index] = sharedText(reference.contents);
    return texts[reference.index]!;
  };
  const sharedText = (contents: TextContents): SourceText => {
    const known = shared.get(contents.name);
    if (known?.text === contents.text && known.withComments === contents.withComments) return known;
    const text = restoredText(contents);
    shared.set(contents.name, text);
    return text;
  };
  return (message) =>
    copied(message, (object) => (REFERENCE in object ? meant(object[REFERENCE] as Reference) : undefined));
}
