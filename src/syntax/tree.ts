/**
 * The syntax tree: statements over tokens. It is lossless: a node keeps the range of tokens that it was read from, and the tokens
 * tile the file. The same node types are used before preprocessing (with directives and macro calls) and after (without).
 */
import type { Diagnostic } from './diagnostic.ts';
import type { SourceText } from './source.ts';
import type { Token } from './token.ts';

/** A node's tokens: `tokens[first] .. tokens[last]`, inclusive, in the token list of the parse it came from. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

export type Expression =
  /**
   * A name with its dots and backslashes as spelled: `r8`, `cr.ifa`, `.L1`, `psr.ic`, `\reg`, `pKStk`. The `#` that gas
   * allows behind a symbol (`foo#`) is in the span, not in the name.
   */
  | ({ readonly kind: 'name'; readonly name: string } & Span)
  /** A number as spelled (`0x10`, `1f` and `1b` are `local` references). */
  | ({ readonly kind: 'number'; readonly text: string; readonly value: bigint } & Span)
  | ({ readonly kind: 'local'; readonly label: string; readonly direction: 'f' | 'b' } & Span)
  | ({ readonly kind: 'string'; readonly text: string } & Span)
  /** `.`, the location counter. */
  | ({ readonly kind: 'here' } & Span)
  | ({ readonly kind: 'unary'; readonly operator: string; readonly operand: Expression } & Span)
  | ({
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    } & Span)
  /** `( e )` */
  | ({ readonly kind: 'group'; readonly inner: Expression } & Span)
  /** `IA64_KR(CURRENT)`, a macro call in an operand; arguments as token ranges, empty ones included, not as statements. */
  | ({ readonly kind: 'call'; readonly name: string; readonly args: readonly MacroArgument[] } & Span)
  /** `@gprel(x)`, `@ltoff(@fptr(x))`, named without the `@`; without parentheses (`@nat`, `@pause`) `argument` is null. */
  | ({ readonly kind: 'relocation'; readonly name: string; readonly argument: Expression | null } & Span)
  /** `[r2]`: memory. */
  | ({ readonly kind: 'memory'; readonly address: Expression } & Span)
  /** `rr[r3]`, `cpuid[r2]`, `dtr[r25]`: an indirect register file. */
  | ({ readonly kind: 'indexed'; readonly name: string; readonly index: Expression } & Span)
  /** Tokens that form no known expression; an empty operand has `last < first`. */
  | ({ readonly kind: 'opaque' } & Span);

export interface MacroArgument {
  /** Token range of the argument without surrounding trivia; `last < first` when the argument is empty. */
  readonly first: number;
  readonly last: number;
  /** The argument parsed as statements (`mov r30=cr.ifs`, `(p6) probe.w.fault r32, 3`); empty for an empty one. */
  readonly statements: readonly Statement[];
}

/** `(p6) ld8.fill r8=[r2],16`. Also an unknown word with operands: a gas macro, or an object-like cpp macro. */
export interface Instruction extends Span {
  readonly kind: 'instruction';
  readonly predicate: Expression | null;
  /** The whole dotted word, as spelled: `br.call.sptk.many`. */
  readonly mnemonic: string;
  /** Token range of the mnemonic. */
  readonly mnemonicFirst: number;
  readonly mnemonicLast: number;
  /** The operands before `=`; empty when there is no `=`. */
  readonly outputs: readonly Expression[];
  /** The operands after `=`, or all operands when there is no `=`. */
  readonly inputs: readonly Expression[];
}

export type Statement =
  | Instruction
  /** `name:`; `name::` is gas's spelling of a global one. A quoted name keeps its quotes. */
  | ({ readonly kind: 'label'; readonly name: string; readonly global: boolean } & Span)
  /** `[1:]`, a slot tag. */
  | ({ readonly kind: 'tag'; readonly name: string } & Span)
  /** `;;` */
  | ({ readonly kind: 'stop' } & Span)
  | ({ readonly kind: 'bundleOpen'; readonly template: string | null } & Span)
  | ({ readonly kind: 'bundleClose' } & Span)
  /** `.section .text,"ax"`; the arguments are expressions where they parse as such, opaque where not. */
  | ({ readonly kind: 'directive'; readonly name: string; readonly args: readonly Expression[] } & Span)
  /** `name = expression` or `name == expression`. */
  | ({ readonly kind: 'assignment'; readonly name: string; readonly value: Expression } & Span)
  /** `FAULT(26)` at the place of a statement. */
  | ({
      readonly kind: 'macroCall';
      readonly predicate: Expression | null;
      readonly name: string;
      readonly args: readonly MacroArgument[];
    } & Span)
  /** A preprocessor directive with its continuation lines, to (not with) the Newline. */
  | CppDirective
  /** Tokens that form no statement: after an error, or C code in `#ifndef __ASSEMBLY__`. */
  | ({ readonly kind: 'unparsed' } & Span);

export interface CppDirective extends Span {
  readonly kind: 'cpp';
  /** `define`, `if`, `ifdef`, `include` ...; empty for a lone `#`. */
  readonly name: string;
  /** For `define`: the macro's name, its parameters (null: object-like) and its body as statements. */
  readonly define: {
    readonly name: string;
    readonly parameters: readonly string[] | null;
    readonly variadic: boolean;
    readonly bodyFirst: number;
    readonly bodyLast: number;
    readonly body: readonly Statement[];
  } | null;
}

export interface Tree {
  readonly file: SourceText;
  readonly tokens: readonly Token[];
  readonly statements: readonly Statement[];
  readonly errors: readonly Diagnostic[];
}
