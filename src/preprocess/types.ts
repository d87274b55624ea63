/**
 * What goes into the preprocessor and what comes out. The folder never touches the file system: headers come from
 * `Host.read`, so a run is a function of its arguments.
 */
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { SourceText } from '../syntax/source.ts';
import type { Token } from '../syntax/token.ts';
import type { PreprocessCache } from './cache.ts';
import type { MacroDefinition } from './definition.ts';
import type { Host } from './host.ts';
import type { ConditionalBranch, ConditionalGroup } from './structure.ts';

/** One option of the command line, as gcc reads it: `-D`, `-U`, `-include`, `-imacros`, and some of `-Wa,`. */
export type Command =
  /** `A`, `A=1` or `F(x)=x`. */
  | { readonly kind: 'define'; readonly text: string }
  | { readonly kind: 'undef'; readonly name: string }
  | {
      readonly kind: 'include';
      readonly path: string;
      /** Of what it holds only the macros stay, as with `-imacros`. */
      readonly macrosOnly?: boolean;
    }
  /** What an option for the assembler says, as a line of its language in front of the source: `X = 1` for `--defsym X=1`. */
  | { readonly kind: 'assembly'; readonly line: string };

export interface PreprocessOptions {
  /** The directories of `-iquote`, then those of `-I`, in order. */
  readonly includeDirs: readonly string[];
  /** How many of them, from the first on, are searched for `"x"` only; left out: none. */
  readonly quoteDirs?: number | undefined;
  /** In the order given; all -D and -U take effect before the first -include, as with gcc. */
  readonly commands: readonly Command[];
  /** Makes a missing header an error instead of a warning. */
  readonly strict: boolean;
  readonly host: Host;
  /** Lines of `#define` that hold before anything else is read; the source may define the same names again. */
  readonly macros?: SourceText;
  /**
   * Whether one of `macros` stays what it is where the source defines its name so, with those names defined before. Left
   * out: the source's definition holds.
   */
  readonly keeps?: (own: MacroDefinition, defined: { has(name: string): boolean }) => boolean;
  /**
   * Names held at a value (null: not defined) against every -D, -U, #define and #undef. This is what "CONFIG_SMP is not
   * set" means where an -include brings the definitions: a -U would come too early.
   */
  readonly fixed?: ReadonlyMap<string, string | null>;
  /** Decides a branch (`#if`, `#ifdef`, `#elif` ...) in place of its condition; undefined leaves it to the condition. */
  readonly decide?: (branch: ConditionalBranch) => boolean | undefined;
  /** What runs share; see `createCache`. */
  readonly cache?: PreprocessCache;
}

export interface Preprocessed {
  /**
   * The tokens that the assembler would see, each at the place it was spelled; one Newline token where a line ends
   * and a statement with it. No Space or Comment tokens; `spaceBefore` tells which neighbours touch. A token's `use`
   * is the last step of expansion that carried it, and `parent` the step before: for a token of an argument, what had
   * brought it into the argument; for a token of a body, what had brought the macro's name to where it was expanded.
   * What ## makes stands at its left operand, what # makes at the #, a computed token at the name.
   */
  readonly tokens: readonly Token[];
  readonly diagnostics: readonly Diagnostic[];
  /** Every file entered, the main file first, each once. */
  readonly files: readonly SourceText[];
  /** Every #if group met (not those inside skipped branches), in the order of their #if. */
  readonly conditionals: readonly ConditionalPassage[];
  /** The macros at the end of the main file. */
  readonly macros: ReadonlyMap<string, MacroDefinition>;
  /** Macros that held for a part of the text: by name the last definition that was taken back or replaced. */
  readonly formerMacros: ReadonlyMap<string, MacroDefinition>;
  readonly includes: readonly Include[];
  /** The texts that ## has made. */
  readonly pasted: ReadonlySet<string>;
  /** By name of a file: the offsets of the names that # has made text of, so that to change them would change that text. */
  readonly stringified: ReadonlyMap<string, ReadonlySet<number>>;
}

/** One passage through an #if group. A header that is entered twice has its groups passed twice. */
export interface ConditionalPassage {
  readonly group: ConditionalGroup;
  /** Index of the branch taken, or -1. */
  readonly taken: number;
  /** The truth of each branch's condition; undefined where it was not evaluated (after the branch taken, and #else). */
  readonly values: readonly (boolean | undefined)[];
}

export interface Include {
  /** Where the directive stands: from its `#` to the end of its line. */
  readonly file: SourceText;
  readonly start: number;
  readonly end: number;
  /** The header's name as spelled between the quotes. */
  readonly path: string;
  readonly angled: boolean;
  /** Whether the header is in the directory of the file that includes it, not in one of `-I`. */
  readonly local: boolean;
  /** True when the header was found in the directory of the file that includes it, wherever that one was found. */
  readonly beside: boolean;
  /** True when the header was found in a directory that is searched for `"x"` only. */
  readonly quoteOnly: boolean;
  /** True for #include_next: which header it is depends on the directory of -I that the including file was found in. */
  readonly next: boolean;
  readonly resolved: SourceText | undefined;
}
