/** `shared` and `[[rename]]` of pvasm.toml: names of symbols where the variants of a source are linked into one image. */

/** A `[[rename]]` entry. `*` stands for any characters, the same in both names; `{target}` for the variant's target. */
export interface RenameRule {
  /** Target that it applies to; null: every target whose symbols are renamed. */
  readonly target: string | null;
  readonly symbol: string;
  readonly as: string;
}

export interface LinkRules {
  /** The first rule that matches a symbol applies; without one the symbol becomes `{target}_*`. */
  readonly renames: readonly RenameRule[];
  /** Patterns of the symbols that all variants share; `*` stands for any characters. */
  readonly shared: readonly string[];
}

export const NO_RULES: LinkRules = { renames: [], shared: [] };
