/**
 * A project: the files of one call, each source preprocessed and analysed under every configuration that matters, so
 * that what is proven about a site holds in all of them.
 */
import type { Preprocessed } from '../preprocess/types.ts';
import { parseSource } from '../syntax/parse.ts';
import type { SourceText } from '../syntax/source.ts';
import { CHOICES, type DecidedPlaces } from './decided.ts';
import { fileKey } from './files.ts';
import { SpelledIndex } from './spelled.ts';
import type { Unit } from './units.ts';

export class Project {
  readonly #trees = new Map<string, SpelledIndex>();
  readonly #order = new Map<string, number>();
  /** The files of the call; of two under one path the first. */
  readonly #byKey = new Map<string, SourceText>();

  constructor(
    /** The files named in the call, in order. */
    readonly inputs: readonly SourceText[],
    readonly units: readonly Unit[],
    /** Sources whose code has no site, and therefore no unit, as preprocessed. */
    readonly siteless: ReadonlyMap<SourceText, readonly Preprocessed[]> = new Map(),
    /** The project that this one is a part of; the two share their trees. */
    readonly whole: Project | null = null,
    /** Conditions that are no choice. */
    readonly decided: DecidedPlaces = CHOICES,
  ) {
    for (const input of inputs) {
      this.order(input);
      if (!this.#byKey.has(fileKey(input))) this.#byKey.set(fileKey(input), input);
    }
  }

  /** The syntax tree of a file before preprocessing; one for each path. */
  tree(file: SourceText): SpelledIndex {
    if (this.whole !== null) return this.whole.tree(file);
    const key = fileKey(file);
    let index = this.#trees.get(key);
    if (index === undefined) {
      const input = this.#byKey.get(key);
      index = new SpelledIndex(parseSource(input ?? file, { lenient: input === undefined, dialect: file.dialect }));
      this.#trees.set(key, index);
    }
    return index;
  }

  /** Drops the tree of a file that is not needed any more. */
  forget(file: SourceText): void {
    this.#trees.delete(fileKey(file));
  }

  /** What the preprocessor made of a source of the call, in each configuration; nothing for a header, which is part of others. */
  runsOf(source: SourceText): readonly Preprocessed[] {
    const own = this.units.filter((unit) => unit.source === source).map(({ preprocessed }) => preprocessed);
    return this.siteless.get(source) ?? own;
  }

  /**
   * What of the project is about one file of the call: a source, whose headers have the sites that it expands, named in the call
   * or not; or a header with all sources that include it, which answers for the sites that none of them expands.
   */
  part(file: SourceText): Project {
    const includes = (unit: Unit, other: SourceText) =>
      unit.preprocessed.files.some((each) => fileKey(each) === fileKey(other));
    const own = this.units.filter(({ source }) => source === file);
    const units = own.length > 0 ? own : this.units.filter((unit) => includes(unit, file));
    return new Project([file], units, this.siteless, this, this.decided);
  }

  /** Files that a rewrite of this call may change without being asked for more. */
  editable(): readonly SourceText[] {
    return this.inputs.map((input) => this.#byKey.get(fileKey(input))!);
  }

  /** Whether a file was named in the call. */
  isInput(file: SourceText): boolean {
    return this.order(file) < this.inputs.length;
  }

  /** The place of a file in outputs: the call's own files first, headers in the order they were met. */
  order(file: SourceText): number {
    const key = fileKey(file);
    const known = this.#order.get(key);
    if (known !== undefined) return known;
    this.#order.set(key, this.#order.size);
    return this.#order.size - 1;
  }
}
