/**
 * Opens the sources of a call: each is preprocessed under the configurations that the command looks at (runs.ts), freed of
 * assembler macros, parsed and analysed.
 */
import { type Analysis, analyse, analyseTogether } from '../analysis/analysis.ts';
import { knownInSmallLetters, notKnown } from '../analysis/program/unknown-code.ts';
import type { Conventions } from '../config/conventions.ts';
import type { Preprocessed } from '../preprocess/types.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { LineParser } from '../syntax/line-parser.ts';
import type { SourceText } from '../syntax/source.ts';
import { type AssemblerCode, readCode } from './code.ts';
import { decidedPlaces } from './decided.ts';
import { nativeMacros } from './native.ts';
import type { Operations } from './operations.ts';
import { Project } from './project.ts';
import { type ReadSource, readInputs, type SourceOptions, sourceReader } from './reading.ts';
import { type CoveringOptions, coveringRunsOf } from './runs.ts';
import { asGiven, makeUnit, type Unit } from './units.ts';
import { mentionsPasted, mentionsSite, pastesWords, siteWords } from './words.ts';

export interface ProjectOptions extends SourceOptions, CoveringOptions {
  /** Sources without sites are analysed too. */
  readonly everySource?: boolean;
  /** Warnings about unknown instructions and macros that were given already. */
  readonly reported?: Set<string>;
  readonly operations: Operations;
  readonly conventions: Conventions;
}

export interface Opened {
  readonly project: Project;
  /** Those of the first configuration of each source; the others are not what the call asked for. */
  readonly diagnostics: readonly Diagnostic[];
  /** What each unit stands for. */
  readonly origins: ReadonlyMap<Unit, UnitOrigin>;
  /** False when a source has more combinations of its conditions than were tried. */
  readonly complete: boolean;
}

/** The runs, by index, that give the code of a unit. */
export interface UnitOrigin {
  readonly read: ReadSource;
  readonly runs: readonly number[];
}

/** Opens what `rewrite` and its kin work on: what holds in every configuration, and only sources that may have sites. */
export function openProject(options: ProjectOptions): Opened {
  const words = siteWords(options.operations);
  const read = sourceReader(options, nativeMacros(options.operations), coveringRunsOf(words, options));
  const sources = readInputs(options.inputs, read);
  return openRead(sources, options.inputs, options.conventions, {
    words: options.everySource ? null : words,
    warnOf: unknownCode(options.reported ?? new Set()),
  });
}

interface OpeningOptions {
  /** A source with none of these words is not worth an analysis; null, or left out: all are. */
  readonly words?: ReadonlySet<string> | null;
  /** What is to be said of the first analysis of a source. */
  readonly warnOf?: (analysis: Analysis) => readonly Diagnostic[];
}

/**
 * Analyses what was read, as one project.
 *
 * @param inputs the files of the call among those that were read, and headers
 */
export function openRead(
  sources: readonly ReadSource[],
  inputs: readonly SourceText[],
  conventions: Conventions,
  { words = null, warnOf = () => [] }: OpeningOptions = {},
): Opened {
  const units: Unit[] = [];
  const origins = new Map<Unit, UnitOrigin>();
  const diagnostics: Diagnostic[] = [];
  const siteless = new Map<SourceText, readonly Preprocessed[]>();
  const undefinedNames = new Map<SourceText, ReadonlySet<string>>();
  for (const read of sources) {
    const { source, runs } = read;
    const parser = new LineParser();
    const first = readCode(runs[0]!.result, parser);
    diagnostics.push(...runs[0]!.result.diagnostics, ...first.errors);
    const codes = codesOf(read, first, parser, words);
    if (codes === null) {
      siteless.set(
        source,
        runs.map(({ result }) => result),
      );
      continue;
    }
    const analyses = analyseRead(read, codes, conventions);
    undefinedNames.set(source, new Set(codes.flatMap((code) => [...code.undefinedNames])));
    diagnostics.push(...warnOf(analyses[0]!));
    analyses.forEach((analysis, variant) => {
      const alike = read.variants[variant]!;
      const name = alike.map((run) => runs[run]!.configuration.name || asGiven).join('; or ');
      const unit = makeUnit(units.length, source, name, runs[alike[0]!]!.result, analysis, conventions);
      units.push(unit);
      origins.set(unit, { read, runs: alike });
    });
  }
  const complete = sources.every((read) => read.complete);
  return {
    project: new Project(inputs, units, siteless, null, decidedPlaces(sources, undefinedNames)),
    diagnostics,
    origins,
    complete,
  };
}

/** The code of each variant, that of the first run given; null where there is no site. */
function codesOf(
  { runs, variants }: ReadSource,
  first: AssemblerCode,
  parser: LineParser,
  words: ReadonlySet<string> | null,
): AssemblerCode[] | null {
  const mayHold = ({ tokens }: Preprocessed) => mentionsSite(tokens, words!) || pastesWords(tokens, words!);
  if (words !== null && !runs.some(({ result }) => mayHold(result))) return null;
  const codes = variants.map(([run]) => (run === 0 ? first : readCode(runs[run!]!.result, parser)));
  return words !== null && !codes.some(({ tokens }) => mentionsPasted(tokens, words)) ? null : codes;
}

/** One analysis for each variant. */
function analyseRead(
  { presence }: ReadSource,
  codes: readonly AssemblerCode[],
  conventions: Conventions,
): readonly Analysis[] {
  if (presence !== null) return analyseTogether(codes, presence, { conventions });
  return codes.map(({ statements, tokens, unseen }) => analyse(statements, tokens, { conventions, unseen }));
}

/**
 * One warning for each instruction and each macro that is not known: around it no register is free. An error for those that
 * are none but for the assembler: they might be sites.
 */
function unknownCode(reported: Set<string>): (analysis: Analysis) => Diagnostic[] {
  return ({ instructions }) =>
    instructions.flatMap((instruction): Diagnostic[] => {
      const { effects, file, start, end } = instruction;
      if (effects.known) return [];
      const message = notKnown(instruction);
      if (reported.has(message)) return [];
      reported.add(message);
      return [{ severity: knownInSmallLetters(instruction) ? 'error' : 'warning', message, file, start, end }];
    });
}
