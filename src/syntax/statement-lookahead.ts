/** The lookahead of the grammar of statements where one lexeme does not decide. */
import type { IToken } from 'chevrotain';
import { Lexemes as L, type Lexeme } from './lexeme.ts';
import { takesOneOperand } from './one-operand.ts';
import { atStatementEnd, OperandGrammar } from './operand-grammar.ts';
import { isUpperCase } from './word.ts';

export abstract class StatementLookahead extends OperandGrammar {
  /** The name that begins the current statement. */
  protected name!: Lexeme;

  protected assigns(): boolean {
    const { image } = this.LA(1);
    return image === '=' || image === '==';
  }

  protected templateFollows(): boolean {
    let distance = 1;
    while (this.next(distance).tokenType === L.Newline || this.next(distance).tokenType === L.Semicolon) distance++;
    return this.next(distance).tokenType === L.Template;
  }

  /**
   * `NAME(` is a macro call; with a blank between in raw text where the name is spelled like a macro's, and anywhere if
   * `name (a, b)` can be nothing else: a macro of a header that is not there. What is in parentheses at the start of a spliced
   * line may also be the predicate of a statement.
   */
  protected isMacroCall(): boolean {
    const open = this.next();
    const { image } = this.name;
    if (open.tokenType !== L.OpenParen || image.includes('.')) return false;
    if (open.spliceBefore) return this.around.raw && (this.holdsList(open) || this.endsBehind(open.match));
    if (!open.spaceBefore) return true;
    if (open.match < 0) return false;
    return (this.around.raw && isUpperCase(image)) || (!this.around.gasMacros.has(image) && this.holdsList(open));
  }

  /** Whether a statement ends behind a lexeme of the list. */
  private endsBehind(at: number): boolean {
    if (at < 0) return false;
    const { list, to } = this.around;
    return at >= to || atStatementEnd(list[at + 1]!);
  }

  /** Whether there is a comma directly within the parentheses. */
  private holdsList({ match: close }: Lexeme): boolean {
    const { list, from, to } = this.around;
    if (close > to) return false;
    for (let at = this.position() + from + 2; at < close; at++) {
      const { tokenType, match } = list[at]!;
      if (tokenType === L.Comma) return true;
      if (tokenType === L.OpenParen && match > at) at = match;
    }
    return false;
  }

  /**
   * In raw text a name may be a macro without arguments that stands for whole statements, and the next statement may
   * follow without a separator: at the start of the next spliced line, or as `NAME mov r1=r2` on the same one. Operands, `r1=`,
   * `p6,` or `psr.ic|`, start no statement, nor does the one word that `ssm` has: the name in the line before is a mnemonic.
   */
  protected standsAlone(): boolean {
    const { single, image } = this.name;
    if (!this.around.raw || !single) return false;
    const { spliceBefore, tokenType } = this.next();
    const behind = this.next(2);
    if (
      spliceBefore &&
      !isUpperCase(image) &&
      (goesOnWith(behind) || (takesOneOperand(image) && atStatementEnd(behind)))
    )
      return false;
    if (spliceBefore) return tokenType === L.Word || tokenType === L.OpenParen || tokenType === L.DotWord;
    return tokenType === L.Word && isUpperCase(image) && this.next(2).tokenType === L.Word;
  }
}

/** Whether what stands behind a word at the start of a line makes it a part of an operand: `r1=`, `p6,`, `psr.ic|`. */
function goesOnWith({ tokenType, image }: IToken): boolean {
  return tokenType === L.Equals || tokenType === L.Comma || (tokenType === L.Operator && image !== '==');
}
