/** The grammar of operand lists: expressions between commas, and text that forms no expression. */
import { EOF, type IToken, type ParserMethod } from 'chevrotain';
import { ExpressionGrammar, isGrammarError, spelled } from './expression-grammar.ts';
import { Lexemes as L } from './lexeme.ts';
import type { Expression } from './tree.ts';

/** By index of the lexeme type: 1 for those that end a statement with operands. */
const ENDS_STATEMENT = new Uint8Array(1024);
for (const { tokenTypeIdx } of [L.Newline, L.Semicolon, L.Stop, L.OpenBrace, L.CloseBrace, L.Cpp, L.Foreign, EOF]) {
  ENDS_STATEMENT[tokenTypeIdx!] = 1;
}

/** Whether a statement with operands ends before a lexeme. */
export function atStatementEnd({ tokenTypeIdx }: IToken): boolean {
  return ENDS_STATEMENT[tokenTypeIdx] === 1;
}

export const NO_OPERANDS: readonly Expression[] = [];

export class OperandGrammar extends ExpressionGrammar {
  /** For the current operand list: whether `=` ends it, and whether its operands may be any text. */
  protected equalsEnds = false;
  protected lenient = false;

  /** Operands up to the end of the statement or, with `equalsEnds`, up to a `=`; none when the statement ends at once. */
  protected readonly operands: ParserMethod<[], readonly Expression[]> = this.RULE('operands', () => {
    if (!this.RECORDING_PHASE && this.atEnd()) return NO_OPERANDS;
    const list = [this.SUBRULE(this.operand)];
    const another = () => {
      this.CONSUME(L.Comma);
      list.push(this.SUBRULE2(this.operand));
    };
    this.MANY(another);
    return list;
  });

  protected readonly operand: ParserMethod<[], Expression> = this.RULE('operand', (): Expression => {
    const { first } = this.next();
    const position = this.position();
    this.found = null;
    try {
      this.OPTION(this.operandChoice);
    } catch (error) {
      if (!this.lenient || !isGrammarError(error)) throw error;
      this.seek(position);
      this.depth = 0;
      this.found = null;
    }
    if (this.atOperandEnd())
      return this.found ?? { kind: 'opaque', first: this.lastConsumed() + 1, last: this.lastConsumed() };
    return this.ACTION(() => this.opaqueOperand(first));
  });

  /** The expression of the current operand, if it has one. */
  private found: Expression | null = null;

  private readonly operandChoice = (): void => {
    this.found = this.SUBRULE(this.expression);
  };

  private atOperandEnd(): boolean {
    const next = this.LA(1);
    return next.tokenType === L.Comma || (next.tokenType === L.Equals && this.equalsEnds) || atStatementEnd(next);
  }

  /** Consumes the rest of an operand that is no expression. */
  private opaqueOperand(first: number): Expression {
    let nesting = 0;
    while (!this.atEnd() && (nesting > 0 || !this.atOperandEnd())) {
      const token = this.next();
      if (token.tokenType === L.OpenParen) nesting++;
      else if (token.tokenType === L.CloseParen && nesting > 0) nesting--;
      else if (
        !this.lenient &&
        (token.tokenType === L.CloseParen || token.tokenType === L.CloseBracket || token.tokenType === L.Other)
      ) {
        this.problem(`unexpected ${spelled(token)}`, token);
      }
      this.SKIP_TOKEN();
    }
    return { kind: 'opaque', first, last: this.lastConsumed() };
  }

  /** Whether the next lexeme ends a statement with operands. */
  protected atEnd(): boolean {
    return ENDS_STATEMENT[this.LA(1).tokenTypeIdx] === 1;
  }
}
