/** `.if` and its relatives, `.elseif`, `.else` and `.endif`: which code is assembled. */
import type { Token } from '../syntax/token.ts';
import { CONDITIONS, type Conditional, nextBranch, openConditional } from './conditions.ts';
import { isActive, type Machine, type Statement } from './machine.ts';
import { diagnosticAt } from './model.ts';
import { textOf } from './statements.ts';

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

export function openIf(machine: Machine, statement: Statement): void {
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

export function elseBranch(withCondition: boolean) {
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

export function closeIf(machine: Machine, statement: Statement): void {
  if (innermost(machine, statement) !== null) machine.conditionals.pop();
}
