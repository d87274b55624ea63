/** A replacement list with arguments put in: parameters, `#`, `##`, `, ## args` and `__VA_OPT__`, as gcc does it. */
import { SourceText } from '../syntax/source.ts';
import { type MacroUse, type Token, TokenKind } from '../syntax/token.ts';
import { createToken, tokenize } from '../syntax/tokenize.ts';
import {
  type Macro,
  OPTIONAL,
  PASTE_LEFT,
  type ReplacementList,
  type ReplacementPart,
  STRINGIFY,
} from './definition.ts';
import type { PreprocessorRun } from './run.ts';
import { AVOID_PASTE, type Item, withUse } from './tokens.ts';

export interface CallArgument {
  readonly items: readonly Item[];
  /** The argument fully expanded, when a parameter has needed it. */
  expanded: readonly Item[] | null;
  /** Whether a variable argument was left out together with its comma: then `, ## args` drops the comma (CPP manual, "Variadic Macros"). */
  omitted: boolean;
}

/** Expands an argument on its own; passed in because expansion and substitution need each other. */
type ExpandArgument = (items: readonly Item[]) => readonly Item[];

/** A replacement list in the making. `joins[i]`: item i is to be pasted with the one behind it. */
interface Draft {
  readonly run: PreprocessorRun;
  readonly macro: Macro;
  readonly parts: readonly ReplacementPart[];
  readonly args: readonly CallArgument[];
  /** For tokens of the body, and for tokens of arguments, by the use that brought the token into the argument. */
  readonly use: MacroUse;
  argumentUse: MacroUse | null;
  argumentUses: Map<MacroUse | null, MacroUse> | null;
  readonly items: Item[];
  readonly joins: boolean[];
  readonly expandArgument: ExpandArgument;
}

/** Appends to `out` what a call of `macro` with `args` (none for an object-like macro) becomes, not yet rescanned. */
export function substituteArguments(
  run: PreprocessorRun,
  macro: Macro,
  { parts, pastes }: ReplacementList,
  args: readonly CallArgument[],
  use: MacroUse,
  out: Item[],
  expandArgument: ExpandArgument,
): void {
  const items = pastes ? [] : out;
  const draft: Draft = {
    run,
    macro,
    parts,
    args,
    use,
    argumentUse: null,
    argumentUses: null,
    items,
    joins: [],
    expandArgument,
  };
  fill(draft, 0, parts.length, -1);
  if (pastes) pasteAll(draft, out);
}

/** Works off the parts `from` to `to`. `optionalStart` is where the open `__VA_OPT__` began in `items`, or -1. */
function fill(draft: Draft, from: number, to: number, optionalStart: number): void {
  const { parts, items, joins, use } = draft;
  for (let index = from; index < to; index++) {
    const part = parts[index]!;
    if ((part.flags & OPTIONAL) !== 0) {
      fillOptional(draft, part, index);
      index = part.close;
    } else if (part.parameter === -1) {
      items.push(withUse(part.token, use));
      joins.push((part.flags & PASTE_LEFT) !== 0);
    } else fillParameter(draft, part, index, optionalStart);
  }
}

function fillParameter(draft: Draft, part: ReplacementPart, index: number, optionalStart: number): void {
  const { parts, items, joins, macro } = draft;
  const argument = draft.args[part.parameter]!;
  const joinsLeft = index > 0 && (parts[index - 1]!.flags & PASTE_LEFT) !== 0;
  const joinsRight = (part.flags & PASTE_LEFT) !== 0;
  const last = items.length - 1;
  let source: readonly Item[];
  if ((part.flags & STRINGIFY) !== 0) source = [stringify(draft, argument.items, part.token)];
  else if (joinsRight || joinsLeft) source = argument.items;
  else {
    argument.expanded ??= draft.expandArgument(argument.items);
    source = argument.expanded;
  }
  if (joinsLeft && !joinsRight && last >= 0) {
    const previous = items[last]!;
    if (
      previous.kind !== -1 &&
      previous.text === ',' &&
      macro.variadic &&
      part.parameter === macro.parameters!.length - 1
    ) {
      // GNU: `, ## args` drops the comma when the argument was omitted, and never really pastes.
      if (argument.omitted) {
        items.pop();
        joins.pop();
      } else joins[last] = false;
    } else if (source.length === 0 && items.length !== optionalStart) joins[last] = false;
  }
  if (!joinsLeft && index > 0 && items.length !== optionalStart) push(draft, part.padding);
  const stringified = (part.flags & STRINGIFY) !== 0;
  for (const item of source)
    push(draft, item.kind === -1 || stringified ? item : withUse(item, argumentUse(draft, item.use)));
  if (joinsRight) {
    if (source.length > 0) joins[items.length - 1] = true;
  } else if (items.length !== optionalStart) push(draft, AVOID_PASTE);
}

function push(draft: Draft, item: Item): void {
  draft.items.push(item);
  draft.joins.push(false);
}

/** `__VA_OPT__ ( ... )`: its contents when the variable argument holds any token, else nothing. */
function fillOptional(draft: Draft, part: ReplacementPart, index: number): void {
  const { parts, items, joins, macro } = draft;
  const joinsLeft = index > 0 && (parts[index - 1]!.flags & PASTE_LEFT) !== 0;
  if (index > 0 && !joinsLeft) push(draft, part.padding);
  const start = items.length;
  const argument = draft.args[macro.parameters!.length - 1]!;
  argument.expanded ??= draft.expandArgument(argument.items);
  if (argument.expanded.some((item) => item.kind !== -1)) fill(draft, index + 2, part.close, start);
  const joinsRight = (parts[part.close]!.flags & PASTE_LEFT) !== 0;
  if ((part.flags & STRINGIFY) !== 0) {
    const text = stringify(draft, items.slice(start), part.token);
    items.length = start;
    joins.length = start;
    push(draft, text);
    joins[start] = joinsRight;
    return;
  }
  while (items.length > start && items[items.length - 1]!.kind === -1) {
    items.pop();
    joins.pop();
  }
  if (joinsRight) {
    if (items.length > start) joins[items.length - 1] = true;
    return;
  }
  if (items.length === start && start > 0) joins[start - 1] = false;
  push(draft, AVOID_PASTE);
}

/** The use of tokens of an argument: mostly all of them come from the same place, and one object serves them all. */
function argumentUse(draft: Draft, parent: MacroUse | null): MacroUse {
  const last = draft.argumentUse;
  if (last !== null && last.parent === parent) return last;
  let use = draft.argumentUses?.get(parent);
  if (use === undefined) {
    const { name, file, start, end } = draft.use;
    use = { name, file, start, end, argument: true, parent, given: null };
    if (last !== null) {
      draft.argumentUses ??= new Map([[last.parent, last]]);
      draft.argumentUses.set(parent, use);
    }
  }
  draft.argumentUse = use;
  return use;
}

/** `#x`: a string token at the place of its `#`. */
function stringify(draft: Draft, items: readonly Item[], operator: Token): Token {
  let text = '';
  let source: Token | null = null;
  let backslashes = 0;
  for (const item of items) {
    if (item.kind === -1) {
      if (source === null || (!source.spaceBefore && item.source === null)) source = item.source;
      continue;
    }
    if (text !== '' && (source ?? item).spaceBefore) text += ' ';
    source = null;
    if (item.kind === TokenKind.Identifier) noteStringified(draft.run, item);
    if (item.kind === TokenKind.String || item.kind === TokenKind.Character)
      text += item.text.replace(/["\\]/g, '\\$&');
    else text += item.text;
    backslashes = item.text === '\\' ? backslashes + 1 : 0;
  }
  if (backslashes % 2 === 1) text = text.slice(0, -1);
  draft.run.budget -= text.length >> 2;
  return createToken(
    TokenKind.String,
    `"${text}"`,
    operator.file,
    operator.start,
    operator.end,
    operator.spaceBefore,
    draft.use,
  );
}

function noteStringified({ stringified }: Draft['run'], { file, start }: Token): void {
  const offsets = stringified.get(file.name);
  if (offsets === undefined) stringified.set(file.name, new Set([start]));
  else offsets.add(start);
}

/** Carries out the `##` of a draft. A pasted token stands apart from its neighbours, as in gcc. */
function pasteAll(draft: Draft, out: Item[]): void {
  const { items, joins, run } = draft;
  for (let index = 0; index < items.length; index++) {
    const first = items[index]!;
    if (!joins[index] || first.kind === -1) {
      out.push(first);
      continue;
    }
    let made: Token = first;
    while (joins[index] === true && index + 1 < items.length) {
      const right = items[index + 1]!;
      const pasted = right.kind === -1 ? null : paste(made, right);
      // The assembler mode of gcc keeps both when they do not make one token.
      if (pasted === null) break;
      made = pasted;
      run.pasted.add(pasted.text);
      run.budget -= pasted.text.length >> 2;
      index++;
    }
    out.push({ kind: -1, source: first }, made, AVOID_PASTE);
  }
}

/** The token that two make, at the place of the left one; null when their texts do not form one token. */
function paste(left: Token, right: Token): Token | null {
  const text = left.text + right.text;
  const kind = pastedKind(left, right, text);
  return kind === null ? null : createToken(kind, text, left.file, left.start, left.end, left.spaceBefore, left.use);
}

function pastedKind(left: Token, right: Token, text: string): TokenKind | null {
  const word = right.kind === TokenKind.Identifier || (right.kind === TokenKind.Number && /^\w+$/.test(right.text));
  if (word && (left.kind === TokenKind.Identifier || left.kind === TokenKind.Number)) return left.kind;
  if (left.text === '/' && right.text !== '=') return null;
  const tokens = tokenize(new SourceText('', text));
  return tokens.length === 1 ? tokens[0]!.kind : null;
}
