/** The state of one run. The functions of this folder pass it along; nothing else holds state. */
import type { Diagnostic, Severity } from '../syntax/diagnostic.ts';
import type { SourceText } from '../syntax/source.ts';
import { type Token, TokenKind } from '../syntax/token.ts';
import type { PreprocessCache } from './cache.ts';
import type { Macro } from './definition.ts';
import { needsSpace } from './spacing.ts';
import { type DirectiveSegment, type FileStructure, segmentTokens } from './structure.ts';
import { type Item, withSpace } from './tokens.ts';
import type { ConditionalPassage, Include, PreprocessOptions } from './types.ts';

/** A file being read. */
export interface OpenFile {
  readonly file: SourceText;
  readonly structure: FileStructure;
  /** Index in `includeDirs` of the directory that the file was found in; -1 when in none. */
  readonly directory: number;
  /** The main file, or a header found beside it: not through -I. */
  readonly local: boolean;
  /** Nothing has been read before it, and nothing of its text is put out: -imacros. */
  readonly macrosOnly: boolean;
  /** Index of the next segment. */
  segment: number;
  /** The text segment being read, and the place in it. */
  tokens: readonly Token[];
  at: number;
  /** The effect of #line: what is added to line numbers, and the name for `__FILE__`. */
  lineOffset: number;
  presumedName: string;
}

/** Tokens waiting to be read: the expansion of `macro`, or (null) tokens put back or an argument. */
export interface Context {
  readonly items: readonly Item[];
  at: number;
  readonly macro: Macro | null;
}

export interface PreprocessorRun {
  readonly options: PreprocessOptions;
  readonly cache: PreprocessCache;
  readonly macros: Map<string, Macro>;
  /** Definitions that held for a part of the text: by name the last one that was taken back or replaced. */
  readonly formerMacros: Map<string, Macro>;
  readonly output: Token[];
  /** How many tokens of the output the command line itself has given. */
  commandTokens: number;
  readonly diagnostics: Diagnostic[];
  readonly files: Set<SourceText>;
  readonly conditionals: ConditionalPassage[];
  readonly includes: Include[];
  readonly frames: OpenFile[];
  readonly contexts: Context[];
  /** Contexts below this index may not be read: they are not part of the argument being expanded. */
  floor: number;
  /** False while an argument or a directive's line is expanded: what follows in the file is out of reach. */
  fileInReach: boolean;
  /** Set in a condition before the operand of `defined`. */
  expansionOff: boolean;
  /** Padding was met since the last token that came out, and which token decides about the space. */
  padded: boolean;
  paddingSource: Token | null;
  /** The name outside of any expansion that began the current one: `__LINE__` is its line. */
  outermost: Token | null;
  /** How many more tokens expansions may make, and whether they have made too many: then nothing more is expanded. */
  budget: number;
  exhausted: boolean;
  /** How many more headers may be read. */
  includesLeft: number;
  /** How deep macro calls in macro arguments are nested just now. */
  nesting: number;
  counter: number;
  /** What ## has made. */
  readonly pasted: Set<string>;
  /** By name of a file: the offsets of the names that # has made text of. */
  readonly stringified: Map<string, Set<number>>;
  readonly once: Set<SourceText>;
  readonly missing: Set<string>;
  readonly pushedMacros: Map<string, (Macro | undefined)[]>;
  /** Carries out a directive; set by the module that knows them all, which needs the expander in its turn. */
  readonly directive: (run: PreprocessorRun, frame: OpenFile, segment: DirectiveSegment) => void;
}

export function report(
  run: PreprocessorRun,
  severity: Severity,
  message: string,
  place: { readonly file: SourceText; readonly start: number; readonly end: number },
): void {
  const { file, start, end } = place;
  run.diagnostics.push({ severity, message, file, start, end });
}

/** A complaint that what a missing header defines might have spared: then it is no more than a warning. */
export function reportUnlessMissing(
  run: PreprocessorRun,
  message: string,
  where: { readonly file: SourceText; readonly start: number; readonly end: number },
): void {
  const excused = run.missing.size > 0 && !run.options.strict;
  report(run, excused ? 'warning' : 'error', excused ? `${message} (a header is missing)` : message, where);
}

/** Puts a token out, with a space before it where gcc would write one. */
export function emitToken(run: PreprocessorRun, token: Token): void {
  const { output } = run;
  if (!run.padded) {
    output.push(token);
    return;
  }
  let space = (run.paddingSource ?? token).spaceBefore;
  if (!space && output.length > 0) {
    const previous = output[output.length - 1]!;
    space = previous.kind !== TokenKind.Newline && needsSpace(previous, token);
  }
  output.push(withSpace(token, space));
  run.padded = false;
  run.paddingSource = null;
}

export function emitNewline(run: PreprocessorRun, token: Token): void {
  const { output } = run;
  run.padded = false;
  run.paddingSource = null;
  if (output.length > 0 && output[output.length - 1]!.kind !== TokenKind.Newline) output.push(token);
}

export function pad(run: PreprocessorRun, source: Token | null): void {
  const { padded, paddingSource } = run;
  if (!padded || paddingSource === null || (!paddingSource.spaceBefore && source === null)) run.paddingSource = source;
  run.padded = true;
}

/** Reads the next segment of a file: text becomes `frame.tokens`, a directive is carried out. */
export function readSegment(run: PreprocessorRun, frame: OpenFile): void {
  const segment = frame.structure.segments[frame.segment++]!;
  if (segment.kind === 'text') {
    frame.tokens = segmentTokens(frame.file, segment);
    frame.at = 0;
  } else run.directive(run, frame, segment);
}
