/**
 * The report as plain data: all that `pvasm report` shows, in any format. It is what `--format json` prints, so its names
 * are a contract: fields may be added, none may change its meaning.
 */

/** Code of all sections that hold code. */
export interface Size {
  /** Bundles times 16, alignment and the room up to the next `.org` included. */
  readonly bytes: number;
  /** Nops are not counted; an instruction of two slots is one. */
  readonly instructions: number;
  /** Instruction groups that end in a stop. */
  readonly stops: number;
}

/** A place in a file, under the name that the user gave; line and column count from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Report {
  /** Grows when a field changes its meaning. */
  readonly version: 2;
  readonly tool: 'pvasm';
  /** In the order of the call. */
  readonly targets: readonly TargetReport[];
  /** Sources, in the order of the call; headers are part of the sources that include them. */
  readonly files: readonly FileReport[];
  /** The sum over all files. */
  readonly total: readonly CostReport[];
  /**
   * Every site once, in the order of the files and their lines; one in a header for which sources have different outcomes once for
   * each (`builtFor`).
   */
  readonly sites: readonly SiteReport[];
  /** Instructions that should be sites but stay as they are for every target, and why. */
  readonly refused: readonly RefusedReport[];
  /** Privileged and sensitive instructions that a target leaves as they are. */
  readonly left: readonly LeftReport[];
  /** Headers that were not found, as they are included, sorted: registers were chosen without them (`--no-strict`). */
  readonly missingHeaders: readonly string[];
}

export interface TargetReport {
  /** As the user spelled it: `xen`, `xen:a`. */
  readonly label: string;
  /**
   * A: calls of shared routines where they can be; B: bodies in place; null: whichever is shorter. Of joined targets D: patched
   * in place; E: calls whose branch is patched, where they can be; C: calls through a table, where they can be.
   */
  readonly alternative: 'A' | 'B' | 'C' | 'D' | 'E' | null;
}

export interface FileReport {
  readonly file: string;
  /** The source as it stands, on the real machine. */
  readonly native: Size;
  /** One for each target, in their order. */
  readonly costs: readonly CostReport[];
  readonly routines: readonly RoutineReport[];
  readonly vectors: readonly VectorReport[];
  /** What was done so that vectors fit their slots; only targets for which something was. */
  readonly room: readonly RoomReport[];
}

/** What a target makes of one file, or of all. */
export interface CostReport extends Size {
  readonly target: string;
  /** Bytes of records, of code that is only copied, and of tables: what a joint listing has beside its code. */
  readonly data: number;
  /** Over native. */
  readonly added: Size;
  /** Sites by what becomes of them. A site in a header counts in each file that includes it. */
  readonly sites: Readonly<Record<SiteKind, number>>;
  /** Shared routines that its calls go to, and the instructions in them; they are part of the counts above. */
  readonly routines: number;
  readonly routineInstructions: number;
  /** Registers that some site changes beyond what the native instruction changes. */
  readonly clobbers: Clobbers;
  /** The most of each kind at any one site. */
  readonly mostAtOneSite: { readonly branch: number; readonly general: number; readonly predicate: number };
}

export interface Clobbers {
  readonly branch: readonly string[];
  readonly general: readonly string[];
  readonly predicate: readonly string[];
}

/**
 * native: the instruction itself, because that is how the target does it; trap: the instruction itself, because the target
 * has no body for it; inPlace: a body; branch: a call of a shared routine; patched: the instruction with room for a body that a
 * patcher puts there.
 */
export type SiteKind = 'native' | 'trap' | 'inPlace' | 'branch' | 'patched';

export interface SiteReport extends SourceLocation {
  /** As the source spells it, on one line. */
  readonly text: string;
  readonly operation: string;
  readonly class: 'privileged' | 'sensitive';
  /** Where it ends. */
  readonly endLine: number;
  /** The macro whose body spells it, else the `.proc` around it or the label before it; null for none of them. */
  readonly handler: string | null;
  /** The handlers whose code it is part of, by its macros' calls too. */
  readonly within: readonly string[];
  /** The calls, in sources and headers, of the macros that bring it there. */
  readonly calls: readonly SourceLocation[];
  /** The macro that it becomes, or is. */
  readonly macro: string;
  /** In a `#define` body, and of which macro; in an argument of a macro call. */
  readonly place: { readonly kind: 'code' | 'define' | 'argument'; readonly macro: string | null };
  /** `#if` directives around it, outermost first. */
  readonly conditions: readonly string[];
  /** Sources whose code it is part of. */
  readonly sources: readonly string[];
  /** Number of its instances in the code of the configuration as given; 0 if no given configuration reaches it. */
  readonly expanded: number;
  readonly scratch: readonly ScratchReport[];
  /** One for each target, in their order. */
  readonly targets: readonly SiteTargetReport[];
  /** Only in the answer to `--at`: every way for each hypervisor of the call, whether asked for or not. */
  readonly ways?: readonly SiteWayReport[];
  /**
   * Absent, but where something else comes of the same place in a header for other files of the call: those that it is so for. Each
   * file is built by itself, with variants of headers of its own.
   */
  readonly builtFor?: readonly string[];
}

/** A register that the macro names beyond the instruction's operands. */
export interface ScratchReport {
  readonly register: string;
  /** `branch`: takes the return address. */
  readonly use: 'branch' | 'general' | 'predicate' | 'call';
  /** False when the analysis cannot vouch for it: only in sources that spell their macros by hand. */
  readonly free: boolean;
  /** Why, in the place where the code is met first. */
  readonly reason: string;
  readonly lastRead: SourceLocation | null;
  readonly nextWrites: readonly SourceLocation[];
  /** How many places the same was proven for (expansions of a macro, configurations). */
  readonly places: number;
}

export interface SiteTargetReport {
  readonly target: string;
  readonly kind: SiteKind;
  /** Counts of the code at the site, without the shared routine. */
  readonly instructions: number;
  readonly stops: number;
  readonly slots: number;
  /** Stops that the neighbours of the site make necessary. */
  readonly stopBefore: boolean;
  readonly stopBehind: boolean;
  /** Registers that may hold another value behind it: derived from the code, nothing is declared. */
  readonly clobbers: readonly string[];
  /** Those that the native instruction would not have changed. */
  readonly clobbersMore: readonly string[];
  readonly routine: string | null;
  /** What it shares with the bodies of neighbouring sites, `from` which and `to` which; null: nothing. */
  readonly shared: {
    readonly from: SourceLocation | null;
    readonly to: SourceLocation | null;
    /** The registers with an address that it finds, and with one that it leaves. */
    readonly address: { readonly found: string | null; readonly left: string | null };
    /** `r8 in r18`: what it need not save, as it is saved there. */
    readonly saved: readonly string[];
  } | null;
  /** Why it is left as it is, when it is. */
  readonly reason: string | null;
  /** Why it is no call, where alternative `a`, `c` or `e` was asked for and it is none. */
  readonly notCalled: string | null;
  /** The same without what holds the registers that it lacks. */
  readonly notCalledFor: string | null;
  /** Who needs the branch registers, where that is why, in short: `b0`, by `ivt.S:261`; `b1-b7`, by `the interrupted code`. */
  readonly branchesHeld: readonly { readonly registers: string; readonly by: string }[];
  /** What it is in place of that in a joint listing. */
  readonly fallback: Fallback | null;
  /** Where it is a call of alternative `a`: why not by `br.call`, which is one instruction; null where it is. */
  readonly longCall: string | null;
}

/** What a site of a joint listing is that cannot be the call which was asked for. */
export interface Fallback {
  /** As the letters have it: `e` a call whose branch is patched, `d` patched in place, `t` left to trap. */
  readonly instead: 'e' | 'd' | 't';
  /** Where a call of `e` was tried first: why it is none, and what holds the registers that it would take. */
  readonly notDirect: { readonly reason: string; readonly held: string | null } | null;
}

/** What one of the ways to serve the bare machine and a hypervisor makes of a site. */
export interface SiteWayReport extends SiteTargetReport {
  /** As in the table of the ways (`--alternatives`). */
  readonly way: 'dual' | 'a' | 'b' | 'c' | 'd' | 'e';
  /** The hypervisor's target. */
  readonly on: string;
  /** It does there what it is for; false: what it does in place of that, and why, is said by the fields of a target. */
  readonly possible: boolean;
  /** Where no call through the table is possible: what is there in place of it, by the letters; null: with these it is one. */
  readonly inPlaceOfCall?: Readonly<Record<'c' | 'ce' | 'ct', Fallback['instead'] | null>>;
}

export interface RoutineReport {
  readonly name: string;
  readonly line: number;
  readonly file: string;
  /** Registers that it may read before it writes them. */
  readonly needs: readonly string[];
  readonly clobbers: readonly string[];
  readonly preserves: readonly string[];
  /** What each target's code clobbers beyond that. */
  readonly more: readonly { readonly target: string; readonly clobbers: readonly string[] }[];
}

export interface VectorReport {
  /** Byte offset in its section. */
  readonly offset: number;
  readonly section: string;
  readonly name: string | null;
  /** Bundles that fit: 64 or 16 in an interruption vector, else up to the next `.org`; null: the last slot has no end. */
  readonly room: number | null;
  /** Bundles used by the source as it stands. */
  readonly native: number;
  /** Bundles used, one for each target, in their order. */
  readonly used: readonly number[];
}

export interface RoomReport {
  readonly target: string;
  /** Sites that became calls, or bodies in place, for that reason alone. */
  readonly sites: readonly (SourceLocation & { readonly kind: SiteKind })[];
  /** Tails of vectors that stand out of line, behind the table. */
  readonly moved: readonly MovedReport[];
  /** Vectors that do not fit all the same: there is no listing. */
  readonly stuck: readonly StuckReport[];
}

export interface MovedReport {
  readonly vector: string;
  /** Of the first statement that moved. */
  readonly line: number;
  readonly bundles: number;
  /** Instructions executed in addition when control comes from the code before it: the branch; 0 if it never does. */
  readonly instructions: number;
}

export interface StuckReport {
  readonly line: number;
  /** What would help. */
  readonly advice: string;
}

export interface RefusedReport extends SourceLocation {
  /** As a site's. */
  readonly handler: string | null;
  readonly text: string;
  readonly operation: string;
  readonly reason: string;
  /** As a site's. */
  readonly builtFor?: readonly string[];
}

export interface LeftReport {
  readonly target: string;
  /** The operation, or the intercept point of the audit where it is no site. */
  readonly what: string;
  readonly class: 'privileged' | 'sensitive' | 'conditional';
  readonly reason: string;
  readonly places: readonly SourceLocation[];
}
