/**
 * Bodies: how a target does an operation. A target file (grammar/targets/) holds one gas macro for each operation; here it is
 * read once and its macros are expanded with the registers of a site.
 *
 * Registers are compared by their canonical names and printed as the caller spells them: gas's `.ifc` compares text, and
 * would not know that `out0` is r40.
 */
import {
  type AssemblerMacro,
  diagnosticAt,
  evaluate,
  expandAssemblerMacros,
  invokeMacro,
  type MacroState,
  type SymbolValue,
  statementEnd,
  textOf,
  withoutSpace,
  wordAt,
} from '../macros/index.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { SourceText } from '../syntax/source.ts';
import { type Token, TokenKind } from '../syntax/token.ts';
import { createToken, tokenize } from '../syntax/tokenize.ts';

/** What a target must know of an operation (see grammar/operations.tsv). */
export interface OperationSignature {
  readonly name: string;
  /** The name of its macro, in a macro-ised source and in a target file alike: gas does not tell `RFI` from `rfi`. */
  readonly macro: string;
  readonly slots: readonly { readonly name: string }[];
  /** `pred`, `pred2`: empty when the operation takes no predicate. */
  readonly predicates: readonly string[];
}

/** A register or an immediate: canonical (`r40`, `p6`, `0x2000`, `ar.k6`) and as the source spells it (`out0`). */
export type BodyArgument = string | { readonly canonical: string; readonly spelled: string };

export interface BodyArguments {
  /** In the order of the operation's predicates; `p0` when there is none. */
  readonly predicates?: readonly BodyArgument[];
  /** The branch register of the macro; empty when there is none. */
  readonly breg?: BodyArgument;
  /** In the order of the operation's slots. */
  readonly operands: readonly BodyArgument[];
  /** General registers become s1, s2 ...; predicates t1, t2 ...; an empty string or `-` skips one. */
  readonly scratch: readonly BodyArgument[];
}

export type BodyItem =
  /** One instruction with its predicate; `comment` spells the symbols that were replaced by numbers, or is empty. */
  | { readonly kind: 'instruction'; readonly text: string; readonly comment: string }
  | { readonly kind: 'stop' }
  | { readonly kind: 'directive'; readonly text: string };

export interface Body {
  readonly kind: 'body';
  readonly items: readonly BodyItem[];
  readonly instructions: number;
  readonly stops: number;
}

export type BodyResult =
  | Body
  /** The target has no body for this operation, or none for these operands: the site stays as it is. */
  | { readonly kind: 'missing' }
  /** The target's macro says (`.error`) that it cannot work with these registers. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The target file is wrong. */
  | { readonly kind: 'broken'; readonly diagnostics: readonly Diagnostic[] };

export interface ScratchNeeds {
  /** How many general registers and predicates the body can use at most. */
  readonly gr: number;
  readonly pr: number;
}

export interface Target {
  readonly name: string;
  readonly state: MacroState;
  readonly macros: ReadonlyMap<string, TargetMacro>;
  readonly memo: Map<string, Template>;
  /** By operation: the registers that its body tells from others; see `namedRegisters`. */
  readonly named: Map<string, ReadonlySet<string>>;
}

interface TargetMacro {
  readonly macro: AssemblerMacro;
  readonly operation: OperationSignature;
  readonly needs: ScratchNeeds;
}

/** An expanded body in which the arguments are still open: texts, and numbers for arguments. */
type Template =
  | Exclude<BodyResult, Body>
  | {
      readonly kind: 'template';
      readonly items: readonly TemplateItem[];
      readonly instructions: number;
      readonly stops: number;
    };
type Piece = string | number;
type TemplateItem =
  | { readonly kind: 'instruction'; readonly pieces: readonly Piece[]; readonly comment: string }
  | { readonly kind: 'stop' }
  | { readonly kind: 'directive'; readonly pieces: readonly Piece[] };

// ---------------------------------------------------------------- loading

/**
 * Reads a target file.
 *
 * @param source the text of the file; its base name without `.S` is the target's name
 * @returns the target, with errors for everything in the file that cannot be right
 */
export function loadTarget(
  source: SourceText,
  operations: readonly OperationSignature[],
): { target: Target; diagnostics: readonly Diagnostic[] } {
  const result = expandAssemblerMacros(withoutSpace(tokenize(source)));
  const diagnostics = [...result.diagnostics, ...strayCode(result.tokens)];
  const macros = new Map<string, TargetMacro>();
  for (const operation of operations) {
    const macro = result.state.macros.get(operation.macro.toLowerCase());
    if (macro === undefined) continue;
    checkParameters(macro, operation, diagnostics);
    macros.set(operation.name, { macro, operation, needs: countScratch(macro) });
  }
  reportUnused(result.state, new Set(operations.map((each) => each.macro.toLowerCase())), diagnostics);
  const name = source.name.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '');
  return { target: { name, state: result.state, macros, memo: new Map(), named: new Map() }, diagnostics };
}

/** Everything outside macros but definitions of symbols. */
function strayCode(tokens: readonly Token[]): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const end = statementEnd(tokens, at);
    if (end > at && definedSymbol(tokens, at, end) === null) {
      diagnostics.push(
        diagnosticAt('error', 'a target file holds macros and symbols only', tokens[at]!, tokens[end - 1]!),
      );
    }
    at = end;
  }
  return diagnostics;
}

const SCRATCH_NAME = /^([st])([1-9])$/;

function checkParameters(macro: AssemblerMacro, operation: OperationSignature, diagnostics: Diagnostic[]): void {
  const given = new Set(macro.parameters.map((each) => each.name));
  const known = [...operation.predicates, 'breg', ...operation.slots.map((each) => each.name)];
  for (const name of known) {
    if (!given.has(name))
      diagnostics.push(diagnosticAt('error', `macro '${macro.name}' lacks the parameter '${name}'`, macro.place));
  }
  for (const name of given) {
    if (!known.includes(name) && !SCRATCH_NAME.test(name)) {
      const names = [...known, 's1, s2 ...', 't1 ...'].join(', ');
      diagnostics.push(
        diagnosticAt(
          'error',
          `parameter '${name}' of macro '${macro.name}' means nothing; there are ${names}`,
          macro.place,
        ),
      );
    }
  }
}

function countScratch(macro: AssemblerMacro): ScratchNeeds {
  let gr = 0;
  let pr = 0;
  for (const { name } of macro.parameters) {
    const match = SCRATCH_NAME.exec(name);
    if (match?.[1] === 's') gr = Math.max(gr, Number(match[2]));
    else if (match?.[1] === 't') pr = Math.max(pr, Number(match[2]));
  }
  return { gr, pr };
}

/** A macro that is no operation and that no other macro uses is most likely a misspelt operation. */
function reportUnused(state: MacroState, operations: ReadonlySet<string>, diagnostics: Diagnostic[]): void {
  const used = new Set<string>();
  for (const { body } of state.macros.values()) {
    for (const token of body) if (token.kind === TokenKind.Identifier) used.add(token.text.toLowerCase());
  }
  for (const [key, macro] of state.macros) {
    if (!used.has(key) && !operations.has(key)) {
      diagnostics.push(diagnosticAt('error', `'${macro.name}' is no operation, and no macro uses it`, macro.place));
    }
  }
}

/** How many scratch registers a body of the target can use; none when the target has no body. */
export function scratchNeeds(target: Target, operation: string): ScratchNeeds {
  return target.macros.get(operation)?.needs ?? { gr: 0, pr: 0 };
}

/**
 * The general registers that an operation's macro, or a macro that it uses, spells out: only for them can a body be another
 * one than for any other register. Where a macro puts a name together (`r\\number`), every number in it may be one.
 */
export function namedRegisters(target: Target, operation: string): ReadonlySet<string> {
  const known = target.named.get(operation);
  if (known !== undefined) return known;
  const named = new Set<string>();
  const seen = new Set<AssemblerMacro>();
  const visit = (macro: AssemblerMacro | undefined): void => {
    if (macro === undefined || seen.has(macro)) return;
    seen.add(macro);
    const { body } = macro;
    const composes = body.some((token, at) => token.text === 'r' && body[at + 1]?.text === '\\');
    for (const token of body) {
      if (/^r\d+$/.test(token.text)) named.add(token.text);
      else if (composes && /^\d+$/.test(token.text)) named.add(`r${token.text}`);
      else if (token.kind === TokenKind.Identifier) visit(target.state.macros.get(token.text.toLowerCase()));
    }
  };
  visit(target.macros.get(operation)?.macro);
  target.named.set(operation, named);
  return named;
}

// ---------------------------------------------------------------- expanding

const canonical = (argument: BodyArgument): string => (typeof argument === 'string' ? argument : argument.canonical);
const spelled = (argument: BodyArgument): string => (typeof argument === 'string' ? argument : argument.spelled);

/** The body of a target for one site. Cheap to call again: expansions are kept by their canonical arguments. */
export function expandBody(target: Target, operation: string, site: BodyArguments): BodyResult {
  const entry = target.macros.get(operation);
  if (entry === undefined) return { kind: 'missing' };
  const needed = withNeededScratch(entry, site);
  const template = bodyTemplate(target, entry, needed);
  return template.kind === 'template' ? print(template, orderedSpellings(entry, needed)) : template;
}

/** Without the scratch registers that the macro has no parameter for: sites that differ in them alone share an expansion. */
function withNeededScratch({ needs }: TargetMacro, site: BodyArguments): BodyArguments {
  let generals = 0;
  let predicates = 0;
  const isNeeded = (argument: BodyArgument) =>
    isPredicate(canonical(argument)) ? ++predicates <= needs.pr : ++generals <= needs.gr;
  return { ...site, scratch: site.scratch.filter(isNeeded) };
}

function isPredicate(name: string): boolean {
  return /^p[0-9]/.test(name);
}

function bodyTemplate(target: Target, entry: TargetMacro, site: BodyArguments): Template {
  const operation = entry.operation.name;
  const args = [...(site.predicates ?? []), site.breg ?? '', ...site.operands, ...site.scratch];
  const key = templateKey(operation, args, namedRegisters(target, operation));
  let template = target.memo.get(key);
  if (template === undefined) {
    template = expandTemplate(target, entry, site);
    target.memo.set(key, template);
  }
  return template;
}

/** What a body costs, or null where there is none for these registers; nothing is printed. A missing body costs nothing. */
export function bodyCost(
  target: Target,
  operation: string,
  site: BodyArguments,
): { readonly instructions: number; readonly stops: number } | null {
  const entry = target.macros.get(operation);
  const template = entry && bodyTemplate(target, entry, withNeededScratch(entry, site));
  if (template === undefined || template.kind === 'missing') return { instructions: 0, stops: 0 };
  return template.kind === 'template' ? template : null;
}

/** Registers that the body does not tell from others are alike: what counts is which arguments are the same one. */
function templateKey(operation: string, args: readonly BodyArgument[], named: ReadonlySet<string>): string {
  const names = args.map(canonical);
  let key = operation;
  for (const name of names)
    key += /^[rp][1-9]\d*$/.test(name) && !named.has(name) ? `|${name[0]}=${names.indexOf(name)}` : `|${name}`;
  return key;
}

/** Arguments by the names of the macro's parameters, in a fixed order. */
function namedArguments({ operation }: TargetMacro, site: BodyArguments): [string, BodyArgument][] {
  const named: [string, BodyArgument][] = [];
  for (const [index, name] of operation.predicates.entries()) named.push([name, site.predicates?.[index] ?? 'p0']);
  named.push(['breg', site.breg ?? '']);
  for (const [index, slot] of operation.slots.entries()) named.push([slot.name, site.operands[index] ?? '']);
  let generals = 0;
  let predicates = 0;
  for (const argument of site.scratch) {
    const name = canonical(argument);
    if (isPredicate(name)) named.push([`t${++predicates}`, argument]);
    else named.push([`s${++generals}`, name === '-' ? '' : argument]);
  }
  return named;
}

function orderedSpellings(entry: TargetMacro, site: BodyArguments): string[] {
  return namedArguments(entry, site).map(([, argument]) => withoutKernelRegister(spelled(argument)));
}

/** `ar.k6` is the number 6 to a body: a macro can compare it and put it behind `ar.k`. */
function withoutKernelRegister(text: string): string {
  return text.replace(/^ar\.k(?=[0-7]$)/, '');
}

/** The file that tokens of arguments seem to come from; their offset is the argument's number. */
const ARGUMENTS = new SourceText('<arguments>', '');

function expandTemplate(target: Target, entry: TargetMacro, site: BodyArguments): Template {
  const { macro } = entry;
  const named = namedArguments(entry, site);
  const texts = named.map(([, argument]) => withoutKernelRegister(canonical(argument)));
  const values = new Map<string, readonly Token[]>(macro.parameters.map((each) => [each.name, each.defaultValue]));
  for (const [index, [name]] of named.entries()) {
    if (values.has(name)) values.set(name, argumentTokens(texts[index]!, index));
  }
  // What a body defines, it defines for itself.
  const state = { macros: new Map(target.state.macros), symbols: new Map(target.state.symbols) };
  const result = invokeMacro(macro, values, macro.place, state);
  if (result.refusals.length > 0) return { kind: 'refused', reason: result.refusals[0]!.message };
  if (result.diagnostics.length > 0) return { kind: 'broken', diagnostics: result.diagnostics };
  const diagnostics: Diagnostic[] = [];
  const items = templateItems(result.tokens, new Map(target.state.symbols), texts, diagnostics);
  if (diagnostics.length > 0) return { kind: 'broken', diagnostics };
  if (!items.some((item) => item.kind === 'instruction')) return { kind: 'missing' };
  const count = (kind: TemplateItem['kind']) => items.filter((item) => item.kind === kind).length;
  return { kind: 'template', items, instructions: count('instruction'), stops: count('stop') };
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

function argumentTokens(text: string, index: number): readonly Token[] {
  if (text === '') return [];
  if (NAME.test(text)) return [createToken(TokenKind.Identifier, text, ARGUMENTS, index, index, false, null)];
  const tokens = withoutSpace(tokenize(new SourceText('', text)));
  return tokens.map((token) => createToken(token.kind, token.text, ARGUMENTS, index, index, token.spaceBefore, null));
}

function templateItems(
  tokens: readonly Token[],
  symbols: Map<string, SymbolValue>,
  texts: readonly string[],
  diagnostics: Diagnostic[],
): TemplateItem[] {
  const items: TemplateItem[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const end = statementEnd(tokens, at);
    const symbol = definedSymbol(tokens, at, end);
    if (symbol !== null) symbols.set(symbol.name, evaluate(tokens, symbol.from, end, symbols) ?? null);
    else if (end > at) items.push(statementItem(tokens, at, end, symbols, texts, diagnostics));
    at = end;
    if (tokens[at]?.text === ';' && tokens[at + 1]?.text === ';' && !tokens[at + 1]!.spaceBefore) {
      items.push({ kind: 'stop' });
      at++;
    }
  }
  return items;
}

/** The symbol that `name = value` or `.set name, value` defines, and where its value begins. */
function definedSymbol(tokens: readonly Token[], at: number, end: number): { name: string; from: number } | null {
  const word = wordAt(tokens, at, end);
  if (/^\.(set|equ|equiv|eqv)$/.test(word.text)) {
    const name = wordAt(tokens, word.next, end);
    return { name: name.text, from: name.next + 1 };
  }
  const assigns = word.next > at && word.next < end && /^==?$/.test(tokens[word.next]!.text);
  return assigns ? { name: word.text, from: word.next + 1 } : null;
}

function statementItem(
  tokens: readonly Token[],
  from: number,
  end: number,
  symbols: ReadonlyMap<string, SymbolValue>,
  texts: readonly string[],
  diagnostics: Diagnostic[],
): TemplateItem {
  if (tokens[from]!.text === '.') return { kind: 'directive', pieces: pieces(tokens, from, end, texts) };
  let at = from;
  const line: Piece[] = [];
  if (tokens[at]!.text === '(') {
    const close = at + 2;
    if (tokens[close]?.text !== ')')
      diagnostics.push(diagnosticAt('error', 'this is no qualifying predicate', tokens[at]!, tokens[end - 1]!));
    else if (tokens[at + 1]!.text !== 'p0') line.push(...pieces(tokens, at, close + 1, texts), ' ');
    at = Math.min(close + 1, end);
  }
  const word = wordAt(tokens, at, end);
  if (word.text === '' || tokens[word.next]?.text === ':') {
    diagnostics.push(
      diagnosticAt('error', 'a body holds instructions, stops and directives only', tokens[from]!, tokens[end - 1]!),
    );
    return { kind: 'stop' };
  }
  line.push(word.text);
  at = word.next;
  const comments: string[] = [];
  while (at < end) {
    let last = at;
    while (last < end && !isSeparator(tokens[last]!)) last++;
    if (at === word.next) line.push(' ');
    const number = foldedOperand(tokens, at, last, symbols);
    if (number === null) line.push(...pieces(tokens, at, last, texts));
    else {
      line.push(number);
      const spelling = textOf(tokens, at, last);
      if (/[A-Za-z_]{2}/.test(spelling)) comments.push(spelling);
    }
    if (last < end) line.push(tokens[last]!.text);
    at = last + 1;
  }
  return { kind: 'instruction', pieces: line, comment: comments.join(', ') };
}

function isSeparator(token: Token): boolean {
  return token.kind === TokenKind.Punctuator && (token.text === ',' || token.text === '=');
}

/** The number that an operand of symbols and operators stands for; null for any other operand. */
function foldedOperand(
  tokens: readonly Token[],
  from: number,
  end: number,
  symbols: ReadonlyMap<string, SymbolValue>,
): string | null {
  const first = tokens[from];
  if (from >= end || first === undefined) return null;
  if (end - from === 1 && !(first.kind === TokenKind.Identifier && typeof symbols.get(first.text) === 'bigint'))
    return null;
  const value = evaluate(tokens, from, end, symbols);
  if (typeof value !== 'bigint') return null;
  if (value > -4096n && value < 10n) return String(value);
  return `0x${BigInt.asUintN(64, value).toString(16)}`;
}

/** The texts of tokens; an argument that stands for itself is its number. */
function pieces(tokens: readonly Token[], from: number, end: number, texts: readonly string[]): Piece[] {
  const result: Piece[] = [];
  for (let at = from; at < end; at++) {
    const token = tokens[at]!;
    if (at > from && token.spaceBefore) result.push(' ');
    if (token.file === ARGUMENTS && token.text === texts[token.start]) result.push(token.start);
    else result.push(token.text);
  }
  return result;
}

function print(
  { items, instructions, stops }: Extract<Template, { kind: 'template' }>,
  texts: readonly string[],
): Body {
  const text = (list: readonly Piece[]): string =>
    list.map((piece) => (typeof piece === 'number' ? texts[piece]! : piece)).join('');
  const printed = items.map((item): BodyItem => {
    if (item.kind === 'stop') return item;
    if (item.kind === 'directive') return { kind: 'directive', text: text(item.pieces) };
    return { kind: 'instruction', text: text(item.pieces), comment: item.comment };
  });
  return { kind: 'body', items: printed, instructions, stops };
}
