/** The directives `.if` (and `.ifdef`, `.ifc` ...), `.elseif`, `.else` and `.endif`: which code is assembled. */
import type { Token } from '../syntax/token.ts';
import { CONDITIONS, nextBranch, type OpenConditional, openConditional } from './conditions.ts';
import { diagnosticAt } from './definition-types.ts';
import { isActive, type MacroProcessor, type StatementRange } from './machine.ts';
import { textOf } from './statements.ts';

function ask(machine: MacroProcessor, { frame, rest, end }: StatementRange, name: string, place: Token) {
  const test = CONDITIONS.get(name)!;
  const answer = test({
    tokens: frame.tokens,
    from: rest,
    end,
    place,
    state: machine.state,
    diagnostics: machine.diagnostics,
  });
  if (answer === null) {
    const text = `the assembler decides '.${name} ${textOf(frame.tokens, rest, end)}'; both branches are kept`;
    machine.diagnostics.push(diagnosticAt('note', text, frame.tokens[rest] ?? place, frame.tokens[end - 1]!));
  }
  return answer;
}

export function openIf(machine: MacroProcessor, statement: StatementRange): void {
  const place = statement.frame.tokens[statement.rest - 1]!;
  const active = isActive(machine);
  machine.conditionals.push(
    openConditional(place, active, active ? ask(machine, statement, place.text.toLowerCase(), place) : false),
  );
}

/** The conditional that an `.else`, `.elseif` or `.endif` belongs to; null, after reporting an error, when there is none. */
function innermost(machine: MacroProcessor, { frame, head, rest }: StatementRange): OpenConditional | null {
  if (machine.conditionals.length > frame.conditionals) return machine.conditionals.at(-1)!;
  const text = textOf(frame.tokens, head, rest);
  machine.diagnostics.push(
    diagnosticAt('error', `'${text}' without an .if`, frame.tokens[head]!, frame.tokens[rest - 1]!),
  );
  return null;
}

export function elseBranch(withCondition: boolean) {
  return (machine: MacroProcessor, statement: StatementRange): void => {
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

export function closeIf(machine: MacroProcessor, statement: StatementRange): void {
  if (innermost(machine, statement) !== null) machine.conditionals.pop();
}
