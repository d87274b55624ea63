/** The directives about macros: definition, purge, invocation, `.exitm`, `LOCAL`. */
import type { Token } from '../syntax/token.ts';
import { argumentList, bindArguments, parseParameters } from './arguments.ts';
import { type AssemblerMacro, diagnosticAt } from './definition-types.ts';
import { copyTokens, isCertain, type MacroProcessor, pushFrame, type StatementRange, takeBody } from './machine.ts';
import { statementEnd, textOf, wordAt } from './statements.ts';
import { retokenize } from './substitute.ts';

export function invoke(machine: MacroProcessor, statement: StatementRange, macro: AssemblerMacro): void {
  const { frame, start, head, rest, end } = statement;
  const { tokens } = frame;
  const call = tokens[head]!;
  copyTokens(machine, tokens, start, head);
  frame.at = end;
  const errors = machine.diagnostics.length;
  const alternate = machine.alternate ? machine.state.symbols : null;
  const values = bindArguments(macro, tokens, rest, end, call, machine.diagnostics, alternate);
  if (machine.diagnostics.length > errors) return;
  machine.count++;
  const body = machine.alternate ? takeLocals(machine, macro.body, values) : macro.body;
  pushFrame(machine, statement, macro.name, [{ body, values, count: machine.count - 1 }]);
}

/** Reads `LOCAL a, b` under `.altmacro`: names unique to this invocation. Returns the body without these lines. */
export function takeLocals(
  machine: MacroProcessor,
  body: readonly Token[],
  values: Map<string, readonly Token[]>,
): readonly Token[] {
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

const MACRO_OPENS = new Set(['macro']);
const MACRO_CLOSES = new Set(['endm', 'mend']);

export function defineMacro(machine: MacroProcessor, statement: StatementRange): void {
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

export function purgeMacro(machine: MacroProcessor, { frame, rest, end }: StatementRange): void {
  for (let at = rest; at < end; ) {
    const word = wordAt(frame.tokens, at, end);
    if (word.text !== '' && !machine.state.macros.delete(word.text.toLowerCase())) {
      machine.diagnostics.push(diagnosticAt('error', `there is no macro '${word.text}' to purge`, frame.tokens[at]!));
    }
    at = Math.max(word.next, at + 1);
  }
}

/** `.exitm`: ends the innermost macro or repetition, and the conditionals that it opened. */
export function exitMacro(machine: MacroProcessor, { frame, head, rest }: StatementRange): void {
  if (frame.use === null) {
    machine.diagnostics.push(
      diagnosticAt('warning', '.exitm outside a macro', frame.tokens[head]!, frame.tokens[rest - 1]!),
    );
    return;
  }
  machine.conditionals.length = frame.conditionals;
  frame.at = frame.tokens.length;
}

export function alternateMode(on: boolean) {
  return (machine: MacroProcessor): void => {
    machine.alternate = on;
  };
}

export function unmatchedEnd(machine: MacroProcessor, { frame, head, rest }: StatementRange): void {
  const text = textOf(frame.tokens, head, rest);
  machine.diagnostics.push(
    diagnosticAt('error', `'${text}' closes nothing`, frame.tokens[head]!, frame.tokens[rest - 1]!),
  );
}
