/** `.rept`, `.irp` and `.irpc`. */
import type { Token } from '../syntax/token.ts';
import { argumentList } from './arguments.ts';
import { diagnosticAt } from './definition-types.ts';
import { evaluateTokens } from './expression.ts';
import {
  type BodyInstance,
  type MacroProcessor,
  MOST_TOKENS,
  pushFrame,
  type StatementRange,
  takeBody,
} from './machine.ts';
import { textOf, wordAt } from './statements.ts';
import { retokenize } from './substitute.ts';

const REPEAT_OPENS = new Set(['rept', 'rep', 'irp', 'irpc', 'irep', 'irepc']);
const REPEAT_CLOSES = new Set(['endr']);

export function repeat(machine: MacroProcessor, statement: StatementRange): void {
  const { frame, head, rest, end } = statement;
  const body = takeBody(machine, statement, REPEAT_OPENS, REPEAT_CLOSES);
  if (body === null) return;
  const times = evaluateTokens(frame.tokens, rest, end, machine.state.symbols);
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
  const piece: BodyInstance = { body, values: new Map(), count: machine.count };
  pushFrame(machine, statement, textOf(frame.tokens, head, rest), new Array<BodyInstance>(Number(times)).fill(piece));
}

export function repeatFor(characters: boolean) {
  return (machine: MacroProcessor, statement: StatementRange): void => {
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
