/** The grammar of statements and expressions, over lexemes. */
import {
  EmbeddedActionsParser,
  type IParserErrorMessageProvider,
  type IToken,
  isRecognitionException,
  type ParserMethod,
  type TokenType,
  tokenLabel,
} from 'chevrotain';
import { directiveName, readDefine } from './directives.ts';
import { Lexemes as L, type Lexeme } from './lexeme.ts';
import { localReference, numberValue } from './number.ts';
import type { Token } from './token.ts';
import type { Expression, Instruction, MacroArgument, Statement } from './tree.ts';

/** An error as the grammar sees it: a message and the token range it is about. */
export interface SyntaxError {
  readonly message: string;
  readonly first: number;
  readonly last: number;
}

/** A part of the text that is parsed after the statements around it, so that nesting needs no recursion. */
export interface Pending {
  /** What to read: lexemes of the list at hand (a macro argument) or tokens (the body of a `#define`). */
  readonly of: 'lexemes' | 'tokens';
  readonly from: number;
  readonly to: number;
  /** Where the statements go. */
  readonly statements: Statement[];
}

/** What the grammar needs to know of the text around the lexemes it reads. */
export interface Surroundings {
  readonly tokens: readonly Token[];
  /** The whole lexeme list, and which part of it is read. */
  readonly list: readonly Lexeme[];
  readonly from: number;
  readonly to: number;
  /** Text as written, before cpp: a name may be a macro that stands for whole statements. */
  readonly raw: boolean;
  /** Names of gas macros: their operands may be anything. */
  readonly gasMacros: Set<string>;
  readonly pending: Pending[];
  readonly problems: SyntaxError[];
}

/** Nesting of parentheses and unary operators, and operators in one expression: far beyond any real text. */
const DEPTH_LIMIT = 200;
const OPERATOR_LIMIT = 1000;

/** gas's ranks (gas/expr.c, op_rank): unlike in C, `|` and `&` bind tighter than `+`. */
const RANK: Readonly<Record<string, number>> = {
  '*': 8,
  '/': 8,
  '%': 8,
  '<<': 8,
  '>>': 8,
  '|': 7,
  '^': 7,
  '&': 7,
  '!': 7,
  '+': 5,
  '-': 5,
  '==': 4,
  '!=': 4,
  '<>': 4,
  '<': 4,
  '>': 4,
  '<=': 4,
  '>=': 4,
  '&&': 3,
  '||': 2,
};

const ENDS_STATEMENT = new Set<TokenType>([L.Newline, L.Semicolon, L.Stop, L.OpenBrace, L.CloseBrace]);

const found = (token: IToken): string =>
  token.image === '' || token.image === '\n' || token.image === '\r\n' ? 'the end of the line' : `\`${token.image}\``;

const messages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, actual }) => `expected ${tokenLabel(expected)}, found ${found(actual)}`,
  buildNotAllInputParsedMessage: ({ firstRedundant }) => `unexpected ${found(firstRedundant)}`,
  buildNoViableAltMessage: ({ actual }) => `unexpected ${found(actual[0]!)}`,
  buildEarlyExitMessage: ({ actual }) => `unexpected ${found(actual[0]!)}`,
};

/**
 * One instance serves the whole process. `statements` and `wholeExpression` are the entries; actions build the nodes
 * of tree.ts. An error in a statement is noted, and reading goes on behind it.
 */
export class Grammar extends EmbeddedActionsParser {
  private around!: Surroundings;
  private depth = 0;
  private operators = 0;

  constructor(skipValidations = true) {
    super(Object.values(L), {
      skipValidations,
      maxLookahead: 1,
      recoveryEnabled: false,
      errorMessageProvider: messages,
    });
    this.performSelfAnalysis();
  }

  /** Reads the statements of `around.list[around.from..around.to]`. */
  readStatements(around: Surroundings): Statement[] {
    this.start(around);
    return this.statements();
  }

  /** Reads one expression that must be all there is; null after an error. */
  readExpression(around: Surroundings): Expression | null {
    this.start(around);
    const expression = this.wholeExpression() as Expression | undefined;
    for (const { message, token } of this.errors) this.problem(message, token as Lexeme);
    return this.errors.length > 0 ? null : (expression ?? null);
  }

  private start(around: Surroundings): void {
    this.around = around;
    const whole = around.from === 0 && around.to === around.list.length - 2;
    this.input = whole
      ? (around.list as Lexeme[])
      : [...around.list.slice(around.from, around.to + 1), around.list.at(-1)!];
    this.depth = 0;
    this.operators = 0;
  }

  private next(distance = 1): Lexeme {
    return this.LA(distance) as Lexeme;
  }

  /** True where a statement with operands ends. */
  private atEnd(): boolean {
    const type = this.LA(1).tokenType;
    return ENDS_STATEMENT.has(type) || type.name === 'EOF' || type === L.Cpp || type === L.Foreign;
  }

  private problem(message: string, at: Lexeme): void {
    this.around.problems.push({ message, first: at.first, last: at.last });
  }

  // ---- statements

  readonly statements: ParserMethod<[], Statement[]> = this.RULE('statements', () => {
    const list: Statement[] = [];
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(L.Newline) },
        { ALT: () => this.CONSUME(L.Semicolon) },
        {
          ALT: () => {
            const first = this.ACTION(() => this.next());
            const position = this.ACTION(() => this.position());
            try {
              list.push(this.SUBRULE(this.statement));
            } catch (error) {
              list.push(this.recover(error, first, position));
            }
          },
        },
        { ALT: () => list.push(this.SUBRULE(this.stray)) },
      ]);
    });
    return list;
  });

  private readonly statement: ParserMethod<[], Statement> = this.RULE('statement', () =>
    this.OR<Statement>([
      { ALT: () => this.SUBRULE(this.wordStatement, { ARGS: [null, -1] }) },
      {
        ALT: () => {
          const { first, last } = lexeme(this.CONSUME(L.Stop));
          return { kind: 'stop', first, last };
        },
      },
      { ALT: () => this.SUBRULE(this.predicated) },
      { ALT: () => this.SUBRULE(this.dotStatement) },
      { ALT: () => this.SUBRULE(this.numericLabel) },
      { ALT: () => this.SUBRULE(this.cpp) },
      { ALT: () => this.SUBRULE(this.bundleOpen) },
      {
        ALT: () => {
          const { first, last } = lexeme(this.CONSUME(L.CloseBrace));
          return { kind: 'bundleClose', first, last };
        },
      },
      { ALT: () => this.SUBRULE(this.tag) },
      { ALT: () => this.SUBRULE(this.quotedStatement) },
      { ALT: () => this.SUBRULE(this.hereStatement) },
      {
        ALT: () => {
          const { first, last } = lexeme(this.CONSUME(L.Foreign));
          return { kind: 'unparsed', first, last };
        },
      },
    ]),
  );

  /** `name: ...`, `name = e`, `NAME(args)`, or a mnemonic with operands. */
  private readonly wordStatement: ParserMethod<[Expression | null, number], Statement> = this.RULE(
    'wordStatement',
    (predicate: Expression | null, start: number) => {
      const word = lexeme(this.CONSUME(L.Word));
      const first = start < 0 ? word.first : start;
      return this.OR<Statement>([
        {
          GATE: () => predicate === null,
          ALT: () => this.SUBRULE(this.labelEnd, { ARGS: [word] }),
        },
        {
          GATE: () => predicate === null,
          ALT: () => this.SUBRULE(this.assignmentEnd, { ARGS: [word] }),
        },
        {
          GATE: () => this.isMacroCall(word),
          ALT: () => {
            const { args, last } = this.SUBRULE(this.callArguments, { ARGS: [true] });
            return { kind: 'macroCall', predicate, name: word.image, args, first, last };
          },
        },
        { ALT: () => this.SUBRULE(this.instructionEnd, { ARGS: [predicate, word, first] }), IGNORE_AMBIGUITIES: true },
      ]);
    },
  );

  private readonly labelEnd: ParserMethod<[Lexeme], Statement> = this.RULE('labelEnd', (name: Lexeme): Statement => {
    let last = lexeme(this.CONSUME(L.Colon));
    let global = false;
    this.OPTION(() => {
      last = lexeme(this.CONSUME2(L.Colon));
      global = true;
    });
    return this.ACTION(() => ({ kind: 'label', name: name.image, global, first: name.first, last: last.last }));
  });

  private readonly assignmentEnd: ParserMethod<[Lexeme], Statement> = this.RULE(
    'assignmentEnd',
    (name: Lexeme): Statement => {
      this.OR([{ ALT: () => this.CONSUME(L.Equals) }, { ALT: () => this.CONSUME(L.EqualEqual) }]);
      const value = this.SUBRULE(this.operand, { ARGS: [false] });
      return this.ACTION(() => ({
        kind: 'assignment',
        name: name.image,
        value,
        first: name.first,
        last: this.lastConsumed(),
      }));
    },
  );

  private readonly instructionEnd: ParserMethod<[Expression | null, Lexeme, number], Instruction> = this.RULE(
    'instructionEnd',
    (predicate: Expression | null, word: Lexeme, first: number): Instruction => {
      let outputs: readonly Expression[] = NOTHING;
      let inputs: readonly Expression[] = NOTHING;
      this.OPTION({
        GATE: () => !this.atEnd() && !this.standsAlone(word),
        DEF: () => {
          inputs = this.SUBRULE(this.operands, {
            ARGS: [true, this.ACTION(() => this.around.gasMacros.has(word.image))],
          });
          this.OPTION2(() => {
            this.CONSUME(L.Equals);
            outputs = inputs;
            inputs = NOTHING;
            this.OPTION3({
              GATE: () => !this.atEnd(),
              DEF: () => {
                inputs = this.SUBRULE2(this.operands, {
                  ARGS: [false, this.ACTION(() => this.around.gasMacros.has(word.image))],
                });
              },
            });
          });
        },
      });
      return this.ACTION(() => ({
        kind: 'instruction',
        predicate,
        mnemonic: word.image,
        mnemonicFirst: word.first,
        mnemonicLast: word.last,
        outputs,
        inputs,
        first,
        last: this.lastConsumed(),
      }));
    },
  );

  /** `(p6) mov ...`, `(pUStk) MACRO(...)`. */
  private readonly predicated: ParserMethod<[], Statement> = this.RULE('predicated', () => {
    const { first } = lexeme(this.CONSUME(L.OpenParen));
    const predicate = this.SUBRULE(this.expression, { ARGS: [0] });
    this.CONSUME(L.CloseParen);
    return this.SUBRULE(this.wordStatement, { ARGS: [predicate, first] });
  });

  /** `.L1:`, `.text`, `.foo = 3`. */
  private readonly dotStatement: ParserMethod<[], Statement> = this.RULE('dotStatement', () => {
    const name = this.OR([
      { ALT: () => lexeme(this.CONSUME(L.DotWord)) },
      { ALT: () => lexeme(this.CONSUME(L.Template)) },
    ]);
    return this.OR2<Statement>([
      { ALT: () => this.SUBRULE(this.labelEnd, { ARGS: [name] }) },
      { ALT: () => this.SUBRULE(this.assignmentEnd, { ARGS: [name] }) },
      {
        ALT: () => {
          let args: readonly Expression[] = NOTHING;
          this.OPTION({
            GATE: () => !this.atEnd(),
            DEF: () => {
              args = this.SUBRULE(this.operands, { ARGS: [false, true] });
            },
          });
          this.ACTION(() => this.noteGasMacro(name, args));
          return { kind: 'directive', name: name.image, args, first: name.first, last: this.lastConsumed() };
        },
      },
    ]);
  });

  /** `. = e` */
  private readonly hereStatement: ParserMethod<[], Statement> = this.RULE('hereStatement', () => {
    const here = lexeme(this.CONSUME(L.Here));
    return this.SUBRULE(this.assignmentEnd, { ARGS: [here] });
  });

  private readonly numericLabel: ParserMethod<[], Statement> = this.RULE('numericLabel', () => {
    const number = lexeme(this.CONSUME(L.Number));
    return this.SUBRULE(this.labelEnd, { ARGS: [number] });
  });

  /** `"a name":`, `"a name" = e` */
  private readonly quotedStatement: ParserMethod<[], Statement> = this.RULE('quotedStatement', () => {
    const name = lexeme(this.CONSUME(L.String));
    return this.OR<Statement>([
      { ALT: () => this.SUBRULE(this.labelEnd, { ARGS: [name] }) },
      { ALT: () => this.SUBRULE(this.assignmentEnd, { ARGS: [name] }) },
    ]);
  });

  /** `[1:]` */
  private readonly tag: ParserMethod<[], Statement> = this.RULE('tag', (): Statement => {
    const { first } = lexeme(this.CONSUME(L.OpenBracket));
    const name = this.OR([
      { ALT: () => this.CONSUME(L.Number) },
      { ALT: () => this.CONSUME(L.Word) },
      { ALT: () => this.CONSUME(L.DotWord) },
    ]);
    this.CONSUME(L.Colon);
    const { last } = lexeme(this.CONSUME(L.CloseBracket));
    return { kind: 'tag', name: name.image, first, last };
  });

  /** `{`, and the template on the same line or a later one. */
  private readonly bundleOpen: ParserMethod<[], Statement> = this.RULE('bundleOpen', (): Statement => {
    const brace = lexeme(this.CONSUME(L.OpenBrace));
    let template: Lexeme | null = null;
    this.OPTION({
      GATE: () => this.templateFollows(),
      DEF: () => {
        this.MANY(() => this.OR([{ ALT: () => this.CONSUME(L.Newline) }, { ALT: () => this.CONSUME(L.Semicolon) }]));
        template = lexeme(this.CONSUME(L.Template));
      },
    });
    const found = template as Lexeme | null;
    return {
      kind: 'bundleOpen',
      template: found === null ? null : found.image.slice(1),
      first: brace.first,
      last: (found ?? brace).last,
    };
  });

  private templateFollows(): boolean {
    let distance = 1;
    while (this.LA(distance).tokenType === L.Newline || this.LA(distance).tokenType === L.Semicolon) distance++;
    return this.LA(distance).tokenType === L.Template;
  }

  private readonly cpp: ParserMethod<[], Statement> = this.RULE('cpp', () => {
    const { first, last } = lexeme(this.CONSUME(L.Cpp));
    return this.ACTION((): Statement => {
      const { tokens, pending } = this.around;
      const name = directiveName(tokens, first, last);
      const head = name === 'define' ? readDefine(tokens, first, last) : null;
      if (head === null) return { kind: 'cpp', name, define: null, first, last };
      const body: Statement[] = [];
      if (head.bodyLast >= head.bodyFirst)
        pending.push({ of: 'tokens', from: head.bodyFirst, to: head.bodyLast, statements: body });
      return { kind: 'cpp', name, define: { ...head, body }, first, last };
    });
  });

  /** A lexeme that begins no statement. */
  private readonly stray: ParserMethod<[], Statement> = this.RULE('stray', (): Statement => {
    const token = this.OR([
      { ALT: () => this.CONSUME(L.Other) },
      { ALT: () => this.CONSUME(L.CloseParen) },
      { ALT: () => this.CONSUME(L.CloseBracket) },
      { ALT: () => this.CONSUME(L.Comma) },
      { ALT: () => this.CONSUME(L.Colon) },
      { ALT: () => this.CONSUME(L.Equals) },
      { ALT: () => this.CONSUME(L.EqualEqual) },
      { ALT: () => this.CONSUME(L.Operator) },
      { ALT: () => this.CONSUME(L.Sign) },
      { ALT: () => this.CONSUME(L.Tilde) },
      { ALT: () => this.CONSUME(L.AtWord) },
    ]);
    return this.ACTION(() => {
      this.problem(`unexpected ${found(token)} at the start of a statement`, token as Lexeme);
      this.skipStatement();
      return { kind: 'unparsed', first: lexeme(token).first, last: this.lastConsumed() };
    });
  });

  // ---- operands and expressions

  /** Operands up to the end of the statement or, where `equalsEnds`, a `=`. `lenient`: what is no expression is kept. */
  private readonly operands: ParserMethod<[boolean, boolean], Expression[]> = this.RULE(
    'operands',
    (equalsEnds: boolean, lenient: boolean) => {
      const list: Expression[] = [];
      list.push(this.SUBRULE(this.operand, { ARGS: [equalsEnds, lenient] }));
      this.MANY(() => {
        this.CONSUME(L.Comma);
        list.push(this.SUBRULE2(this.operand, { ARGS: [equalsEnds, lenient] }));
      });
      return list;
    },
  );

  private readonly operand: ParserMethod<[boolean, boolean?], Expression> = this.RULE(
    'operand',
    (equalsEnds: boolean, lenient = false) => {
      const start = this.ACTION(() => this.next());
      const position = this.ACTION(() => this.position());
      let expression: Expression | null = null;
      try {
        this.OR([
          {
            ALT: () => {
              expression = this.SUBRULE(this.expression, { ARGS: [0] });
            },
          },
          { ALT: () => EMPTY },
        ]);
      } catch (error) {
        if (!lenient || !isSyntaxError(error)) throw error;
        this.seek(position);
        expression = null;
      }
      return this.ACTION(() => this.wholeOperand(expression, start, equalsEnds, lenient));
    },
  );

  /** The expression if it reaches to the end of the operand; else all up to there, opaque. */
  private wholeOperand(
    expression: Expression | null,
    start: Lexeme,
    equalsEnds: boolean,
    lenient: boolean,
  ): Expression {
    let nesting = 0;
    let skipped = false;
    for (;;) {
      const { tokenType } = this.LA(1);
      if (this.atEnd()) break;
      if (nesting === 0 && (tokenType === L.Comma || (equalsEnds && tokenType === L.Equals))) break;
      if (tokenType === L.OpenParen) nesting++;
      else if (tokenType === L.CloseParen) {
        if (nesting === 0 && !lenient) this.problem('unexpected `)`', this.next());
        else if (nesting > 0) nesting--;
      } else if (tokenType === L.Other && !lenient) this.problem(`unexpected ${found(this.LA(1))}`, this.next());
      this.SKIP_TOKEN();
      skipped = true;
    }
    if (expression !== null && !skipped) return expression;
    return { kind: 'opaque', first: start.first, last: skipped ? this.lastConsumed() : start.first - 1 };
  }

  readonly wholeExpression: ParserMethod<[], Expression> = this.RULE('wholeExpression', () =>
    this.SUBRULE(this.expression, { ARGS: [0] }),
  );

  /** Precedence climbing: operators that bind tighter than `rank`. */
  private readonly expression: ParserMethod<[number], Expression> = this.RULE('expression', (rank: number) => {
    let left = this.SUBRULE(this.primary);
    this.MANY({
      GATE: () => (RANK[this.LA(1).image] ?? 0) > rank,
      DEF: () => {
        const operator = this.OR([
          { ALT: () => this.CONSUME(L.Sign) },
          { ALT: () => this.CONSUME(L.Operator) },
          { ALT: () => this.CONSUME(L.EqualEqual) },
        ]);
        const right = this.SUBRULE(this.expression, { ARGS: [RANK[operator.image] ?? 0] });
        left = this.ACTION((): Expression => {
          if (++this.operators > OPERATOR_LIMIT) this.refuse('the expression is too long', operator as Lexeme);
          return { kind: 'binary', operator: operator.image, left, right, first: left.first, last: right.last };
        });
      },
    });
    return left;
  });

  private readonly primary: ParserMethod<[], Expression> = this.RULE('primary', () =>
    this.OR<Expression>([
      { ALT: () => this.SUBRULE(this.nameExpression) },
      { ALT: () => this.ACTION2Number(this.CONSUME(L.Number)) },
      { ALT: () => this.SUBRULE(this.memory) },
      {
        ALT: () => {
          const { image: text, first, last } = lexeme(this.CONSUME(L.String));
          return { kind: 'string', text, first, last };
        },
      },
      {
        ALT: () => {
          const { first, last } = lexeme(this.CONSUME(L.Here));
          return { kind: 'here', first, last };
        },
      },
      { ALT: () => this.SUBRULE(this.relocation) },
      { ALT: () => this.SUBRULE(this.group) },
      { ALT: () => this.SUBRULE(this.unary) },
    ]),
  );

  private ACTION2Number(token: IToken): Expression {
    const { image: text, first, last } = token as Lexeme;
    const value = numberValue(text);
    if (value !== null) return { kind: 'number', text, value, first, last };
    const local = localReference(text);
    return local === null ? { kind: 'opaque', first, last } : { kind: 'local', ...local, first, last };
  }

  /** `r8`, `rr[r3]`, `IA64_KR(CURRENT)`. */
  private readonly nameExpression: ParserMethod<[], Expression> = this.RULE('nameExpression', () => {
    const {
      image: name,
      first,
      last,
    } = this.OR([
      { ALT: () => lexeme(this.CONSUME(L.Word)) },
      { ALT: () => lexeme(this.CONSUME(L.DotWord)) },
      { ALT: () => lexeme(this.CONSUME(L.Template)) },
    ]);
    let expression: Expression = { kind: 'name', name, first, last };
    this.OPTION(() => {
      this.OR2([
        {
          ALT: () => {
            this.CONSUME(L.OpenBracket);
            const index = this.SUBRULE(this.nested);
            expression = { kind: 'indexed', name, index, first, last: lexeme(this.CONSUME(L.CloseBracket)).last };
          },
        },
        {
          ALT: () => {
            const call = this.SUBRULE(this.callArguments, { ARGS: [false] });
            expression = { kind: 'call', name, args: call.args, first, last: call.last };
          },
        },
      ]);
    });
    return expression;
  });

  /** `@gprel(x)`, `@nat` */
  private readonly relocation: ParserMethod<[], Expression> = this.RULE('relocation', (): Expression => {
    const word = lexeme(this.CONSUME(L.AtWord));
    let argument: Expression | null = null;
    let last = word.last;
    this.OPTION(() => {
      this.CONSUME(L.OpenParen);
      argument = this.SUBRULE(this.nested);
      last = lexeme(this.CONSUME(L.CloseParen)).last;
    });
    return { kind: 'relocation', name: word.image.slice(1), argument, first: word.first, last };
  });

  private readonly memory: ParserMethod<[], Expression> = this.RULE('memory', (): Expression => {
    const { first } = lexeme(this.CONSUME(L.OpenBracket));
    const address = this.SUBRULE(this.nested);
    return { kind: 'memory', address, first, last: lexeme(this.CONSUME(L.CloseBracket)).last };
  });

  private readonly group: ParserMethod<[], Expression> = this.RULE('group', (): Expression => {
    const { first } = lexeme(this.CONSUME(L.OpenParen));
    const inner = this.SUBRULE(this.nested);
    return { kind: 'group', inner, first, last: lexeme(this.CONSUME(L.CloseParen)).last };
  });

  private readonly unary: ParserMethod<[], Expression> = this.RULE('unary', (): Expression => {
    const operator = this.OR([
      { ALT: () => lexeme(this.CONSUME(L.Sign)) },
      { ALT: () => lexeme(this.CONSUME(L.Tilde)) },
    ]);
    this.ACTION(() => this.enter(operator));
    const operand = this.SUBRULE(this.primary);
    this.ACTION(() => this.depth--);
    return { kind: 'unary', operator: operator.image, operand, first: operator.first, last: operand.last };
  });

  /** An expression inside brackets. */
  private readonly nested: ParserMethod<[], Expression> = this.RULE('nested', () => {
    this.ACTION(() => this.enter(this.next()));
    const inner = this.SUBRULE(this.expression, { ARGS: [0] });
    this.ACTION(() => this.depth--);
    return inner;
  });

  private enter(at: Lexeme): void {
    if (++this.depth > DEPTH_LIMIT) this.refuse('the expression is nested too deeply', at);
  }

  // ---- macro calls

  /** `(a, b c, )`: split as cpp does; every argument of a statement is read as statements later. */
  private readonly callArguments: ParserMethod<[boolean], { args: MacroArgument[]; last: number }> = this.RULE(
    'callArguments',
    (asStatements: boolean) => {
      const open = lexeme(this.CONSUME(L.OpenParen));
      const args = this.ACTION(() => this.takeArguments(open, asStatements));
      return { args, last: lexeme(this.CONSUME(L.CloseParen)).last };
    },
  );

  private takeArguments(open: Lexeme, asStatements: boolean): MacroArgument[] {
    const { list, to, pending } = this.around;
    const from = this.position() + this.around.from;
    const close = open.match;
    if (close < 0 || close > to) this.refuse('the parenthesis is not closed', open);
    const args: MacroArgument[] = [];
    let start = from + 1;
    for (let at = start; at <= close; at++) {
      const lexeme = list[at]!;
      if (lexeme.tokenType === L.OpenParen && lexeme.match > 0) at = lexeme.match;
      else if (at === close || lexeme.tokenType === L.Comma) {
        let first = start;
        let last = at - 1;
        while (first <= last && list[first]!.tokenType === L.Newline) first++;
        while (last >= first && list[last]!.tokenType === L.Newline) last--;
        const statements: Statement[] = [];
        if (last < first) args.push({ first: list[at]!.first, last: list[at]!.first - 1, statements });
        else {
          args.push({ first: list[first]!.first, last: list[last]!.last, statements });
          if (asStatements) pending.push({ of: 'lexemes', from: first, to: last, statements });
        }
        start = at + 1;
      }
    }
    this.seek(close - this.around.from - 1);
    return args.length === 1 && args[0]!.last < args[0]!.first ? [] : args;
  }

  /** In raw text `NAME(` is a macro; with a blank between only where the name is spelled like one. */
  private isMacroCall(word: Lexeme): boolean {
    const open = this.next();
    if (open.tokenType !== L.OpenParen || word.image.includes('.')) return false;
    if (!open.spaceBefore) return true;
    return this.around.raw && !open.spliceBefore && isUpperCase(word.image) && open.match >= 0;
  }

  /**
   * In raw text a name may be a macro without arguments that stands for whole statements, and the next statement may
   * follow without a separator: at the start of the next spliced line, or as `NAME mov r1=r2` on the same one.
   */
  private standsAlone(word: Lexeme): boolean {
    if (!this.around.raw || word.last !== word.first) return false;
    const next = this.next();
    if (next.spliceBefore)
      return next.tokenType === L.Word || next.tokenType === L.OpenParen || next.tokenType === L.DotWord;
    return isUpperCase(word.image) && next.tokenType === L.Word && this.next(2).tokenType === L.Word;
  }

  private noteGasMacro(directive: Lexeme, args: readonly Expression[]): void {
    if (directive.image.toLowerCase() !== '.macro' || args.length === 0) return;
    const name = this.around.tokens[args[0]!.first];
    if (name !== undefined) this.around.gasMacros.add(name.text);
  }

  // ---- errors

  private refuse(message: string, at: Lexeme): never {
    throw new Refusal(message, at);
  }

  private recover(error: unknown, first: Lexeme, position: number): Statement {
    if (!isSyntaxError(error)) throw error;
    this.depth = 0;
    this.operators = 0;
    const token = error.token as Lexeme;
    this.problem(error.message, token.tokenType.name === 'EOF' && token.first === undefined ? first : token);
    if (this.position() <= position) this.seek(position + 1);
    this.skipStatement();
    return { kind: 'unparsed', first: first.first, last: this.lastConsumed() };
  }

  private skipStatement(): void {
    while (!this.atEnd()) this.SKIP_TOKEN();
  }

  /** Token index of the end of what was read. */
  private lastConsumed(): number {
    return (this.LA(0) as Lexeme).last;
  }

  private position(): number {
    return (this as unknown as LexerState).exportLexerState();
  }

  private seek(position: number): void {
    (this as unknown as LexerState).importLexerState(position);
  }
}

/** Part of chevrotain's parser that its type declarations leave out. */
interface LexerState {
  exportLexerState(): number;
  importLexerState(position: number): void;
}

const NOTHING: readonly Expression[] = [];
const EMPTY = null;

/** An error that the grammar finds by itself, of the shape of chevrotain's. */
class Refusal extends Error {
  constructor(
    message: string,
    readonly token: Lexeme,
  ) {
    super(message);
    this.name = 'Refusal';
  }
}

function isSyntaxError(error: unknown): error is { message: string; token: IToken } {
  return error instanceof Refusal || (error instanceof Error && isRecognitionException(error));
}

function lexeme(token: IToken): Lexeme {
  return token as Lexeme;
}

function isUpperCase(name: string): boolean {
  return name === name.toUpperCase();
}
