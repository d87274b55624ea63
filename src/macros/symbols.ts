/** Symbols that conditionals may test, and the directives `.error`, `.warning` and the like. */
import { equates, symbolDirective } from '../machine/symbol-directives.ts';
import type { Token } from '../syntax/token.ts';
import { diagnosticAt } from './definition-types.ts';
import { evaluateTokens } from './expression.ts';
import { isCertain, type MacroProcessor, type StatementRange } from './machine.ts';
import { textOf, wordAt } from './statements.ts';

function define(machine: MacroProcessor, tokens: readonly Token[], nameFrom: number, from: number, end: number): void {
  const { text } = wordAt(tokens, nameFrom, end);
  if (text === '' || text === '.') return;
  const value = evaluateTokens(tokens, from, end, machine.state.symbols);
  machine.state.symbols.set(text, typeof value === 'bigint' && isCertain(machine) ? value : null);
}

/** Notes the value of `name = value`, `name == value`, `.set name, value` and synonyms; the statement stays in the output. */
export function noteAssignment(
  machine: MacroProcessor,
  { frame, head, rest, end }: StatementRange,
  word: string,
): void {
  const { tokens } = frame;
  if (rest === head || rest >= end) return;
  if (symbolDirective(word)?.action === 'common') machine.state.symbols.set(wordAt(tokens, rest, end).text, null);
  if (equates(word)) {
    const name = wordAt(tokens, rest, end);
    if (name.next < end && tokens[name.next]!.text === ',') define(machine, tokens, rest, name.next + 1, end);
    return;
  }
  const operator = tokens[rest]!.text;
  if (operator === '=' || operator === '==') define(machine, tokens, head, rest + 1, end);
}

export function userMessage(severity: 'error' | 'warning') {
  return (machine: MacroProcessor, { frame, head, rest, end }: StatementRange): void => {
    const { tokens } = frame;
    const name = textOf(tokens, head, rest);
    const text = textOf(tokens, rest, end);
    const message = text.startsWith('"') ? text.replace(/^"|"$/g, '') : text;
    // Only a note in a branch that may not be assembled, as the assembler may never give the message.
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
