/**
 * The abstract state of fixed-conditions.ts: what is known of each name, over all paths through the `#if`s of a source.
 */
import type { Macro } from './definition.ts';
import type { OpenNames } from './expression.ts';

/** The name is surely not defined. */
export const UNDEFINED = 'undefined';
/** It is surely defined; as what, is open. */
export const DEFINED = 'defined';
/** It was defined or undefined on some path. */
const OPEN = 'open';

/** It is certainly defined, by one of a few definitions. */
interface Alternatives {
  readonly oneOf: readonly Macro[];
}

const MOST_ALTERNATIVES = 8;

type Known = Macro | Alternatives | typeof UNDEFINED | typeof DEFINED | typeof OPEN;

/** Names that are in no list may be defined by other headers. */
export class KnownNames {
  readonly #known = new Map<string, Exclude<Known, Macro>>();
  /**
   * For each branch that is being read, the innermost last: what was known before it of the names that it has changed.
   */
  readonly #touched: Map<string, Known | undefined>[] = [];

  /** @param macros the definitions that surely hold, for the expander: kept up to date here */
  constructor(readonly macros: Map<string, Macro>) {}

  readonly open: OpenNames = {
    value: (name) => !this.macros.has(name) && this.#known.get(name) !== UNDEFINED,
    defined: (name) => this.isUntouched(name) || this.isOpen(name),
  };

  isUntouched(name: string): boolean {
    return this.#get(name) === undefined;
  }

  isOpen(name: string): boolean {
    return this.#known.get(name) === OPEN;
  }

  /** Is it surely defined? */
  isDefined(name: string): boolean {
    return isDefined(this.#get(name));
  }

  set(name: string, known: Known | undefined): void {
    const innermost = this.#touched.at(-1);
    if (innermost !== undefined && !innermost.has(name)) innermost.set(name, this.#get(name));
    this.#put(name, known);
  }

  /**
   * The value of an expression for each of the possible definitions, where one of `names` has several; null where the
   * values differ.
   */
  inEachWay<T>(names: readonly string[], evaluate: () => T): T | null {
    const name = names.find((each) => typeof this.#known.get(each) === 'object');
    if (name === undefined) return evaluate();
    const { oneOf } = this.#known.get(name) as Alternatives;
    const outcomes = oneOf.map((macro) => {
      this.macros.set(name, macro);
      return evaluate();
    });
    this.macros.delete(name);
    return outcomes.every((outcome) => outcome === outcomes[0]) ? outcomes[0]! : null;
  }

  /** Forgets what is known of some names. */
  forget(which: (name: string) => boolean): void {
    for (const name of [...this.macros.keys(), ...this.#known.keys()]) if (which(name)) this.set(name, OPEN);
  }

  /**
   * Reads several branches, each from the same state, and joins their states: only what holds behind all of them is kept.
   */
  fork(ways: readonly (() => void)[]): void {
    const results = ways.map((way) => this.#try(way));
    const names = new Set(results.flatMap((result) => [...result.keys()]));
    for (const name of names) {
      const before = this.#get(name);
      const [first, ...others] = results.map((result) => (result.has(name) ? result.get(name) : before));
      this.set(name, others.reduce(join, first));
    }
  }

  /** The names that a branch changes, with what is known of them behind it; the state itself is restored. */
  #try(way: () => void): Map<string, Known | undefined> {
    const touched = new Map<string, Known | undefined>();
    this.#touched.push(touched);
    way();
    this.#touched.pop();
    const left = new Map([...touched.keys()].map((name) => [name, this.#get(name)]));
    for (const [name, before] of touched) this.#put(name, before);
    return left;
  }

  #get(name: string): Known | undefined {
    return this.macros.get(name) ?? this.#known.get(name);
  }

  #put(name: string, known: Known | undefined): void {
    this.macros.delete(name);
    this.#known.delete(name);
    if (isMacro(known)) this.macros.set(name, known);
    else if (known !== undefined) this.#known.set(name, known);
  }
}

function isMacro(known: Known | undefined): known is Macro {
  return typeof known === 'object' && !('oneOf' in known);
}

function isDefined(known: Known | undefined): boolean {
  return typeof known === 'object' || known === DEFINED;
}

function join(one: Known | undefined, other: Known | undefined): Known {
  if (one === other && one !== undefined) return one;
  if (!isDefined(one) || !isDefined(other)) return OPEN;
  if (one === DEFINED || other === DEFINED) return DEFINED;
  const oneOf = [
    ...new Set([one, other].flatMap((known) => (isMacro(known) ? [known] : (known as Alternatives).oneOf))),
  ];
  return oneOf.length > MOST_ALTERNATIVES ? DEFINED : { oneOf };
}
