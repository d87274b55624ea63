import type { Analysis } from '../analysis/analysis.ts';
import { neverReturns } from '../analysis/flow/flow.ts';
import type { Conventions } from '../config/conventions.ts';
import { mayFallThrough } from '../machine/branches.ts';
import type { NameScope } from '../machine/naming.ts';
import type { Preprocessed } from '../preprocess/types.ts';
import { shownPlace } from '../syntax/line-markers.ts';
import type { SourceText } from '../syntax/source.ts';
import { countedCode } from './counted-code.ts';
import { isBetween, type KeptLength, keptLengths } from './kept-lengths.ts';
import { relocatedCode } from './relocated.ts';

/** One source file under one configuration, preprocessed and analysed. */
export interface Unit {
  /** Its number in the project. */
  readonly id: number;
  readonly source: SourceText;
  /** The configuration in words: `as given`, `CONFIG_SMP not set`. */
  readonly configuration: string;
  readonly preprocessed: Preprocessed;
  readonly analysis: Analysis;
  /** Instructions with a label before them. */
  readonly labelled: ReadonlySet<number>;
  /** Instructions that `.org` puts at a place of their own, where a vector may begin. */
  readonly placed: ReadonlySet<number>;
  /** Whether an instruction, by its index, is copied and run elsewhere, as the conventions have it. */
  readonly isRelocated: (instruction: number) => boolean;
  /** Whether it may be copied: the program stores the length of the code around it. */
  readonly mayBeCopied: (instruction: number) => boolean;
  /** The line that counts the bytes of the code which an instruction, by its index, is part of; null: none does. */
  readonly countedBy: (instruction: number) => string | null;
  /** Whether control may run on behind the last instruction of a section, into whatever stands there. */
  readonly runsOut: (section: string) => boolean;
  /** Register aliases and absolute symbols as they hold at an instruction. */
  readonly scopeAt: (instruction: number) => NameScope;
}

/** The name of the configuration that the call itself gives. */
export const asGiven = 'as given';

export function makeUnit(
  id: number,
  source: SourceText,
  configuration: string,
  preprocessed: Preprocessed,
  analysis: Analysis,
  conventions: Conventions,
): Unit {
  const { names, instructions, symbols, origins } = analysis.program;
  const { labels } = symbols;
  const labelled = new Set(labels.map(({ instruction }) => instruction));
  const frame = { inputs: 32, locals: 32, outputs: 32, rotating: 0 };
  let counted: ReadonlyMap<number, number> | undefined;
  let lengths: readonly KeptLength[] | undefined;
  const general: NameScope = { alias: () => undefined, frame };
  return {
    id,
    source,
    configuration,
    preprocessed,
    analysis,
    labelled,
    placed: new Set(origins.map(({ instruction }) => instruction)),
    isRelocated: relocatedCode(analysis.program, conventions.relocated),
    mayBeCopied: (instruction) => {
      lengths ??= keptLengths(analysis.program);
      return lengths.some((each) => isBetween(analysis.program, instruction, each));
    },
    countedBy: (instruction) => {
      counted ??= countedCode(analysis.program);
      const at = counted.get(instruction);
      if (at === undefined) return null;
      const { statements, tokens } = analysis.program;
      const { file, start } = tokens[statements[at]!.first]!;
      const { name, line } = shownPlace(file, start);
      return `${name}:${line}`;
    },
    runsOut: (section) => {
      const last = analysis.program.sectionEnds.get(section) ?? -1;
      return (
        last >= 0 && mayFallThrough(instructions[last]!.effects) && !neverReturns(analysis.program, conventions, last)
      );
    },
    scopeAt: (instruction) => {
      if (names.areNone) return general;
      const at = instructions[instruction]!.statementIndex;
      return { alias: (name) => names.aliasAt(name, at), frame, symbol: (name) => names.symbolAt(name, at) };
    },
  };
}
