/**
 * gas's macro language over tokens: macros, repetitions, conditionals and the symbols that conditionals ask for. What it
 * does not define is passed through as it is. Rules: gas's manual, chapter "Assembler Directives", and its macro.c, cond.c
 * and read.c.
 */
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { MacroUse, Token } from '../syntax/token.ts';
import { argumentList, bindArguments, parseParameters } from './arguments.ts';
import { CONDITIONS, type Conditional, nextBranch, openConditional } from './conditions.ts';
import { evaluate } from './expression.ts';
import { type AssemblerMacro, createMacroState, diagnosticAt, type MacroState } from './model.ts';
import { usesMacroLanguage } from './scan.ts';
import { behindLabels, endsStatement, isAdjacent, statementEnd, textOf, wordAt } from './statements.ts';
import { retokenize, type Substitution, substitute, withoutSpace } from './substitute.ts';

/** gas's own limit (`max_macro_nest`). */
const DEEPEST_NESTING = 100;
/** A file that grows beyond this is a runaway repetition. */
const MOST_TOKENS = 4_000_000;

export interface MacroOptions {
  /** Macros and symbols known before the first token; they are changed. Left out: none. */
  readonly state?: MacroState;
}

export interface MacroResult {
  readonly tokens: readonly Token[];
  readonly diagnostics: readonly Diagnostic[];
  /** Those of the diagnostics that the source itself asked for with `.error` or `.err`. */
  readonly refusals: readonly Diagnostic[];
  readonly state: MacroState;
}

/**
 * Expands the assembler's macros in preprocessed code.
 *
 * @returns the tokens without macro definitions and conditionals; each knows where it was spelled and, by `use`, what
 *   carried it. The very list that was given, when there is nothing in it to expand. A condition that only the assembler can
 *   decide keeps both branches, with a note.
 */
export function expandAssemblerMacros(tokens: readonly Token[], options: MacroOptions = {}): MacroResult {
  const state = options.state ?? createMacroState();
  if (state.macros.size === 0 && !usesMacroLanguage(tokens)) return { tokens, diagnostics: [], refusals: [], state };
  return run(withoutSpace(tokens), state);
}

/**
 * Invokes one macro with arguments that are bound already.
 *
 * @param values the tokens of every parameter, by name; a parameter without one is empty
 * @param call where messages about the invocation point
 */
export function invokeMacro(
  macro: AssemblerMacro,
  values: ReadonlyMap<string, readonly Token[]>,
  call: Token,
  state: MacroState,
): MacroResult {
  const use: MacroUse = {
    name: macro.name,
    file: call.file,
    start: call.start,
    end: call.end,
    argument: false,
    parent: null,
  };
  const body = substitute(macro.body, { values, count: 0, bodyUse: use, argumentUse: { ...use, argument: true } });
  return run(body, state, use);
}

/** Text that is being read: the file, or what a macro or a repetition became. */
interface Frame {
  readonly tokens: readonly Token[];
  at: number;
  /** Open conditionals when the frame began: it may not close them, and its own end with it. */
  readonly conditionals: number;
  /** What the tokens came from; null for the file. */
  readonly use: MacroUse | null;
}

interface Machine {
  readonly state: MacroState;
  readonly output: Token[];
  readonly diagnostics: Diagnostic[];
  readonly refusals: Diagnostic[];
  readonly frames: Frame[];
  readonly conditionals: Conditional[];
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
interface Statement {
  readonly frame: Frame;
  /** Index of the first token, labels included. */
  readonly start: number;
  /** Index behind the labels, where the word begins. */
  readonly head: number;
  /** Index behind the word. */
  readonly rest: number;
  /** Index of the token that ends the statement. */
  readonly end: number;
}

function run(tokens: readonly Token[], state: MacroState, use: MacroUse | null = null): MacroResult {
  const machine: Machine = {
    state,
    output: [],
    diagnostics: [],
    refusals: [],
    frames: [{ tokens, at: 0, conditionals: 0, use }],
    conditionals: [],
    count: 0,
    locals: 0,
    alternate: false,
    apart: false,
  };
  for (;;) {
    const frame = machine.frames.at(-1);
    if (frame === undefined) break;
    if (frame.at >= frame.tokens.length) closeFrame(machine, frame);
    else if (machine.output.length > MOST_TOKENS) {
      machine.diagnostics.push(
        diagnosticAt('error', 'the macros of this file expand without end', frame.tokens[frame.at]!),
      );
      break;
    } else readStatement(machine, frame);
  }
  return { tokens: machine.output, diagnostics: machine.diagnostics, refusals: machine.refusals, state };
}

function closeFrame(machine: Machine, frame: Frame): void {
  machine.frames.pop();
  machine.apart = true;
  const where = frame.use === null ? 'the end of the file' : `the end of '${frame.use.name}'`;
  while (machine.conditionals.length > frame.conditionals) {
    const open = machine.conditionals.pop()!;
    machine.diagnostics.push(diagnosticAt('error', `'.${open.place.text}' has no .endif before ${where}`, open.place));
  }
}

function isActive(machine: Machine): boolean {
  const innermost = machine.conditionals.at(-1);
  return innermost === undefined || innermost.active;
}

/** Inside a conditional of unknown outcome nothing that is defined can be relied on. */
function isCertain(machine: Machine): boolean {
  return machine.conditionals.every((each) => !each.unknown);
}

function readStatement(machine: Machine, frame: Frame): void {
  const { tokens, at: start } = frame;
  const end = statementEnd(tokens, start);
  const active = isActive(machine);
  const head = behindLabels(tokens, start, end, (name) => {
    if (active) machine.state.symbols.set(name, null);
  });
  const word = wordAt(tokens, head, end);
  const statement: Statement = { frame, start, head, rest: word.next, end };
  const name = word.text.toLowerCase();
  if (name.charCodeAt(0) === 46) {
    const directive = DIRECTIVES.get(name.slice(1));
    if (directive !== undefined && (active || SEEN_WHEN_INACTIVE.has(name.slice(1)))) {
      if (active && head > start) emit(machine, tokens, start, head);
      frame.at = end;
      directive(machine, statement);
      skipEnd(machine, frame);
      return;
    }
  }
  if (!active) {
    frame.at = end < tokens.length ? end + 1 : end;
    return;
  }
  const macro = name === '' ? undefined : machine.state.macros.get(name);
  if (macro !== undefined) {
    invoke(machine, statement, macro);
    return;
  }
  noteAssignment(machine, statement, name);
  frame.at = end < tokens.length ? end + 1 : end;
  emit(machine, tokens, start, frame.at);
}

function emit(machine: Machine, tokens: readonly Token[], from: number, end: number): void {
  let at = from;
  if (machine.apart && at < end) {
    machine.apart = false;
    machine.output.push({ ...tokens[at++]!, spaceBefore: true });
  }
  for (; at < end; at++) machine.output.push(tokens[at]!);
}

/** Behind a directive that was carried out: its line end stays, and so does a stop; a lone semicolon goes with it. */
function skipEnd(machine: Machine, frame: Frame): void {
  const { tokens, at } = frame;
  const token = tokens[at];
  if (token === undefined || !endsStatement(token)) return;
  frame.at = at + 1;
  if (!isActive(machine)) return;
  const next = tokens[at + 1];
  if (token.text === ';') {
    if (next?.text !== ';' || !isAdjacent(tokens, at + 1)) return;
    emit(machine, tokens, at, at + 2);
    frame.at = at + 2;
  } else emit(machine, tokens, at, at + 1);
}

// ---------------------------------------------------------------- macros

function invoke(machine: Machine, statement: Statement, macro: AssemblerMacro): void {
  const { frame, start, head, rest, end } = statement;
  const { tokens } = frame;
  const call = tokens[head]!;
  emit(machine, tokens, start, head);
  frame.at = end;
  const errors = machine.diagnostics.length;
  const alternate = machine.alternate ? machine.state.symbols : null;
  const values = bindArguments(macro, tokens, rest, end, call, machine.diagnostics, alternate);
  if (machine.diagnostics.length > errors) return;
  machine.count++;
  const body = machine.alternate ? takeLocals(machine, macro.body, values) : macro.body;
  pushFrame(machine, statement, macro.name, [{ body, values, count: machine.count - 1 }]);
}

/** `LOCAL a, b` under `.altmacro`: names that this invocation alone has. Returns the body without these lines. */
function takeLocals(machine: Machine, body: readonly Token[], values: Map<string, readonly Token[]>): readonly Token[] {
  const kept: Token[] = [];
  for (let at = 0; at < body.length; ) {
    const end = statementEnd(body, at);
    const word = wordAt(body, at, end);
    if (word.text.toLowerCase() === 'local' && word.next < end && body[word.next]!.spaceBefore) {
      for (const [name] of argumentList(body, word.next, end)) {
        const made = `.LL${(++machine.locals).toString(16).padStart(4, '0')}`;
        if (name !== undefined) values.set(name.text, retokenize(made, name, 0));
      }
      at = end;
    }
    const next = Math.min(end + 1, body.length);
    for (; at < next; at++) kept.push(body[at]!);
  }
  return kept;
}

/** One body with what to put in; a repetition has several. */
type Piece = Pick<Substitution, 'values' | 'count'> & { readonly body: readonly Token[] };

/** Reads pieces in place of the statement that asked for them. */
function pushFrame(machine: Machine, { frame, head, end }: Statement, name: string, pieces: readonly Piece[]): void {
  const call = frame.tokens[head]!;
  if (machine.frames.length > DEEPEST_NESTING) {
    machine.diagnostics.push(
      diagnosticAt('error', `macros are nested too deeply: does '${name}' invoke itself without end?`, call),
    );
    machine.conditionals.length = machine.frames[1]!.conditionals;
    machine.frames.length = 1;
    return;
  }
  const last = frame.tokens[end - 1]!;
  const until = last.file === call.file && last.end > call.end ? last.end : call.end;
  const bodyUse: MacroUse = { name, file: call.file, start: call.start, end: until, argument: false, parent: call.use };
  const argumentUse: MacroUse = { ...bodyUse, argument: true };
  const tokens: Token[] = [];
  for (const { body, values, count } of pieces) {
    for (const token of substitute(body, { values, count, bodyUse, argumentUse, alternate: machine.alternate }))
      tokens.push(token);
  }
  machine.apart = true;
  machine.frames.push({ tokens, at: 0, conditionals: machine.conditionals.length, use: bodyUse });
}

/** The lines up to the directive that closes what `statement` opened; null, with an error, when there is none. */
function takeBody(
  machine: Machine,
  { frame, head, end }: Statement,
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

const MACRO_OPENS = new Set(['macro']);
const MACRO_CLOSES = new Set(['endm', 'mend']);
const REPEAT_OPENS = new Set(['rept', 'rep', 'irp', 'irpc', 'irep', 'irepc']);
const REPEAT_CLOSES = new Set(['endr']);

function defineMacro(machine: Machine, statement: Statement): void {
  const { frame, head, rest, end } = statement;
  const { tokens } = frame;
  const word = wordAt(tokens, rest, end);
  const body = takeBody(machine, statement, MACRO_OPENS, MACRO_CLOSES);
  if (body === null) return;
  if (word.text === '') {
    machine.diagnostics.push(diagnosticAt('error', 'a macro needs a name', tokens[head]!, tokens[rest - 1]!));
    return;
  }
  const place = tokens[word.next - 1]!;
  const key = word.text.toLowerCase();
  if (machine.state.macros.has(key) && isCertain(machine)) {
    machine.diagnostics.push(diagnosticAt('error', `macro '${word.text}' is already defined`, place));
    return;
  }
  const parameters = parseParameters(tokens, word.next, end, machine.diagnostics);
  machine.state.macros.set(key, { name: word.text, parameters, body, place });
}

function purgeMacro(machine: Machine, { frame, rest, end }: Statement): void {
  for (let at = rest; at < end; ) {
    const word = wordAt(frame.tokens, at, end);
    if (word.text !== '' && !machine.state.macros.delete(word.text.toLowerCase())) {
      machine.diagnostics.push(diagnosticAt('error', `there is no macro '${word.text}' to purge`, frame.tokens[at]!));
    }
    at = Math.max(word.next, at + 1);
  }
}

/** `.exitm`: leaves the innermost macro or repetition, and the conditionals it opened. */
function exitMacro(machine: Machine, { frame, head, rest }: Statement): void {
  if (frame.use === null) {
    machine.diagnostics.push(
      diagnosticAt('warning', '.exitm outside a macro', frame.tokens[head]!, frame.tokens[rest - 1]!),
    );
    return;
  }
  machine.conditionals.length = frame.conditionals;
  frame.at = frame.tokens.length;
}

function alternateMode(on: boolean) {
  return (machine: Machine): void => {
    machine.alternate = on;
  };
}

function strayEnd(machine: Machine, { frame, head, rest }: Statement): void {
  const text = textOf(frame.tokens, head, rest);
  machine.diagnostics.push(
    diagnosticAt('error', `'${text}' closes nothing`, frame.tokens[head]!, frame.tokens[rest - 1]!),
  );
}

// ---------------------------------------------------------------- repetitions

function repeat(machine: Machine, statement: Statement): void {
  const { frame, head, rest, end } = statement;
  const body = takeBody(machine, statement, REPEAT_OPENS, REPEAT_CLOSES);
  if (body === null) return;
  const times = evaluate(frame.tokens, rest, end, machine.state.symbols);
  if (typeof times !== 'bigint' || times < 0n) {
    machine.diagnostics.push(
      diagnosticAt('error', '.rept needs a number that is known here', frame.tokens[head]!, frame.tokens[end - 1]!),
    );
    return;
  }
  if (times * BigInt(body.length) > BigInt(MOST_TOKENS)) {
    machine.diagnostics.push(
      diagnosticAt('error', '.rept repeats too often', frame.tokens[head]!, frame.tokens[end - 1]!),
    );
    return;
  }
  const piece: Piece = { body, values: new Map(), count: machine.count };
  pushFrame(machine, statement, textOf(frame.tokens, head, rest), new Array<Piece>(Number(times)).fill(piece));
}

function repeatFor(characters: boolean) {
  return (machine: Machine, statement: Statement): void => {
    const { frame, head, rest, end } = statement;
    const body = takeBody(machine, statement, REPEAT_OPENS, REPEAT_CLOSES);
    if (body === null) return;
    const word = wordAt(frame.tokens, rest, end);
    if (word.text === '') {
      machine.diagnostics.push(
        diagnosticAt('error', `'${textOf(frame.tokens, head, rest)}' needs a parameter`, frame.tokens[head]!),
      );
      return;
    }
    const from = word.next < end && frame.tokens[word.next]!.text === ',' ? word.next + 1 : word.next;
    const values = characters
      ? characterValues(frame.tokens, from, end)
      : argumentList(frame.tokens, from, end, machine.alternate ? machine.state.symbols : null);
    if (values.length === 0) values.push([]);
    const pieces = values.map((value) => ({ body, values: new Map([[word.text, value]]), count: machine.count }));
    pushFrame(machine, statement, textOf(frame.tokens, head, rest), pieces);
  };
}

function characterValues(tokens: readonly Token[], from: number, end: number): Token[][] {
  const values: Token[][] = [];
  const [argument] = argumentList(tokens, from, end);
  for (const token of argument ?? []) {
    for (let at = 0; at < token.text.length; at++) values.push(retokenize(token.text[at]!, token, at));
  }
  return values;
}

// ---------------------------------------------------------------- conditionals

function ask(machine: Machine, { frame, rest, end }: Statement, name: string, place: Token) {
  const test = CONDITIONS.get(name)!;
  const { symbols } = machine.state;
  const answer = test({ tokens: frame.tokens, from: rest, end, place, symbols, diagnostics: machine.diagnostics });
  if (answer === null) {
    const text = `the assembler decides '.${name} ${textOf(frame.tokens, rest, end)}'; both branches are kept`;
    machine.diagnostics.push(diagnosticAt('note', text, frame.tokens[rest] ?? place, frame.tokens[end - 1]!));
  }
  return answer;
}

function openIf(machine: Machine, statement: Statement): void {
  const place = statement.frame.tokens[statement.rest - 1]!;
  const active = isActive(machine);
  machine.conditionals.push(
    openConditional(place, active, active ? ask(machine, statement, place.text.toLowerCase(), place) : false),
  );
}

/** The conditional that `.else`, `.elseif` or `.endif` belongs to; null, with an error, when it belongs to none. */
function innermost(machine: Machine, { frame, head, rest }: Statement): Conditional | null {
  if (machine.conditionals.length > frame.conditionals) return machine.conditionals.at(-1)!;
  const text = textOf(frame.tokens, head, rest);
  machine.diagnostics.push(
    diagnosticAt('error', `'${text}' without an .if`, frame.tokens[head]!, frame.tokens[rest - 1]!),
  );
  return null;
}

function elseBranch(withCondition: boolean) {
  return (machine: Machine, statement: Statement): void => {
    const conditional = innermost(machine, statement);
    if (conditional === null) return;
    const { frame, head, rest } = statement;
    if (conditional.seenElse) {
      machine.diagnostics.push(
        diagnosticAt(
          'error',
          `'${textOf(frame.tokens, head, rest)}' behind .else`,
          frame.tokens[head]!,
          frame.tokens[rest - 1]!,
        ),
      );
      conditional.active = false;
      return;
    }
    if (!withCondition) {
      conditional.seenElse = true;
      nextBranch(conditional, true);
    } else if (conditional.outer && !conditional.decided)
      nextBranch(conditional, ask(machine, statement, 'if', frame.tokens[rest - 1]!));
    else nextBranch(conditional, false);
  };
}

function closeIf(machine: Machine, statement: Statement): void {
  if (innermost(machine, statement) !== null) machine.conditionals.pop();
}

// ---------------------------------------------------------------- symbols and messages

function define(machine: Machine, tokens: readonly Token[], nameFrom: number, from: number, end: number): void {
  const { text } = wordAt(tokens, nameFrom, end);
  if (text === '' || text === '.') return;
  const value = evaluate(tokens, from, end, machine.state.symbols);
  machine.state.symbols.set(text, typeof value === 'bigint' && isCertain(machine) ? value : null);
}

const SETTERS = new Set(['.set', '.equ', '.equiv', '.eqv']);

/** `name = value`, `name == value`, `.set name, value` and its other spellings: remembered, and passed on. */
function noteAssignment(machine: Machine, { frame, head, rest, end }: Statement, word: string): void {
  const { tokens } = frame;
  if (rest === head || rest >= end) return;
  if (word === '.comm' || word === '.lcomm') machine.state.symbols.set(wordAt(tokens, rest, end).text, null);
  if (SETTERS.has(word)) {
    const name = wordAt(tokens, rest, end);
    if (name.next < end && tokens[name.next]!.text === ',') define(machine, tokens, rest, name.next + 1, end);
    return;
  }
  const operator = tokens[rest]!.text;
  if (operator === '=' || operator === '==') define(machine, tokens, head, rest + 1, end);
}

function userMessage(severity: 'error' | 'warning') {
  return (machine: Machine, { frame, head, rest, end }: Statement): void => {
    const { tokens } = frame;
    const name = textOf(tokens, head, rest);
    const text = textOf(tokens, rest, end);
    const message = text.startsWith('"') ? text.replace(/^"|"$/g, '') : text;
    // In a branch that may not be assembled it may never be said.
    const grade = isCertain(machine) ? severity : 'note';
    const diagnostic = diagnosticAt(
      grade,
      message === '' ? `${name} is assembled` : message,
      tokens[head]!,
      tokens[end - 1]!,
    );
    machine.diagnostics.push(diagnostic);
    if (grade === 'error') machine.refusals.push(diagnostic);
  };
}

type Directive = (machine: Machine, statement: Statement) => void;

/** The directives of the macro language, without their dot. */
const DIRECTIVES = new Map<string, Directive>([
  ['macro', defineMacro],
  ['endm', strayEnd],
  ['mend', strayEnd],
  ['exitm', exitMacro],
  ['mexit', exitMacro],
  ['purgem', purgeMacro],
  ['altmacro', alternateMode(true)],
  ['noaltmacro', alternateMode(false)],
  ['rept', repeat],
  ['rep', repeat],
  ['irp', repeatFor(false)],
  ['irep', repeatFor(false)],
  ['irpc', repeatFor(true)],
  ['irepc', repeatFor(true)],
  ['endr', strayEnd],
  ['else', elseBranch(false)],
  ['elsec', elseBranch(false)],
  ['elseif', elseBranch(true)],
  ['endif', closeIf],
  ['endc', closeIf],
  ['error', userMessage('error')],
  ['err', userMessage('error')],
  ['warning', userMessage('warning')],
]);
for (const name of CONDITIONS.keys()) DIRECTIVES.set(name, openIf);

/** Directives that count in a branch that is not assembled. */
const SEEN_WHEN_INACTIVE = new Set(['else', 'elsec', 'elseif', 'endif', 'endc', ...CONDITIONS.keys()]);
