/**
 * Macro expansion, as gcc does it: a stack of contexts is read token by token; a macro's name met while its own
 * expansion is on the stack is painted and never expanded again (C11 6.10.3.4).
 */
import { type MacroUse, type Token, TokenKind } from '../syntax/token.ts';
import { createToken } from '../syntax/tokenize.ts';
import { builtinItems } from './builtin.ts';
import { type Macro, replacementList } from './definition.ts';
import { emitToken, type PreprocessorRun, pad, readSegment, report } from './run.ts';
import { type CallArgument, substituteArguments } from './substitute.ts';
import { AVOID_PASTE, type Item, isPainted, paint, withSpace } from './tokens.ts';

/** Tokens that all expansions of a run may make together; a kernel file needs a few ten thousand. */
export const EXPANSION_BUDGET = 4_000_000;
/** Macro calls in arguments of macro calls in arguments ...: bounded because each level is a level of recursion. */
const NESTING_LIMIT = 400;

/** Expands a name met in the text of a file, and puts out all that comes of it. */
export function expandName(run: PreprocessorRun, name: Token, macro: Macro): void {
  run.outermost = name;
  if (macro.predefined && isAssemblerMacro(run)) run.macros.delete(name.text);
  if (!run.macros.has(name.text) || !enter(run, name, macro)) emitToken(run, name);
  for (let item = nextExpanded(run); item !== null; item = nextExpanded(run)) {
    if (item.kind === -1) pad(run, item.source);
    else emitToken(run, item);
  }
  run.outermost = null;
}

/** Whether the name is after `.macro`: then the source itself defines an assembler macro of that name. */
function isAssemblerMacro({ output }: PreprocessorRun): boolean {
  const before = output.at(-1);
  return before?.text === '.macro' || (before?.text === 'macro' && output.at(-2)?.text === '.');
}

/** The next item of the contexts above the floor, fully expanded; null when they are used up. */
export function nextExpanded(run: PreprocessorRun): Item | null {
  const { contexts } = run;
  while (contexts.length > run.floor) {
    const context = contexts[contexts.length - 1]!;
    if (context.at === context.items.length) {
      popContext(run);
      return AVOID_PASTE;
    }
    const item = context.items[context.at++]!;
    if (item.kind !== TokenKind.Identifier || isPainted(item)) return item;
    const macro = run.macros.get(item.text);
    if (macro === undefined) return item;
    if (macro.disabled) return paint(item);
    if (run.expansionOff || !enter(run, item, macro)) return item;
  }
  return null;
}

function popContext(run: PreprocessorRun): void {
  const { macro } = run.contexts.pop()!;
  if (macro !== null) macro.disabled = false;
}

/** Begins the expansion of a macro whose name was read; false when the name is no invocation. */
function enter(run: PreprocessorRun, name: Token, macro: Macro): boolean {
  if (run.exhausted) return false;
  const start = { kind: -1, source: name } as const;
  if (macro.builtin !== null) {
    const items = builtinItems(run, macro.builtin, name);
    if (items === null) return false;
    run.contexts.push({ items: [start, ...items], at: 0, macro: null });
    return true;
  }
  let args: CallArgument[] = [];
  let end = name.end;
  if (macro.parameters !== null) {
    if (!parenthesisFollows(run)) return false;
    const call = collectArguments(run, name, macro);
    if (call === null) return false;
    args = call.args;
    // The call's span, unless its parenthesis came from elsewhere than its name.
    if (call.close.file === name.file && call.close.use === name.use && call.close.end > end) end = call.close.end;
  }
  const { file } = name;
  const use: MacroUse = {
    name: macro.name,
    file,
    start: name.start,
    end,
    argument: false,
    parent: name.use,
    given: args,
  };
  const items: Item[] = [start];
  const body = replacementList(macro);
  if (body.plain) {
    const { parts } = body;
    for (let at = 0; at < parts.length; at++) {
      const { token } = parts[at]!;
      items.push(createToken(token.kind, token.text, token.file, token.start, token.end, token.spaceBefore, use));
    }
  } else substituteArguments(run, macro, body, args, use, items, (argument) => expandArgument(run, argument, name));
  spend(run, items.length, name);
  run.contexts.push({ items, at: 0, macro });
  macro.disabled = true;
  return true;
}

/** Where the reader of a message should look: the invocation in the text, not some token of a macro's body. */
function outermostPlace(run: PreprocessorRun, token: Token): Token {
  return run.outermost ?? token;
}

/** Counts work against the budget. When it is used up, that is said once and nothing more is expanded. */
function spend(run: PreprocessorRun, tokens: number, name: Token): void {
  run.budget -= tokens;
  if (run.budget <= 0)
    giveUp(run, `macro expansion makes more than ${EXPANSION_BUDGET} tokens; it ends at "${name.text}"`, name);
}

function giveUp(run: PreprocessorRun, message: string, name: Token): void {
  if (!run.exhausted) report(run, 'error', message, outermostPlace(run, name));
  run.exhausted = true;
}

/**
 * Whether the next token is `(`. Contexts that are used up are left on the way, so that the parenthesis may come from
 * behind the macro whose expansion ends in the name, even from the next line of the file. A directive ends the search.
 */
function parenthesisFollows(run: PreprocessorRun): boolean {
  const { contexts } = run;
  let popped = false;
  let found: boolean | null = null;
  while (found === null && contexts.length > run.floor) {
    const context = contexts[contexts.length - 1]!;
    let { at } = context;
    while (at < context.items.length && context.items[at]!.kind === -1) at++;
    if (at < context.items.length) {
      const item = context.items[at] as Token;
      found = item.text === '(' && item.kind === TokenKind.Punctuator;
      if (found) context.at = at + 1;
    } else {
      popContext(run);
      popped = true;
    }
  }
  if (found === null) found = run.fileInReach && parenthesisInFile(run);
  if (!found && popped) contexts.push({ items: [AVOID_PASTE], at: 0, macro: null });
  return found;
}

function parenthesisInFile(run: PreprocessorRun): boolean {
  const frame = run.frames.at(-1)!;
  let { at } = frame;
  while (at < frame.tokens.length && frame.tokens[at]!.kind === TokenKind.Newline) at++;
  const token = frame.tokens[at];
  if (token?.text !== '(' || token.kind !== TokenKind.Punctuator) return false;
  frame.at = at + 1;
  return true;
}

/** The next item, not expanded, for an argument; null at the end of what can be read. */
function nextRaw(run: PreprocessorRun): Item | null {
  const { contexts } = run;
  if (contexts.length > run.floor) {
    const context = contexts[contexts.length - 1]!;
    if (context.at === context.items.length) {
      popContext(run);
      return AVOID_PASTE;
    }
    const item = context.items[context.at++]!;
    if (item.kind === TokenKind.Identifier && !isPainted(item) && run.macros.get(item.text)?.disabled === true)
      return paint(item);
    return item;
  }
  return run.fileInReach ? nextOfFile(run) : null;
}

/** The next token of the file inside a macro call: line ends are blanks there, and directives are carried out. */
function nextOfFile(run: PreprocessorRun): Token | null {
  let newLine = false;
  for (;;) {
    const frame = run.frames.at(-1)!;
    while (frame.at < frame.tokens.length) {
      const token = frame.tokens[frame.at++]!;
      if (token.kind !== TokenKind.Newline) return newLine ? withSpace(token, true) : token;
      newLine = true;
    }
    if (frame.segment >= frame.structure.segments.length) return null;
    newLine = true;
    const { outermost } = run;
    readSegment(run, frame);
    run.outermost = outermost;
  }
}

/** Reads the arguments of a call up to its closing parenthesis; null, with a message, when they do not fit. */
function collectArguments(
  run: PreprocessorRun,
  name: Token,
  macro: Macro,
): { args: CallArgument[]; close: Token } | null {
  const parameters = macro.parameters!;
  const args: CallArgument[] = [];
  let items: Item[] = [];
  let depth = 0;
  let count = 0;
  const finish = () => {
    while (items.length > 0 && items[items.length - 1]!.kind === -1) items.pop();
    args.push({ items, expanded: null, omitted: false });
    items = [];
  };
  for (;;) {
    const item = nextRaw(run);
    if (item === null) {
      report(run, 'error', `unterminated argument list invoking macro "${macro.name}"`, outermostPlace(run, name));
      return null;
    }
    if (item.kind === TokenKind.Punctuator) {
      const { text } = item;
      if (text === '(') depth++;
      else if (text === ')') {
        if (depth === 0) {
          finish();
          spend(run, count, name);
          return checkArguments(run, name, macro, args) ? { args, close: item } : null;
        }
        depth--;
      } else if (text === ',' && depth === 0 && !(macro.variadic && args.length === parameters.length - 1)) {
        finish();
        continue;
      }
    } else if (item.kind === -1 && items.length === 0) continue;
    items.push(item);
    count++;
  }
}

function checkArguments(run: PreprocessorRun, name: Token, macro: Macro, args: CallArgument[]): boolean {
  const wanted = macro.parameters!.length;
  const only = args[0]!.items.length === 0 && args.length === 1;
  if (wanted === 0 && only) args.length = 0;
  const given = args.length;
  if (macro.variadic && given === wanted - 1) args.push({ items: [], expanded: null, omitted: true });
  else if (given !== wanted) {
    const problem =
      given < wanted
        ? `requires ${wanted} arguments, but only ${given} given`
        : `passed ${given} arguments, but takes just ${wanted}`;
    report(run, 'error', `macro "${macro.name}" ${problem}`, outermostPlace(run, name));
    return false;
  } else if (macro.variadic && wanted === 1 && only) args[0]!.omitted = true;
  return true;
}

/** Expands an argument by itself, as if it were all that is left of the file. */
function expandArgument(run: PreprocessorRun, items: readonly Item[], name: Token): readonly Item[] {
  if (!items.some((item) => item.kind === TokenKind.Identifier && run.macros.has(item.text))) return items;
  if (run.nesting >= NESTING_LIMIT) {
    giveUp(run, `macro calls are nested more than ${NESTING_LIMIT} deep in arguments`, name);
    return items;
  }
  const { floor, fileInReach } = run;
  run.floor = run.contexts.length;
  run.fileInReach = false;
  run.nesting++;
  run.contexts.push({ items, at: 0, macro: null });
  const expanded: Item[] = [];
  for (let item = nextExpanded(run); item !== null; item = nextExpanded(run)) expanded.push(item);
  // The argument's own end is no place where tokens could touch.
  if (expanded.at(-1) === AVOID_PASTE) expanded.pop();
  run.nesting--;
  run.floor = floor;
  run.fileInReach = fileInReach;
  return expanded;
}
