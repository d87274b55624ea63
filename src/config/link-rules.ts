/** `shared` and `[[rename]]` of pvasm.toml: what symbols are called where variants are linked into one image. */

/** A rule of pvasm.toml: `*` in both stands for any characters, the same ones; `{target}` for the variant. */
export interface RenameRule {
  /** Null: every target whose names are not kept. */
  readonly target: string | null;
  readonly symbol: string;
  readonly as: string;
}

export interface LinkRules {
  /** The first that is for a symbol decides; where none is, it becomes `{target}_*`. */
  readonly renames: readonly RenameRule[];
  /** Symbols that all variants have in common, with `*`. */
  readonly shared: readonly string[];
}

export const NO_RULES: LinkRules = { renames: [], shared: [] };
