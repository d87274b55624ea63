/**
 * What the library takes and gives: plain data. Text is latin-1 throughout, one character a byte, so that offsets count bytes and
 * whatever a file holds comes back unchanged: `readFileSync(path, 'latin1')`.
 */

/** A file, by the name that messages and `#include` find it under; nothing is read from it. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** What a call goes by. Left out, each is as on the command line without a pvasm.toml. */
export interface Options {
  /** Shipped targets, with `:a` or `:b` for an alternative: `native`, `xen`, `xen:a`. Default: native, xen. */
  readonly targets?: readonly string[];
  /** Macros, as `-D` has them: `CONFIG_SMP`, `PAGE_SHIFT=14`. */
  readonly define?: readonly string[];
  readonly undefine?: readonly string[];
  /** Folders searched for headers, in order; each path is asked of `read`. */
  readonly include?: readonly string[];
  /** The text of a header by its path, or undefined where there is none. Default: there are no headers. */
  readonly read?: (path: string) => string | undefined;
  /** A header that is missing is an error (the default, but for `check`): which registers are free could depend on it. */
  readonly strict?: boolean;
  /** Of `build`: the folder that `place` will be below. Headers that stay where they are are named from there. Default: `.`. */
  readonly output?: string;
  /** TOML texts of conventions (docs/configuration.md), behind those of Linux, which hold by default. */
  readonly conventions?: readonly Source[];
}

/** A place: lines and columns count from 1, offsets are characters from 0, `end` is behind the last one. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
}

export interface Message extends Place {
  readonly severity: 'error' | 'warning' | 'note';
  readonly message: string;
}

/** Replaces the characters from `start` to before `end`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A statement as it is spelled: an instruction, a directive, a label, a macro call, a stop ... */
export interface Statement extends Place {
  readonly kind: string;
  /** Mnemonic, name of the directive, label or macro; null for what has none. */
  readonly name: string | null;
  readonly text: string;
}

export interface Parsed {
  /** In order; those in the bodies of macros too, where they are spelled. */
  readonly statements: readonly Statement[];
  /** What could not be read. Nothing is lost: `text` is the source's, byte by byte. */
  readonly messages: readonly Message[];
  readonly text: string;
}

/** An instruction, or fused run of them, that stays native, and why. */
export interface Refused extends Place {
  readonly operation: string;
  readonly reason: string;
}

/** A file that has sites, or was given, and what becomes of it. */
export interface RewrittenFile {
  readonly name: string;
  readonly text: string;
  readonly edits: readonly Edit[];
}

export interface Rewritten {
  readonly files: readonly RewrittenFile[];
  readonly refused: readonly Refused[];
  readonly messages: readonly Message[];
}

/**
 * A file as one target has it, as `build` of the command writes it. Headers that change for it, or lead to one that does, are
 * listings of their own, one for each text that sources need: `name` is the header's, `place` says which.
 */
export interface Listing extends RewrittenFile {
  readonly target: string;
  /** Below the folder of the target (`xen:a`: `xen-a`): `f.S`, `include/save-0123456789ab.h`. */
  readonly place: string;
}

export interface Built {
  readonly listings: readonly Listing[];
  /** Sites that a target leaves as they are although it should not; with any of them `build` of the command writes nothing. */
  readonly failures: readonly (Refused & { readonly target: string })[];
  readonly refused: readonly Refused[];
  readonly messages: readonly Message[];
}

export interface Finding extends Place {
  /** `PV012`; docs/rules says what each is about. */
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'note';
  readonly message: string;
  /** What holds with it: `CONFIG_SMP is not set`; null: always. */
  readonly condition: string | null;
  /** Other places that explain it. */
  readonly related: readonly (Place & { readonly message: string })[];
  /** A repair that is certain; null: there is none. */
  readonly fix: { readonly title: string; readonly edits: readonly (Place & { readonly text: string })[] } | null;
}

export interface Checked {
  readonly findings: readonly Finding[];
}
