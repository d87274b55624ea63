/**
 * Conditions that a source decides itself, or the command line by -D and -U: `#define VIRT 1` above, `#if VIRT > 0` below.
 * They have the same value in every configuration, so they are no choice. An abstract interpretation of the source and the
 * headers beside it, once, over what is known of each name (known-names.ts): where a condition is a choice both branches
 * are read, and their states joined. Nothing is known of what other headers define, nor of names that were never mentioned.
 */

import type { SourceText } from '../syntax/source.ts';
import { type Token, TokenKind } from '../syntax/token.ts';
import { definitionOf, headerName } from './directives.ts';
import { evaluateWithOpenNames } from './expression.ts';
import { findHeader } from './include.ts';
import { DEFINED, KnownNames, UNDEFINED } from './known-names.ts';
import { createRun, defineCommands } from './preprocess.ts';
import type { OpenFile, PreprocessorRun } from './run.ts';
import { definedNames } from './settings.ts';
import {
  type ConditionalBranch,
  type ConditionalGroup,
  conditionOf,
  type DirectiveSegment,
  directiveTokens,
  type FileStructure,
  isGuard,
} from './structure.ts';
import type { PreprocessOptions } from './types.ts';

export interface Decided {
  /** By branch of a group: whether its condition holds, where that is certain. */
  readonly conditions: ReadonlyMap<ConditionalBranch, boolean>;
  /** The names that the preprocessor itself, -D and -U have settled when the source begins. */
  readonly settled: ReadonlySet<string>;
  /** The source and the headers beside it that some configuration may read. */
  readonly files: ReadonlySet<SourceText>;
}

/** Where nothing is decided. */
export const UNDECIDED: Decided = { conditions: new Map(), settled: new Set(), files: new Set() };

/** What only preprocessors of other languages than assembly define. */
const OTHER_LANGUAGES = ['__cplusplus', '__OBJC__'];

const DEPTH_LIMIT = 100;
/** Headers beside the source that are read, one again counted again. */
const READING_LIMIT = 2_000;

/**
 * The conditions that a source, the headers beside it and the command line decide.
 *
 * @param entered headers that runs have entered so far
 * @param isLocal of a header: its conditions count as the source's own
 */
export function decidedConditions(
  file: SourceText,
  options: PreprocessOptions,
  entered: Iterable<SourceText>,
  isLocal: (file: SourceText) => boolean,
): Decided {
  // What pvasm defines for itself, the compiler's preprocessor does not know.
  const { macros: _, ...asCompiled } = options;
  const run = createRun(file, asCompiled);
  const reader = new Reader(run, isLocal);
  const names = [...OTHER_LANGUAGES, ...defineCommands(run), ...run.macros.keys()];
  for (const name of names) if (!run.macros.has(name)) reader.names.set(name, UNDEFINED);
  for (const header of entered) if (header !== file && !isLocal(header)) reader.noteOther(header);
  if (options.commands.some(({ kind }) => kind === 'include')) reader.forgetOthers();
  return {
    conditions: reader.readAll(file) ?? new Map(),
    settled: new Set(names.filter((name) => !reader.others.has(name))),
    files: reader.files,
  };
}

const namesByFile = new WeakMap<FileStructure, readonly string[]>();

/** Worked out once for each header: many sources include the same ones. */
function namesDefinedIn(structure: FileStructure): readonly string[] {
  const names = namesByFile.get(structure) ?? definedNames(structure);
  namesByFile.set(structure, names);
  return names;
}

/** Words of a macro's body that are no names. */
const BODY_WORDS = new Set(['defined', '__VA_ARGS__', '__VA_OPT__']);

const INCLUDING = new Set(['include', 'include_next', 'import']);

export function isInclude(keyword: string): boolean {
  return INCLUDING.has(keyword);
}

class Reader {
  readonly names: KnownNames;
  /** The names that headers not beside the source define. */
  readonly others = new Set<string>();
  readonly files = new Set<SourceText>();
  readonly #noted = new Set<SourceText>();
  /** By branch: the value of its condition whenever it was evaluated; null where that differs or is not known. */
  readonly #outcomes = new Map<ConditionalBranch, boolean | null>();
  #left = READING_LIMIT;
  #givenUp = false;

  constructor(
    readonly run: PreprocessorRun,
    readonly isLocal: (file: SourceText) => boolean,
  ) {
    this.names = new KnownNames(run.macros);
  }

  /** Null where the source includes itself, or too much. */
  readAll(file: SourceText): Map<ConditionalBranch, boolean> | null {
    this.#readFile({ file, directory: -1, local: true });
    if (this.#givenUp) return null;
    const certain = new Map<ConditionalBranch, boolean>();
    for (const [branch, outcome] of this.#outcomes) if (outcome !== null) certain.set(branch, outcome);
    return certain;
  }

  /** Takes in what a header that is not beside the source may define, itself and by those that it includes. */
  noteOther(file: SourceText): void {
    if (this.#noted.has(file)) return;
    this.#noted.add(file);
    for (const name of namesDefinedIn(this.run.cache.structure(file))) this.others.add(name);
  }

  forgetOthers(): void {
    this.names.forget((name) => this.others.has(name));
  }

  #readFile({ file, directory, local }: { file: SourceText; directory: number; local: boolean }): void {
    const { run } = this;
    this.#givenUp ||= --this.#left < 0 || run.frames.length > DEPTH_LIMIT;
    this.#givenUp ||= run.frames.length > 0 && file === run.frames[0]!.file;
    if (this.#givenUp) return;
    this.files.add(file);
    const structure = run.cache.structure(file);
    const frame = {
      file,
      structure,
      directory,
      local,
      macrosOnly: false,
      segment: 0,
      tokens: [],
      at: 0,
      lineOffset: 0,
    };
    run.frames.push({ ...frame, presumedName: file.name });
    this.#read(0, structure.segments.length);
    run.frames.pop();
  }

  get #frame(): OpenFile {
    return this.run.frames.at(-1)!;
  }

  #read(from: number, to: number): void {
    const frame = this.#frame;
    const { segments } = frame.structure;
    for (let index = from; index < to && !this.#givenUp; index++) {
      const segment = segments[index]!;
      if (segment.kind === 'text') continue;
      const { keyword, group } = segment;
      if (keyword === 'define') this.#define(segment);
      else if (keyword === 'undef') this.names.set(this.#firstWord(segment), UNDEFINED);
      else if (isInclude(keyword)) this.#include(segment);
      else if (keyword === 'pragma') this.#pragma(segment);
      else if (group !== null && segment.branch === 0) {
        if (isGuard(frame.structure, group)) this.#readGuarded(group);
        else this.#readGroup(group);
        index = group.endSegment;
      }
    }
  }

  #firstWord(segment: DirectiveSegment): string {
    return directiveTokens(this.#frame.file, segment)[0]?.text ?? '';
  }

  #define(segment: DirectiveSegment): void {
    const macro = definitionOf(this.run, this.#frame, segment);
    if (macro !== null) this.names.set(macro.name, macro);
  }

  /** `push_macro` and `pop_macro` bring back what was. */
  #pragma(segment: DirectiveSegment): void {
    if (this.#firstWord(segment).endsWith('_macro')) this.names.forget(() => true);
  }

  #include(segment: DirectiveSegment): void {
    const { run } = this;
    const frame = this.#frame;
    const spelled = headerName(run, frame, segment);
    const place = { file: frame.file, start: segment.start, end: segment.end };
    const name = spelled && { ...spelled, next: segment.keyword === 'include_next' };
    const isMade = directiveTokens(frame.file, segment)[0]?.kind === TokenKind.Identifier;
    const found = name === null || isMade ? undefined : findHeader(run, frame, name, place);
    // A header that is not there, or that macros name, may define anything.
    if (found === undefined || found === 'unreadable') this.names.forget(() => true);
    else if (this.isLocal(found.file)) this.#readFile(found);
    else {
      this.noteOther(found.file);
      this.forgetOthers();
    }
  }

  /** What a header's guard leaves out was read before. */
  #readGuarded(group: ConditionalGroup): void {
    const { guard, segments } = this.#frame.structure;
    const body = () => this.#read(group.branches[0]!.segment + 1, Math.min(group.endSegment, segments.length));
    if (this.names.isUntouched(guard!)) body();
    else if (this.names.isOpen(guard!)) this.names.fork([body, () => {}]);
    else if (!this.names.isDefined(guard!)) body();
  }

  /** Reads the branches that some configuration may take. */
  #readGroup(group: ConditionalGroup): void {
    const { segments } = this.#frame.structure;
    const ways: (() => void)[] = [];
    const failed: ConditionalBranch[] = [];
    let certain = false;
    for (const [at, branch] of group.branches.entries()) {
      const outcome: boolean | null = certain ? false : this.#outcome(branch);
      if (outcome === false) continue;
      const to = group.branches[at + 1]?.segment ?? Math.min(group.endSegment, segments.length);
      const before = [...failed];
      ways.push(() => {
        for (const other of before) this.#assume(other, false);
        this.#assume(branch, true);
        this.#read(branch.segment + 1, to);
      });
      failed.push(branch);
      certain = outcome === true;
    }
    if (certain && ways.length === 1) ways[0]!();
    else if (certain) this.names.fork(ways);
    else this.names.fork([...ways, () => failed.forEach((branch) => void this.#assume(branch, false))]);
  }

  /** In a branch of `#ifdef`, and behind it, its condition tells whether the name is defined. */
  #assume(branch: ConditionalBranch, holds: boolean): void {
    if (branch.keyword === 'else') return;
    const { terms } = conditionOf(this.#frame.file, this.#frame.structure.segments[branch.segment] as DirectiveSegment);
    const [term, ...others] = terms ?? [];
    if (term === undefined || others.length > 0 || !this.names.open.defined(term.name)) return;
    this.names.set(term.name, term.negated !== holds ? DEFINED : UNDEFINED);
  }

  #outcome(branch: ConditionalBranch): boolean | null {
    if (branch.keyword === 'else') return true;
    const segment = this.#frame.structure.segments[branch.segment] as DirectiveSegment;
    const outcome = this.#evaluate(segment);
    const before = this.#outcomes.get(branch);
    this.#outcomes.set(branch, before === undefined || before === outcome ? outcome : null);
    return outcome;
  }

  /**
   * May a macro with parameters make of a name, of whose value nothing is known, something that does not show it? Linux's
   * `IS_ENABLED(CONFIG_SMP)` pastes it to another word, and leaves that out.
   */
  #losesOpenName(names: readonly string[]): boolean {
    const met = new Set(names);
    let takesArguments = false;
    for (const name of met) {
      const macro = this.run.macros.get(name);
      if (macro === undefined) continue;
      takesArguments ||= macro.parameters !== null;
      // What is pasted is part of another word.
      const body = macro.file.text.slice(macro.bodyStart, macro.bodyEnd).replace(/\w+\s*##|##\s*\w+/g, ' ');
      for (const word of body.match(/[A-Za-z_]\w*/g) ?? [])
        if (!BODY_WORDS.has(word) && !macro.parameters?.includes(word)) met.add(word);
    }
    return takesArguments && [...met].some((name) => this.names.open.value(name));
  }

  #evaluate(segment: DirectiveSegment): boolean | null {
    const frame = this.#frame;
    const { keyword } = segment;
    const tokens: readonly Token[] = directiveTokens(frame.file, segment);
    if ((keyword === 'if' || keyword === 'elif') && this.#losesOpenName(conditionOf(frame.file, segment).names))
      return null;
    if (keyword === 'if' || keyword === 'elif')
      return this.names.inEachWay(conditionOf(frame.file, segment).names, () =>
        evaluateWithOpenNames(this.run, frame, segment, tokens, this.names.open),
      );
    const name = tokens[0]?.text ?? '';
    if (this.names.open.defined(name)) return null;
    return this.names.isDefined(name) !== keyword.endsWith('ndef');
  }
}
