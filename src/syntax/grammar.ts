/** The grammar of statements, over lexemes. */
import type { IOrAlt, IToken, ParserMethod } from 'chevrotain';
import { directiveName, readDefine } from './directives.ts';
import { type DeferredPart, isGrammarError, type ParseContext, spelled } from './expression-grammar.ts';
import { Lexemes as L, type Lexeme } from './lexeme.ts';
import { NO_OPERANDS } from './operand-grammar.ts';
import { StatementLookahead } from './statement-lookahead.ts';
import type { Token } from './token.ts';
import type { CppDirective, Expression, Statement } from './tree.ts';

/** The node of the directive `tokens[first..last]`; the body of a `#define` is added to `pending`, to be parsed later. */
export function cppDirective(
  tokens: readonly Token[],
  first: number,
  last: number,
  pending: DeferredPart[],
): CppDirective {
  const name = directiveName(tokens, first, last);
  const head = name === 'define' ? readDefine(tokens, first, last) : null;
  if (head === null) return { kind: 'cpp', name, define: null, first, last };
  const body: Statement[] = [];
  if (head.bodyLast >= head.bodyFirst)
    pending.push({ of: 'tokens', from: head.bodyFirst, to: head.bodyLast, statements: body });
  return { kind: 'cpp', name, define: { ...head, body }, first, last };
}

/**
 * The parser of statements, one instance for the process; its actions build the nodes of tree.ts. An error is added to
 * `around.problems`, its statement is kept as `unparsed`, and parsing continues after it.
 */
export class Grammar extends StatementLookahead {
  /** The first token of the current statement, and its predicate. */
  private statementFirst = 0;
  private predicate: Expression | null = null;
  private outputs = NO_OPERANDS;
  private inputs = NO_OPERANDS;

  constructor(skipValidations = true) {
    super(skipValidations);
    this.performSelfAnalysis();
  }

  /** Parses the statements of `around.list[around.from..around.to]`. */
  readStatements(around: ParseContext): Statement[] {
    this.start(around);
    return this.statements();
  }

  /** Parses one expression, after which the input must end; null after an error. */
  readExpression(around: ParseContext): Expression | null {
    this.start(around);
    const expression = this.wholeExpression();
    const [left] = this.errors;
    // Only without an earlier error: this one says that text is left over.
    if (around.problems.length === 0 && left !== undefined) this.problem(left.message, left.token as Lexeme);
    return around.problems.length > 0 ? null : expression;
  }

  private readonly wholeExpression: ParserMethod<[], Expression | null> = this.RULE('wholeExpression', () => {
    try {
      return this.SUBRULE(this.expression);
    } catch (error) {
      if (!isGrammarError(error)) throw error;
      this.problem(error.message, error.token);
      this.seek(this.around.to - this.around.from);
      return null;
    }
  });

  readonly statements: ParserMethod<[], Statement[]> = this.RULE('statements', () => {
    const list: Statement[] = [];
    const one = () => {
      const statement = this.oneStatement();
      if (statement !== null) list.push(statement);
    };
    this.MANY(one);
    return list;
  });

  /** One statement; null for a separator. */
  private oneStatement(): Statement | null {
    const first = this.next();
    const position = this.position();
    try {
      this.statementFirst = first.first;
      this.predicate = null;
      this.depth = 0;
      this.operators = 0;
      return this.OR(this.statementChoices);
    } catch (error) {
      if (!isGrammarError(error)) throw error;
      return this.recover(error, first, position);
    }
  }

  private readonly statementChoices: IOrAlt<Statement | null>[] = [
    { ALT: () => this.SUBRULE(this.wordStatement) },
    { ALT: () => this.nothing(this.CONSUME(L.Newline)) },
    { ALT: () => this.leaf('stop', this.CONSUME(L.Stop)) },
    { ALT: () => this.nothing(this.CONSUME(L.Semicolon)) },
    { ALT: () => this.SUBRULE(this.predicated) },
    { ALT: () => this.SUBRULE(this.dotStatement) },
    { ALT: () => this.SUBRULE(this.cpp) },
    { ALT: () => this.SUBRULE(this.numericLabel) },
    { ALT: () => this.SUBRULE(this.bundleOpen) },
    { ALT: () => this.leaf('bundleClose', this.CONSUME(L.CloseBrace)) },
    { ALT: () => this.SUBRULE(this.tag) },
    { ALT: () => this.SUBRULE(this.quotedStatement) },
    { ALT: () => this.SUBRULE(this.hereStatement) },
    { ALT: () => this.leaf('unparsed', this.CONSUME(L.Foreign)) },
    { ALT: () => this.SUBRULE(this.unexpected) },
  ];

  private nothing(_separator: IToken): null {
    return null;
  }

  private leaf(kind: 'stop' | 'bundleClose' | 'unparsed', token: IToken): Statement {
    const { first, last } = token as Lexeme;
    return { kind, first, last };
  }

  /** `name: ...`, `name = e`, `NAME(args)`, or a mnemonic with operands. */
  private readonly wordStatement: ParserMethod<[], Statement> = this.RULE('wordStatement', () => {
    this.name = this.CONSUME(L.Word) as Lexeme;
    return this.OR(this.wordChoices);
  });

  private readonly wordChoices: IOrAlt<Statement>[] = [
    { GATE: () => this.predicate === null, ALT: () => this.SUBRULE(this.labelEnd) },
    { GATE: () => this.predicate === null && this.assigns(), ALT: () => this.SUBRULE(this.assignmentEnd) },
    { GATE: () => this.isMacroCall(), ALT: () => this.SUBRULE(this.macroCallEnd) },
    { ALT: () => this.instructionEnd(), IGNORE_AMBIGUITIES: true },
  ];

  private readonly labelEnd: ParserMethod<[], Statement> = this.RULE('labelEnd', (): Statement => {
    const { image: name, first } = this.name ?? this.next();
    this.CONSUME(L.Colon);
    let global = false;
    this.OPTION(() => {
      this.CONSUME2(L.Colon);
      global = true;
    });
    return { kind: 'label', name, global, first, last: this.lastConsumed() };
  });

  private readonly assignmentEnd: ParserMethod<[], Statement> = this.RULE('assignmentEnd', (): Statement => {
    const { image: name, first } = this.name ?? this.next();
    this.OR(this.assignChoices);
    this.equalsEnds = false;
    this.lenient = false;
    const value = this.SUBRULE(this.operand);
    return { kind: 'assignment', name, value, first, last: this.lastConsumed() };
  });

  /** `=` or `==`. */
  private readonly assignChoices: IOrAlt<IToken>[] = [
    { ALT: () => this.CONSUME(L.Equals) },
    { ALT: () => this.CONSUME(L.Operator) },
  ];

  private readonly macroCallEnd: ParserMethod<[], Statement> = this.RULE('macroCallEnd', (): Statement => {
    const { image: name } = this.name ?? this.next();
    const { predicate, statementFirst: first } = this;
    const args = this.SUBRULE(this.callArguments, { ARGS: [true] });
    return { kind: 'macroCall', predicate, name, args, first, last: this.lastConsumed() };
  });

  /** The part of `wordStatement` after the mnemonic of an instruction. */
  private instructionEnd(): Statement {
    const { image: mnemonic, first: mnemonicFirst, last: mnemonicLast } = this.name;
    const { predicate, statementFirst: first } = this;
    this.outputs = NO_OPERANDS;
    this.inputs = NO_OPERANDS;
    this.OPTION(this.instructionOperands);
    const { outputs, inputs } = this;
    const last = this.lastConsumed();
    return { kind: 'instruction', predicate, mnemonic, mnemonicFirst, mnemonicLast, outputs, inputs, first, last };
  }

  private readonly instructionOperands = {
    GATE: () => !this.atEnd() && !this.standsAlone(),
    DEF: () => {
      this.equalsEnds = true;
      this.lenient = this.ACTION(() => this.around.gasMacros.has(this.name.image));
      this.inputs = this.SUBRULE(this.operands);
      this.OPTION2(this.instructionInputs);
    },
  };

  private readonly instructionInputs = () => {
    this.CONSUME(L.Equals);
    this.outputs = this.inputs;
    this.equalsEnds = false;
    this.inputs = this.SUBRULE2(this.operands);
  };

  /** `(p6) mov ...`, `(pUStk) MACRO(...)`. */
  private readonly predicated: ParserMethod<[], Statement> = this.RULE('predicated', () => {
    const { first } = this.CONSUME(L.OpenParen) as Lexeme;
    const predicate = this.SUBRULE(this.expression);
    this.CONSUME(L.CloseParen);
    this.predicate = predicate;
    return this.OR<Statement>([
      { ALT: () => this.SUBRULE(this.wordStatement) },
      { ALT: () => this.ACTION(() => this.reject('expected an instruction behind the predicate', this.next(), first)) },
    ]);
  });

  /** `.L1:`, `.text`, `.foo = 3`. */
  private readonly dotStatement: ParserMethod<[], Statement> = this.RULE('dotStatement', () => {
    this.name = this.OR(this.dotNameChoices) as Lexeme;
    return this.OR2(this.dotChoices);
  });

  private readonly dotNameChoices: IOrAlt<IToken>[] = [
    { ALT: () => this.CONSUME(L.DotWord) },
    { ALT: () => this.CONSUME(L.Template) },
  ];

  private readonly dotChoices: IOrAlt<Statement>[] = [
    { ALT: () => this.SUBRULE(this.labelEnd) },
    { GATE: () => this.assigns(), ALT: () => this.SUBRULE(this.assignmentEnd) },
    { ALT: () => this.SUBRULE(this.directiveEnd), IGNORE_AMBIGUITIES: true },
  ];

  private readonly directiveEnd: ParserMethod<[], Statement> = this.RULE('directiveEnd', (): Statement => {
    const { image, first } = this.name ?? this.next();
    // The assembler reads directives in small letters; what begins so may be a label, as an argument of a macro.
    const name = this.ACTION(() => (image.startsWith('.L') ? image : image.toLowerCase()));
    this.equalsEnds = false;
    this.lenient = true;
    const args = this.SUBRULE(this.operands);
    this.ACTION(() => this.noteGasMacro(name, args));
    return { kind: 'directive', name, args, first, last: this.lastConsumed() };
  });

  /** `. = e` */
  private readonly hereStatement: ParserMethod<[], Statement> = this.RULE('hereStatement', () => {
    this.name = this.CONSUME(L.Here) as Lexeme;
    this.ACTION(() => {
      if (!this.assigns()) this.refuse(`expected \`=\`, found ${spelled(this.next())}`, this.next());
    });
    return this.SUBRULE(this.assignmentEnd);
  });

  private readonly numericLabel: ParserMethod<[], Statement> = this.RULE('numericLabel', () => {
    const number = this.CONSUME(L.Number) as Lexeme;
    this.name = number;
    return this.OR<Statement>([
      { ALT: () => this.SUBRULE(this.labelEnd) },
      {
        ALT: () =>
          this.ACTION(() =>
            this.reject(`unexpected ${spelled(number)} at the start of a statement`, number, number.first),
          ),
      },
    ]);
  });

  /** `"a name":`, `"a name" = e` */
  private readonly quotedStatement: ParserMethod<[], Statement> = this.RULE('quotedStatement', () => {
    const string = this.CONSUME(L.String) as Lexeme;
    this.name = string;
    return this.OR<Statement>([
      { ALT: () => this.SUBRULE(this.labelEnd) },
      { ALT: () => this.SUBRULE(this.assignmentEnd) },
      {
        ALT: () =>
          this.ACTION(() => this.reject('unexpected string at the start of a statement', string, string.first)),
      },
    ]);
  });

  /** `[1:]` */
  private readonly tag: ParserMethod<[], Statement> = this.RULE('tag', (): Statement => {
    const { first } = this.CONSUME(L.OpenBracket) as Lexeme;
    const { image: name } = this.OR([
      { ALT: () => this.CONSUME(L.Number) },
      { ALT: () => this.CONSUME(L.Word) },
      { ALT: () => this.CONSUME(L.DotWord) },
    ]);
    this.CONSUME(L.Colon);
    const { last } = this.CONSUME(L.CloseBracket) as Lexeme;
    return { kind: 'tag', name, first, last };
  });

  /** `{`, and the template on the same line or a later one. */
  private readonly bundleOpen: ParserMethod<[], Statement> = this.RULE('bundleOpen', (): Statement => {
    const { first } = this.CONSUME(L.OpenBrace) as Lexeme;
    let template: string | null = null;
    this.OPTION({
      GATE: () => this.templateFollows(),
      DEF: () => {
        this.MANY(() => this.OR([{ ALT: () => this.CONSUME(L.Newline) }, { ALT: () => this.CONSUME(L.Semicolon) }]));
        template = this.CONSUME(L.Template).image.slice(1);
      },
    });
    return { kind: 'bundleOpen', template, first, last: this.lastConsumed() };
  });

  private readonly cpp: ParserMethod<[], Statement> = this.RULE('cpp', () => {
    const { first, last } = this.CONSUME(L.Cpp) as Lexeme;
    return this.ACTION(() => cppDirective(this.around.tokens, first, last, this.around.pending));
  });

  /** A lexeme that cannot begin a statement: an error. */
  private readonly unexpected: ParserMethod<[], Statement> = this.RULE('unexpected', () => {
    const token = this.OR(this.unexpectedChoices) as Lexeme;
    return this.ACTION(() =>
      this.reject(`unexpected ${spelled(token)} at the start of a statement`, token, token.first),
    );
  });

  private readonly unexpectedChoices: IOrAlt<IToken>[] = [
    { ALT: () => this.CONSUME(L.Other) },
    { ALT: () => this.CONSUME(L.CloseParen) },
    { ALT: () => this.CONSUME(L.CloseBracket) },
    { ALT: () => this.CONSUME(L.Comma) },
    { ALT: () => this.CONSUME(L.Colon) },
    { ALT: () => this.CONSUME(L.Equals) },
    { ALT: () => this.CONSUME(L.Operator) },
    { ALT: () => this.CONSUME(L.AtWord) },
  ];

  private noteGasMacro(directive: string, args: readonly Expression[]): void {
    if (args.length === 0 || directive.toLowerCase() !== '.macro') return;
    this.around.gasMacros.add(this.around.tokens[args[0]!.first]!.text);
  }

  /** Reports an error, and keeps the rest of the statement as `unparsed`. */
  private reject(message: string, at: Lexeme, first: number): Statement {
    this.problem(message, at);
    while (!this.atEnd()) this.SKIP_TOKEN();
    return { kind: 'unparsed', first, last: this.lastConsumed() };
  }

  private recover(error: { message: string; token: Lexeme }, first: Lexeme, position: number): Statement {
    if (this.position() <= position) this.seek(position + 1);
    return this.reject(error.message, error.token, first.first);
  }
}
