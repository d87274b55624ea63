/** Calls of vocabulary macros in a file as written, with what each argument is for. */
import type { NameScope } from '../machine/naming.ts';
import { PFS } from '../rewrite/site.ts';
import type { Instruction, MacroArgument, Span, Statement, Tree } from '../syntax/tree.ts';
import type { SourceRange } from './finding.ts';
import { findMacro, type Role, type Vocabulary, type VocabularyMacro } from './vocabulary.ts';

/** A register by its canonical name, as `src/machine` resolves it. */
export interface RegisterName {
  /** `gr`, `br`, `pr`, `fr`, `ar`, `cr` ... */
  readonly class: string;
  readonly name: string;
}

/**
 * Resolves a name as spelled; undefined for what is no register (a macro's parameter, a number).
 *
 * @param scope what the place knows besides: its frame, and what the source calls its registers
 */
export type RegisterResolver = (spelled: string, scope?: NameScope) => RegisterName | undefined;

export interface SiteArgument extends SourceRange {
  /** The parameter's name; null for an argument beyond the parameters. */
  readonly parameter: string | null;
  readonly role: Role;
  /** As spelled, without the blanks around it. */
  readonly text: string;
  /** Null: not a register that can be known here. */
  readonly register: RegisterName | null;
}

/** One call; its place runs from the predicate or the name to the closing parenthesis. */
export interface MacroSite extends SourceRange {
  readonly macro: VocabularyMacro;
  readonly args: readonly SiteArgument[];
  /** Offset of the macro's name, by which the preprocessor knows the call. */
  readonly nameStart: number;
  /** The file's own `#define` of this name stands around it: it says what the macro is and is no use of it. */
  readonly insideOwnDefinition: boolean;
}

/** A scratch register that no configured target needs is spelled so. */
export const NOT_NEEDED = '-';

/** All calls in a tree, also in `#define` bodies and macro arguments, in source order. */
export function macroSites(
  tree: Tree,
  vocabularies: readonly Vocabulary[],
  resolve: RegisterResolver,
): readonly MacroSite[] {
  const sites: MacroSite[] = [];
  const visit = (statements: readonly Statement[], definition: string | null): void => {
    for (const statement of statements) {
      if (statement.kind === 'cpp') {
        if (statement.define !== null) visit(statement.define.body, statement.define.name);
        continue;
      }
      if (statement.kind !== 'macroCall' && statement.kind !== 'instruction') continue;
      const site = readSite(tree, statement, definition, vocabularies, resolve);
      if (site !== null) sites.push(site);
      if (statement.kind === 'macroCall') for (const argument of statement.args) visit(argument.statements, definition);
    }
  };
  visit(tree.statements, null);
  return sites.sort((a, b) => a.start - b.start);
}

function readSite(
  tree: Tree,
  statement: Instruction | Extract<Statement, { kind: 'macroCall' }>,
  definition: string | null,
  vocabularies: readonly Vocabulary[],
  resolve: RegisterResolver,
): MacroSite | null {
  const call = statement.kind === 'macroCall';
  const name = call ? statement.name : statement.mnemonic;
  const macro = findMacro(vocabularies, name);
  if (macro === undefined || (macro.parameters !== null) !== call) return null;
  const args = call ? statement.args.map((_, index) => readArgument(tree, statement.args, index, macro, resolve)) : [];
  return {
    ...placeOf(tree, statement.first, statement.last),
    macro,
    // `X()` is a call without arguments; cpp counts one empty argument.
    args: args.length === 1 && args[0]!.text === '' && macro.parameters?.length === 0 ? [] : args,
    nameStart: tree.tokens[nameToken(tree, statement, name)]!.start,
    insideOwnDefinition: definition === name,
  };
}

function readArgument(
  tree: Tree,
  args: readonly MacroArgument[],
  index: number,
  macro: VocabularyMacro,
  resolve: RegisterResolver,
): SiteArgument {
  const argument = args[index]!;
  const parameter = macro.parameters?.[index] ?? null;
  const empty = argument.last < argument.first;
  const place = placeOf(tree, argument.first, empty ? argument.first - 1 : argument.last);
  const text = empty ? '' : tree.file.text.slice(place.start, place.end);
  const register = resolve(text) ?? null;
  const role = parameter?.role ?? roleOfScratch(register, index === args.length - 1);
  return { ...place, parameter: parameter?.name ?? null, role, text, register };
}

/** The role of an argument that is a register. */
export function roleOf({ parameter, role }: SiteArgument, register: RegisterName | null): Role {
  return parameter === null ? roleOfScratch(register, true) : role;
}

/** Behind the parameters stand the scratch registers that the targets need: general ones, predicates, ar.pfs, last a second branch register. */
function roleOfScratch(register: RegisterName | null, isLast: boolean): Role {
  if (register?.class === 'br' && isLast) return 'branch';
  if (register?.name === PFS) return 'scratch-frame';
  return register?.class === 'pr' ? 'scratch-predicate' : 'scratch';
}

/** The characters of a token range; an empty range is at its first token. */
function placeOf(tree: Tree, first: number, last: number): SourceRange {
  const start = tree.tokens[first]?.start ?? tree.file.text.length;
  return { file: tree.file, start, end: last < first ? start : tree.tokens[last]!.end };
}

/** The token of the name: the first, or the first behind the predicate. */
function nameToken(tree: Tree, statement: Span & { readonly predicate: Span | null }, name: string): number {
  let at = statement.predicate === null ? statement.first : statement.predicate.last + 1;
  while (at < statement.last && tree.tokens[at]!.text !== name) at++;
  return at;
}
