/**
 * Opens a project: every source is preprocessed, freed of assembler macros, parsed and analysed, under the configuration
 * as given and under those that reach what it leaves out.
 */

import { posix } from 'node:path';
import { type Analysis, analyse, analyseTogether } from '../analysis/analysis.ts';
import { notKnown } from '../analysis/program/program.ts';
import type { PreprocessedCode } from '../analysis/variants/solve.ts';
import { unbalancedBundles } from '../bundles/balance.ts';
import type { Conventions } from '../config/conventions.ts';
import type { NameScope } from '../machine/naming.ts';
import { expandAssemblerMacros } from '../macros/expand.ts';
import { createCache } from '../preprocess/cache.ts';
import {
  allConfigurations,
  type ConfiguredRun,
  configured,
  coveringRuns,
  readSetting,
} from '../preprocess/configurations.ts';
import type { Host } from '../preprocess/host.ts';
import { preprocess } from '../preprocess/preprocess.ts';
import { decidingSettings, type PresenceConditions } from '../preprocess/presence-conditions.ts';
import type { Command, Preprocessed, PreprocessOptions } from '../preprocess/types.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { parseTokens } from '../syntax/parse.ts';
import type { SourceText } from '../syntax/source.ts';
import { nativeMacros } from './native.ts';
import type { Operations } from './operations.ts';
import { dialectOf, fileKey, Project, readableByCpp } from './project.ts';
import { relocatedCode } from './relocated.ts';
import type { Unit } from './units.ts';
import { mentionsSite, siteWords, spellsSite } from './words.ts';

export interface ProjectOptions {
  /** The files named in the call: sources, and headers that sources of the call include. */
  readonly inputs: readonly SourceText[];
  readonly includeDirs: readonly string[];
  readonly commands: readonly Command[];
  /** A missing header is an error. */
  readonly strict: boolean;
  /** Analyse every combination of the conditions that the files test, not only a few that reach every branch. */
  readonly everyConfiguration?: boolean;
  /** Further configurations that registers must be free in, and sites be met in: sets of -D and -U flags by name. */
  readonly configurations?: ReadonlyMap<string, readonly string[]>;
  /** Sources without sites are analysed too. */
  readonly everySource?: boolean;
  /** Reads headers; the texts of `inputs` take precedence. */
  readonly host: Host;
  readonly operations: Operations;
  readonly conventions: Conventions;
}

export interface OpenedProject {
  readonly project: Project;
  /** Of the configuration as given: what other configurations complain about is theirs. */
  readonly diagnostics: readonly Diagnostic[];
}

export function openProject(options: ProjectOptions): OpenedProject {
  const base = preprocessOptions(options);
  const words = siteWords(options.operations);
  const results = new Map(options.inputs.map((input) => [input, preprocess(readableByCpp(input), base)]));
  const diagnostics: Diagnostic[] = [];
  const told = new Set<string>();
  const units: Unit[] = [];
  const siteless = new Map<SourceText, readonly Preprocessed[]>();
  for (const [source, preprocessed] of results) {
    if (isIncludedBy(source, results)) continue;
    diagnostics.push(...preprocessed.diagnostics);
    const { runs, presence } = runsOf(source, base, preprocessed, words, options);
    const given = readCode(preprocessed);
    diagnostics.push(...given.errors); // what other configurations complain about is theirs
    if (!options.everySource && !runs.some(({ result }) => mentionsSite(result.tokens, words))) {
      siteless.set(
        source,
        runs.map(({ result }) => result),
      );
      continue;
    }
    const codes = runs.map(({ result }) => (result === preprocessed ? given : readCode(result)));
    const analyses =
      presence === null
        ? codes.map(({ statements, tokens, unseen }) =>
            analyse(statements, tokens, { conventions: options.conventions, unseen: unseen === true }),
          )
        : analyseTogether(codes, presence, options);
    diagnostics.push(...unknownCode(analyses[0]!, told));
    runs.forEach(({ configuration, result }, run) => {
      units.push(
        makeUnit(units.length, source, configuration.name || asGiven, result, analyses[run]!, options.conventions),
      );
    });
  }
  return { project: new Project(options.inputs, units, siteless), diagnostics };
}

/**
 * One warning for each instruction and each macro that is not known: around it no register is free.
 *
 * @param told names of which a warning speaks already
 */
function unknownCode({ instructions }: Analysis, told: Set<string>): Diagnostic[] {
  return instructions.flatMap((instruction): Diagnostic[] => {
    const { effects, statement, file, start, end } = instruction;
    const name = statement.kind === 'macroCall' ? statement.name : statement.mnemonic;
    if (effects.known || told.has(name)) return [];
    told.add(name);
    return [{ severity: 'warning', message: notKnown(instruction), file, start, end }];
  });
}

export const asGiven = 'as given';

function preprocessOptions(options: ProjectOptions): PreprocessOptions {
  const texts = new Map(options.inputs.map((input) => [fileKey(input), input.text]));
  const host: Host = { read: (path) => texts.get(posix.normalize(path)) ?? options.host.read(path) };
  const { includeDirs, commands, strict } = options;
  return {
    includeDirs,
    commands,
    strict,
    host,
    macros: nativeMacros(options.operations),
    cache: createCache(options.inputs),
  };
}

interface Runs {
  /** The run as given first. */
  readonly runs: readonly ConfiguredRun[];
  /** What decides which of them has which code; null where each stands for itself. */
  readonly presence: PresenceConditions | null;
}

/**
 * The runs that a source is analysed in: those that reach every #if branch of the source and of the headers beside it, to
 * be taken together; those that the call names; and, if every one is asked for and can be had, every combination of the
 * conditions.
 */
function runsOf(
  source: SourceText,
  base: PreprocessOptions,
  given: Preprocessed,
  words: ReadonlySet<string>,
  { everyConfiguration = false, configurations = new Map() }: ProjectOptions,
): Runs {
  const folder = posix.dirname(source.name);
  const isLocal = (file: SourceText) => posix.dirname(file.name) === folder;
  const alone: ConfiguredRun = { configuration: { name: '', fixed: new Map(), forced: new Map() }, result: given };
  if (dialectOf(source) === 'gas') return { runs: [alone], presence: null };
  const named = [...configurations].map(([name, flags]): ConfiguredRun => {
    const configuration = { name, fixed: readSetting(flags), forced: new Map() };
    return { configuration, result: preprocess(source, configured(base, configuration)) };
  });
  // Branches of files that never speak of a site are not worth a run.
  const files = [given, ...named.map(({ result }) => result)].flatMap((result) => result.files);
  if (!files.some((file) => isLocal(file) && spellsSite(file, words))) return { runs: [alone], presence: null };
  const covering = accepted(coveringRuns(source, base, isLocal, given));
  const all = everyConfiguration ? allConfigurations(source, base, isLocal) : null;
  const others = all === null ? [] : accepted(all.runs).slice(1);
  const runs = [...covering, ...others, ...accepted([alone, ...named]).slice(1)];
  return { runs, presence: all?.complete === true ? null : decidingSettings(runs, base.cache!, isLocal) };
}

/** The base run, and those others that the files do not refuse by an #error. */
function accepted([base, ...others]: readonly ConfiguredRun[]): ConfiguredRun[] {
  return [base!, ...others.filter(({ result }) => !result.diagnostics.some(({ severity }) => severity === 'error'))];
}

/** A header of the call is analysed where it is included; alone it has no context. */
function isIncludedBy(source: SourceText, given: ReadonlyMap<SourceText, Preprocessed>): boolean {
  for (const [other, { includes }] of given)
    if (
      other !== source &&
      includes.some(({ resolved }) => resolved !== undefined && fileKey(resolved) === fileKey(source))
    )
      return true;
  return false;
}

export function analyseTokens(
  preprocessed: Preprocessed,
  conventions: Conventions,
): { analysis: Analysis; errors: readonly Diagnostic[] } {
  const { statements, tokens, unseen, errors } = readCode(preprocessed);
  return { analysis: analyse(statements, tokens, { conventions, unseen: unseen === true }), errors };
}

/** What is left of a run's text when the assembler's own macros are expanded too. */
function readCode(preprocessed: Preprocessed): PreprocessedCode & { readonly errors: readonly Diagnostic[] } {
  const { tokens, diagnostics } = expandAssemblerMacros(preprocessed.tokens);
  const { statements, errors } = parseTokens(tokens);
  const unseen = preprocessed.includes.some(({ resolved }) => resolved === undefined);
  return { statements, tokens, unseen, errors: [...diagnostics, ...errors, ...unbalancedBundles(statements, tokens)] };
}

export function makeUnit(
  id: number,
  source: SourceText,
  configuration: string,
  preprocessed: Preprocessed,
  analysis: Analysis,
  conventions: Conventions,
): Unit {
  const { names, instructions, symbols } = analysis.program;
  const { labels } = symbols;
  const labelled = new Set(labels.map(({ instruction }) => instruction));
  const frame = { inputs: 32, locals: 32, outputs: 32, rotating: 0 };
  const general: NameScope = { alias: () => undefined, frame };
  return {
    id,
    source,
    configuration,
    preprocessed,
    analysis,
    labelled,
    isRelocated: relocatedCode(analysis.program, conventions.relocated),
    scopeAt: (instruction) => {
      if (names.areNone) return general;
      const at = instructions[instruction]!.statementIndex;
      return { alias: (name) => names.aliasAt(name, at), frame };
    },
  };
}
