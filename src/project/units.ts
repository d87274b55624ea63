import type { Analysis } from '../analysis/analysis.ts';
import type { NameScope } from '../machine/naming.ts';
import type { Preprocessed } from '../preprocess/types.ts';
import type { SourceText } from '../syntax/source.ts';

/** One source file under one configuration, preprocessed and analysed. */
export interface Unit {
  /** Its number in the project. */
  readonly id: number;
  readonly source: SourceText;
  /** The configuration in words: `as given`, `CONFIG_SMP not set`. */
  readonly configuration: string;
  readonly preprocessed: Preprocessed;
  readonly analysis: Analysis;
  /** Instructions that a label stands before. */
  readonly labelled: ReadonlySet<number>;
  /** Whether an instruction, by its index, is copied and run elsewhere, as the conventions have it. */
  readonly isRelocated: (instruction: number) => boolean;
  /** Register aliases as they hold at an instruction. */
  readonly scopeAt: (instruction: number) => NameScope;
}
