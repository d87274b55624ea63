import { type Label, mentionedLabels, type Symbols } from '../../analysis/program/symbols.ts';
import type { Unit } from '../../project/units.ts';
import type { MacroUse, Token } from '../../syntax/token.ts';
import type { Expression } from '../../syntax/tree.ts';
import { type FoundReport, reportsByPlace } from '../reports.ts';
import type { Rule } from '../rule.ts';

/** `1f` means the next `1:` whoever wrote it; a macro between the two that has a `1:` of its own takes the branch. */
export const PV014: Rule = {
  id: 'PV014',
  name: 'label-capture',
  severity: 'error',
  summary: 'A reference to a numeric label finds the label of a macro that stands in between.',
  check: (context) => reportsByPlace(context, captured),
};

function* captured(unit: Unit): Iterable<FoundReport> {
  const { program } = unit.analysis;
  const { symbols, statements, tokens } = program;
  const tokenOf = (label: Label): Token => tokens[statements[label.statement]!.first]!;
  const names = new Set<string>();
  for (const label of symbols.labels)
    if (label.kind === 'label' && symbols.local.has(label.name) && bodyOf(tokenOf(label).use) !== null)
      names.add(label.name);
  if (names.size === 0) return;
  const captures: Capture[] = [];
  /** Labels that the macro itself branches to: they are meant for it alone. */
  const own = new Set<Label>();
  const look = (expression: Expression, at: number): void => {
    for (const part of namingParts(expression, symbols)) {
      const labels: Label[] = [];
      mentionedLabels(symbols, part, at, labels);
      for (const label of labels) {
        const body = names.has(label.name) ? bodyOf(tokenOf(label).use) : null;
        const from = tokens[part.first]!;
        if (body === null) continue;
        if (isInside(from.use, body)) own.add(label);
        else captures.push({ from, to: tokenOf(label), label, body });
      }
    }
  };
  statements.forEach((statement, at) => {
    if (statement.kind === 'instruction') {
      for (let index = 0; index < statement.outputs.length; index++) look(statement.outputs[index]!, at);
      for (let index = 0; index < statement.inputs.length; index++) look(statement.inputs[index]!, at);
    } else if (statement.kind === 'directive') for (const argument of statement.args) look(argument, at);
  });
  for (const capture of captures) if (own.has(capture.label) || bodyOf(capture.from.use) === null) yield found(capture);
}

/** A reference that finds a label in the body of an expansion that it is no part of. */
interface Capture {
  readonly from: Token;
  readonly to: Token;
  readonly label: Label;
  readonly body: MacroUse;
}

/** The parts of an operand that may name a numeric label, each where it is spelled: `y` in `y-99f` may be an argument. */
function namingParts(expression: Expression, symbols: Symbols): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
      return [];
    case 'name':
      return symbols.computed.has(expression.name) ? [expression] : [];
    case 'memory':
      return namingParts(expression.address, symbols);
    case 'group':
      return namingParts(expression.inner, symbols);
    case 'unary':
      return namingParts(expression.operand, symbols);
    case 'binary':
      return [...namingParts(expression.left, symbols), ...namingParts(expression.right, symbols)];
    case 'relocation':
      return expression.argument === null ? [] : namingParts(expression.argument, symbols);
    default:
      return [expression];
  }
}

function found({ from, to, label, body }: Capture): FoundReport {
  const message = `${from.text} goes to the '${label.name}:' in the body of ${body.name}`;
  const related = [
    { file: to.file, start: to.start, end: to.end, message: 'this label' },
    { file: body.file, start: body.start, end: body.end, message: `${body.name} is expanded here` },
  ];
  return { report: { file: from.file, start: from.start, end: from.end, message, related }, key: body.name };
}

/** The expansion in whose body a token is spelled: an argument is spelled where the call is. */
function bodyOf(use: MacroUse | null): MacroUse | null {
  let at = use;
  while (at?.argument) at = at.parent;
  return at;
}

/** Does a token come from an expansion, at any depth, its arguments not counted? */
function isInside(use: MacroUse | null, body: MacroUse): boolean {
  for (let at = bodyOf(use); at !== null; at = bodyOf(at.parent)) if (at === body) return true;
  return false;
}
