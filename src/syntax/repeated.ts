/** Text that repeats: which parts of it are read on their own, and statements of one place as statements of another. */
import { type Token, TokenKind } from './token.ts';
import type { Expression, MacroArgument, Statement } from './tree.ts';

const HASH = 35;
const OPEN_PAREN = 40;
const CLOSE_PAREN = 41;
const SEMICOLON = 59;
const OPEN_BRACE = 123;

/**
 * The shortest run of tokens from `first` on whose statements no other token has a part in: up to a line end or a
 * semicolon outside of parentheses. A `{` has with it what its template may stand behind; a line of gas's that begins with
 * `#` is one piece. `last` is the last token, `key` the text that decides what is read.
 */
export function pieceAt(tokens: readonly Token[], first: number): { readonly key: string; readonly last: number } {
  const wholeLine = tokens[first]!.text.charCodeAt(0) === HASH;
  let key = '';
  let nesting = 0;
  let awaitsTemplate = false;
  for (let at = first; at < tokens.length; at++) {
    const { kind, text, spaceBefore } = tokens[at]!;
    key += (spaceBefore ? ' ' : '\0') + text;
    if (kind === TokenKind.Newline) {
      if (nesting === 0 && !awaitsTemplate) return { key, last: at };
    } else if (kind === TokenKind.Punctuator) {
      const code = text.charCodeAt(0);
      if (code === OPEN_PAREN) nesting++;
      else if (code === CLOSE_PAREN && nesting > 0) nesting--;
      if (code !== SEMICOLON) awaitsTemplate = code === OPEN_BRACE;
      else if (nesting === 0 && !awaitsTemplate && !wholeLine && !isHalfStop(tokens, at)) return { key, last: at };
    } else if (kind !== TokenKind.Space && kind !== TokenKind.Comment) awaitsTemplate = false;
  }
  return { key, last: tokens.length - 1 };
}

/** Whether a semicolon and the next token may be one stop. */
function isHalfStop(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1];
  return next !== undefined && !next.spaceBefore && next.text.charCodeAt(0) === SEMICOLON;
}

/** Appends copies of statements whose tokens stand `by` places further on. */
export function moveStatements(statements: readonly Statement[], by: number, list: Statement[]): void {
  for (const statement of statements) list.push(moveStatement(statement, by));
}

function moveStatement(statement: Statement, by: number): Statement {
  const first = statement.first + by;
  const last = statement.last + by;
  switch (statement.kind) {
    case 'instruction': {
      const { mnemonic, mnemonicFirst, mnemonicLast } = statement;
      return {
        kind: 'instruction',
        predicate: statement.predicate && moveExpression(statement.predicate, by),
        mnemonic,
        mnemonicFirst: mnemonicFirst + by,
        mnemonicLast: mnemonicLast + by,
        outputs: moveExpressions(statement.outputs, by),
        inputs: moveExpressions(statement.inputs, by),
        first,
        last,
      };
    }
    case 'directive':
      return { kind: 'directive', name: statement.name, args: moveExpressions(statement.args, by), first, last };
    case 'assignment':
      return { kind: 'assignment', name: statement.name, value: moveExpression(statement.value, by), first, last };
    case 'macroCall': {
      const { predicate, name, args } = statement;
      const moved = args.map((argument) => moveArgument(argument, by));
      return {
        kind: 'macroCall',
        predicate: predicate && moveExpression(predicate, by),
        name,
        args: moved,
        first,
        last,
      };
    }
    case 'stop':
      return { kind: 'stop', first, last };
    default:
      return { ...statement, first, last };
  }
}

function moveExpressions(expressions: readonly Expression[], by: number): readonly Expression[] {
  if (expressions.length === 0) return expressions;
  const moved: Expression[] = [];
  for (const expression of expressions) moved.push(moveExpression(expression, by));
  return moved;
}

function moveExpression(expression: Expression, by: number): Expression {
  const first = expression.first + by;
  const last = expression.last + by;
  switch (expression.kind) {
    case 'name':
      return { kind: 'name', name: expression.name, first, last };
    case 'number':
      return { kind: 'number', text: expression.text, value: expression.value, first, last };
    case 'memory':
      return { kind: 'memory', address: moveExpression(expression.address, by), first, last };
    case 'group':
      return { kind: 'group', inner: moveExpression(expression.inner, by), first, last };
    case 'binary': {
      const { operator, left, right } = expression;
      return {
        kind: 'binary',
        operator,
        left: moveExpression(left, by),
        right: moveExpression(right, by),
        first,
        last,
      };
    }
    case 'unary':
      return { ...expression, operand: moveExpression(expression.operand, by), first, last };
    case 'indexed':
      return { ...expression, index: moveExpression(expression.index, by), first, last };
    case 'relocation':
      return { ...expression, argument: expression.argument && moveExpression(expression.argument, by), first, last };
    case 'call':
      return { ...expression, args: expression.args.map((argument) => moveArgument(argument, by)), first, last };
    default:
      return { ...expression, first, last };
  }
}

function moveArgument({ first, last, statements }: MacroArgument, by: number): MacroArgument {
  const moved: Statement[] = [];
  moveStatements(statements, by, moved);
  return { first: first + by, last: last + by, statements: moved };
}
