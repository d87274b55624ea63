/** The state of an expansion: a stack of inputs, the output, and the open conditionals. */
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { MacroUse, Token } from '../syntax/token.ts';
import type { OpenConditional } from './conditions.ts';
import { diagnosticAt, type MacroState } from './definition-types.ts';
import { behindLabels, endsStatement, isAdjacent, statementEnd, wordAt } from './statements.ts';
import { type Substitution, substituteParameters } from './substitute.ts';

/** gas's own limit (`max_macro_nest`). */
export const DEEPEST_NESTING = 100;
/**
 * Most tokens that macros and repetitions of a file may expand to; more is a runaway repetition. A token counts once for each macro
 * or repetition that it is nested in, because it keeps a list of these.
 */
export const MOST_TOKENS = 2_500_000;
/** Most expansions in one file, and in one macro that is expanded by itself. It stops a macro that invokes itself twice. */
export const MOST_EXPANSIONS = { file: 250_000, macro: 500 } as const;
/** Most characters in the arguments of one invocation. It stops recursion in which an argument grows with every level. */
const LONGEST_TEXT = 250_000;

/** One input: the tokens of the file, or those of an expanded macro or repetition. */
export interface InputBuffer {
  readonly tokens: readonly Token[];
  at: number;
  /** Number of conditionals open when this input began. It may not close these; those that it opens end with it. */
  readonly conditionals: number;
  /** The macro use that the tokens come from; null for the file. */
  readonly use: MacroUse | null;
}

export interface MacroProcessor {
  readonly state: MacroState;
  readonly output: Token[];
  readonly diagnostics: Diagnostic[];
  readonly refusals: Diagnostic[];
  readonly frames: InputBuffer[];
  readonly conditionals: OpenConditional[];
  /** Number of macros and repetitions expanded so far, and the most that are allowed. */
  expansions: number;
  readonly mostExpansions: number;
  /** Number of tokens that they expanded to, each times its depth (see MOST_TOKENS). */
  expanded: number;
  /** Number of invocations so far: the value of `\@`. */
  count: number;
  /** Number of names that LOCAL has made so far. */
  locals: number;
  /** Whether `.altmacro` is on. */
  alternate: boolean;
  /** Whether the next token was separated in the source from the last output token: two semicolons so joined are no stop. */
  apart: boolean;
}

/** The current statement, in which labels and first word have been read. */
export interface StatementRange {
  readonly frame: InputBuffer;
  /** Index of the first token, labels included. */
  readonly start: number;
  /** Index after the labels, where the word begins. */
  readonly head: number;
  /** Index after the word. */
  readonly rest: number;
  /** Index of the token that ends the statement. */
  readonly end: number;
}

export type Directive = (machine: MacroProcessor, statement: StatementRange) => void;

export function isActive(machine: MacroProcessor): boolean {
  const innermost = machine.conditionals.at(-1);
  return innermost === undefined || innermost.active;
}

/** Whether the current code is certainly assembled: a definition in a conditional of unknown result may not take effect. */
export function isCertain(machine: MacroProcessor): boolean {
  return machine.conditionals.every((each) => !each.unknown);
}

export function copyTokens(machine: MacroProcessor, tokens: readonly Token[], from: number, end: number): void {
  let at = from;
  if (machine.apart && at < end) {
    machine.apart = false;
    machine.output.push({ ...tokens[at++]!, spaceBefore: true });
  }
  for (; at < end; at++) machine.output.push(tokens[at]!);
}

/** Called after a directive was executed. Its line end or stop goes to the output; a single semicolon is dropped. */
export function skipEnd(machine: MacroProcessor, frame: InputBuffer): void {
  const { tokens, at } = frame;
  const token = tokens[at];
  if (token === undefined || !endsStatement(token)) return;
  frame.at = at + 1;
  if (!isActive(machine)) return;
  const next = tokens[at + 1];
  if (token.text === ';') {
    if (next?.text !== ';' || !isAdjacent(tokens, at + 1)) return;
    copyTokens(machine, tokens, at, at + 2);
    frame.at = at + 2;
  } else copyTokens(machine, tokens, at, at + 1);
}

/** One body with the values of its parameters; a repetition has several. */
export type BodyInstance = Pick<Substitution, 'values' | 'count'> & { readonly body: readonly Token[] };

/** Makes expanded bodies the next input, in place of the statement that invoked them. */
export function pushFrame(
  machine: MacroProcessor,
  { frame, head, end }: StatementRange,
  name: string,
  pieces: readonly BodyInstance[],
): void {
  const call = frame.tokens[head]!;
  if (machine.frames.length > DEEPEST_NESTING) {
    giveUp(machine, `macros are nested too deeply: does '${name}' invoke itself without end?`, call);
    return;
  }
  if (++machine.expansions > machine.mostExpansions) {
    const most = machine.mostExpansions;
    giveUp(machine, `more than ${most} macros are expanded here: does '${name}' invoke itself again and again?`, call);
    machine.frames[0]!.at = machine.frames[0]!.tokens.length;
    return;
  }
  if (pieces.some(isTooLong)) {
    giveUp(machine, `'${name}' is given arguments of more than ${LONGEST_TEXT} characters`, call);
    return;
  }
  for (const { body } of pieces) machine.expanded += body.length * machine.frames.length;
  if (machine.expanded > MOST_TOKENS) {
    giveUp(machine, `macros and repetitions of this file become more than ${MOST_TOKENS} tokens`, call);
    machine.frames[0]!.at = machine.frames[0]!.tokens.length;
    // The output is dropped, so that later stages need not process millions of tokens.
    machine.output.length = 0;
    return;
  }
  const last = frame.tokens[end - 1]!;
  const until = last.file === call.file && last.end > call.end ? last.end : call.end;
  // The pieces of a repetition have different values, so there is no single list to keep.
  const given = pieces.length === 1 ? pieces[0]!.values : null;
  const { file, start, use: parent } = call;
  const bodyUse: MacroUse = { name, file, start, end: until, argument: false, parent, given };
  const argumentUse: MacroUse = { ...bodyUse, argument: true };
  const tokens: Token[] = [];
  for (const { body, values, count } of pieces) {
    for (const token of substituteParameters(body, {
      values,
      count,
      bodyUse,
      argumentUse,
      alternate: machine.alternate,
    }))
      tokens.push(token);
  }
  machine.apart = true;
  machine.frames.push({ tokens, at: 0, conditionals: machine.conditionals.length, use: bodyUse });
}

/** Reports an error and ends all open macros. */
function giveUp(machine: MacroProcessor, message: string, call: Token): void {
  machine.diagnostics.push(diagnosticAt('error', message, call));
  machine.conditionals.length = machine.frames[1]?.conditionals ?? 0;
  machine.frames.length = 1;
}

/** Whether the arguments of a body are longer than LONGEST_TEXT. */
function isTooLong({ values }: BodyInstance): boolean {
  let length = 0;
  for (const tokens of values.values()) for (const { text } of tokens) length += text.length;
  return length > LONGEST_TEXT;
}

/** The lines up to the directive that closes the one of `statement`; null, after reporting an error, when there is none. */
export function takeBody(
  machine: MacroProcessor,
  { frame, head, end }: StatementRange,
  opens: ReadonlySet<string>,
  closes: ReadonlySet<string>,
): Token[] | null {
  const { tokens } = frame;
  let depth = 1;
  let at = end + 1;
  while (at < tokens.length) {
    const last = statementEnd(tokens, at);
    const from = behindLabels(tokens, at, last, () => {});
    const word = wordAt(tokens, from, last).text.toLowerCase();
    if (word.charCodeAt(0) === 46) {
      const name = word.slice(1);
      if (opens.has(name)) depth++;
      else if (closes.has(name) && --depth === 0) {
        frame.at = last;
        return tokens.slice(end + 1, at);
      }
    }
    at = last + 1;
  }
  const place = tokens[head + 1] ?? tokens[head]!;
  machine.diagnostics.push(diagnosticAt('error', `'.${place.text}' has no .${[...closes][0]}`, tokens[head]!, place));
  frame.at = tokens.length;
  return null;
}
