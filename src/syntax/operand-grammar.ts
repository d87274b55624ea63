/** The grammar of operand lists: expressions between commas, and what stands there instead. */
import { EOF, type ParserMethod } from 'chevrotain';
import { ExpressionGrammar, isGrammarError, spelled } from './expression-grammar.ts';
import { Lexemes as L } from './lexeme.ts';
import type { Expression } from './tree.ts';

/** By index of a lexeme type: 1 where a statement with operands ends. */
const ENDS_STATEMENT = new Uint8Array(1024);
for (const { tokenTypeIdx } of [L.Newline, L.Semicolon, L.Stop, L.OpenBrace, L.CloseBrace, L.Cpp, L.Foreign, EOF]) {
  ENDS_STATEMENT[tokenTypeIdx!] = 1;
}

export const NO_OPERANDS: readonly Expression[] = [];

export class OperandGrammar extends ExpressionGrammar {
  /** Of the operand list that is read: whether `=` ends it, and whether anything may stand in it. */
  protected equalsEnds = false;
  protected lenient = false;

  /** Operands up to the end of the statement or, where `equalsEnds`, a `=`; none where the statement ends at once. */
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

  /** The expression of the operand that is read, if it has one. */
  private found: Expression | null = null;

  private readonly operandChoice = (): void => {
    this.found = this.SUBRULE(this.expression);
  };

  private atOperandEnd(): boolean {
    const { tokenType, tokenTypeIdx } = this.LA(1);
    return tokenType === L.Comma || (tokenType === L.Equals && this.equalsEnds) || ENDS_STATEMENT[tokenTypeIdx] === 1;
  }

  /** Takes all that is left of an operand which is no expression. */
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

  /** True where a statement with operands ends. */
  protected atEnd(): boolean {
    return ENDS_STATEMENT[this.LA(1).tokenTypeIdx] === 1;
  }
}
