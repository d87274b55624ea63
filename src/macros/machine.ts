/** The state of one expansion: the texts that are being read, what was written, and the conditionals that are open. */
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { MacroUse, Token } from '../syntax/token.ts';
import type { OpenConditional } from './conditions.ts';
import { diagnosticAt, type MacroState } from './definition-types.ts';
import { behindLabels, endsStatement, isAdjacent, statementEnd, wordAt } from './statements.ts';
import { type Substitution, substituteParameters } from './substitute.ts';

/** gas's own limit (`max_macro_nest`). */
export const DEEPEST_NESTING = 100;
/**
 * A file that grows beyond this is a runaway repetition. What macros and repetitions become counts once for each of them that
 * it stands in: each token keeps the list of those.
 */
export const MOST_TOKENS = 2_500_000;
/** So many macros and repetitions of one file, or inside one macro that is expanded by itself: a macro that invokes itself twice. */
export const MOST_EXPANSIONS = { file: 250_000, macro: 500 } as const;
/** Characters of the arguments of one macro: more is an argument that grows with every invocation. */
const LONGEST_TEXT = 250_000;

/** Text that is being read: the file, or what a macro or a repetition became. */
export interface InputBuffer {
  readonly tokens: readonly Token[];
  at: number;
  /** Open conditionals when the frame began: it may not close them, and its own end with it. */
  readonly conditionals: number;
  /** What the tokens came from; null for the file. */
  readonly use: MacroUse | null;
}

export interface MacroProcessor {
  readonly state: MacroState;
  readonly output: Token[];
  readonly diagnostics: Diagnostic[];
  readonly refusals: Diagnostic[];
  readonly frames: InputBuffer[];
  readonly conditionals: OpenConditional[];
  /** Macros and repetitions that were read so far, and how many are too many. */
  expansions: number;
  readonly mostExpansions: number;
  /** Tokens of their bodies, times the depth. */
  expanded: number;
  /** Invocations so far: `\@`. */
  count: number;
  /** Names that LOCAL made so far. */
  locals: number;
  /** Under `.altmacro`. */
  alternate: boolean;
  /** What comes next stood apart from what was written last: two semicolons that only meet are no stop. */
  apart: boolean;
}

/** One statement at whose word the machine stands. */
export interface StatementRange {
  readonly frame: InputBuffer;
  /** Index of the first token, labels included. */
  readonly start: number;
  /** Index behind the labels, where the word begins. */
  readonly head: number;
  /** Index behind the word. */
  readonly rest: number;
  /** Index of the token that ends the statement. */
  readonly end: number;
}

export type Directive = (machine: MacroProcessor, statement: StatementRange) => void;

export function isActive(machine: MacroProcessor): boolean {
  const innermost = machine.conditionals.at(-1);
  return innermost === undefined || innermost.active;
}

/** Inside a conditional of unknown outcome nothing that is defined can be relied on. */
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

/** Behind a directive that was carried out: its line end stays, and so does a stop; a lone semicolon goes with it. */
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

/** One body with what to put in; a repetition has several. */
export type BodyInstance = Pick<Substitution, 'values' | 'count'> & { readonly body: readonly Token[] };

/** Reads pieces in place of the statement that asked for them. */
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
    // Nothing is made of it: what millions of tokens mean is not asked.
    machine.output.length = 0;
    return;
  }
  const last = frame.tokens[end - 1]!;
  const until = last.file === call.file && last.end > call.end ? last.end : call.end;
  // Of a repetition, every piece has its own.
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

/** Leaves every macro that is open. */
function giveUp(machine: MacroProcessor, message: string, call: Token): void {
  machine.diagnostics.push(diagnosticAt('error', message, call));
  machine.conditionals.length = machine.frames[1]?.conditionals ?? 0;
  machine.frames.length = 1;
}

/** Whether the arguments that go into a body are longer than any text that a person writes. */
function isTooLong({ values }: BodyInstance): boolean {
  let length = 0;
  for (const tokens of values.values()) for (const { text } of tokens) length += text.length;
  return length > LONGEST_TEXT;
}

/** The lines up to the directive that closes what `statement` opened; null, with an error, when there is none. */
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
