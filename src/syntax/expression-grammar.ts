/** The grammar of operands: expressions in gas's dialect for IA-64, over lexemes. */
import {
  EmbeddedActionsParser,
  type IOrAlt,
  type IParserErrorMessageProvider,
  type IToken,
  isRecognitionException,
  type ParserMethod,
  tokenLabel,
} from 'chevrotain';
import { Lexemes as L, type Lexeme, withoutNewlines } from './lexeme.ts';
import { numberExpression } from './number.ts';
import type { Token } from './token.ts';
import type { Expression, MacroArgument, Statement } from './tree.ts';
import { isClosed } from './word.ts';

/** A syntax error: a message and the token range it is about. */
export interface Problem {
  readonly message: string;
  readonly first: number;
  readonly last: number;
}

/** A part of the text that is parsed after the statements around it, so that nested parts need no recursion. */
export interface DeferredPart {
  /** The unit of the range to parse: lexemes of the current list (a macro argument) or tokens (the body of a `#define`). */
  readonly of: 'lexemes' | 'tokens';
  readonly from: number;
  readonly to: number;
  /** Receives the parsed statements. */
  readonly statements: Statement[];
}

/** The input of one parse: lexemes, and properties of the text that they come from. */
export interface ParseContext {
  readonly tokens: readonly Token[];
  /** The whole lexeme list, and the range of it to parse, both ends inclusive. */
  readonly list: readonly Lexeme[];
  readonly from: number;
  readonly to: number;
  /** True for text before preprocessing, in which a name may be a macro that stands for whole statements. */
  readonly raw: boolean;
  /** Names of gas macros, whose operands may be anything. */
  readonly gasMacros: Set<string>;
  readonly pending: DeferredPart[];
  readonly problems: Problem[];
}

/** Most nested brackets and unary operators, and most operators in one statement; no real text comes near. */
const DEPTH_LIMIT = 200;
const OPERATOR_LIMIT = 1000;

/** gas's ranks (gas/expr.c, op_rank). Unlike C: `|`, `^` and `&` are equal, and bind tighter than `+`. */
const RANK: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ...{ '*': 8, '/': 8, '%': 8, '<<': 8, '>>': 8 },
    ...{ '|': 7, '^': 7, '&': 7, '!': 7 },
    ...{ '+': 5, '-': 5 },
    ...{ '==': 4, '!=': 4, '<>': 4, '<': 4, '>': 4, '<=': 4, '>=': 4 },
    ...{ '&&': 3, '||': 2 },
  }),
);
const UNARY = new Set(['-', '+', '~', '!']);

/** Part of chevrotain's parser that its type declarations leave out. */
interface LexerState {
  exportLexerState(): number;
  importLexerState(position: number): void;
}

/** An error raised by our own grammar actions. It has the shape of chevrotain's errors, but records no stack, which is slow. */
class Refusal {
  constructor(
    readonly message: string,
    readonly token: Lexeme,
  ) {}
}

export function isGrammarError(error: unknown): error is { message: string; token: Lexeme } {
  return error instanceof Refusal || (error instanceof Error && isRecognitionException(error));
}

/** A lexeme as error messages spell it. */
export function spelled(token: IToken): string {
  return token.image === '' || token.image.endsWith('\n') ? 'the end of the line' : `\`${token.image}\``;
}

const messages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, actual }) => `expected ${tokenLabel(expected)}, found ${spelled(actual)}`,
  buildNotAllInputParsedMessage: ({ firstRedundant }) => `unexpected ${spelled(firstRedundant)}`,
  buildNoViableAltMessage: ({ actual }) => `unexpected ${spelled(actual[0]!)}`,
  buildEarlyExitMessage: ({ actual }) => `unexpected ${spelled(actual[0]!)}`,
};

/**
 * Lists of alternatives are made once for a parser (fields named `...Choices`), not at every use, as chevrotain's
 * documentation advises: they are most of what a parser of this kind allocates.
 */
export class ExpressionGrammar extends EmbeddedActionsParser {
  protected around!: ParseContext;
  protected depth = 0;
  protected operators = 0;

  constructor(skipValidations: boolean) {
    super(Object.values(L), {
      skipValidations,
      maxLookahead: 1,
      recoveryEnabled: false,
      errorMessageProvider: messages,
    });
  }

  protected start(around: ParseContext): void {
    const { list, from, to } = around;
    this.around = around;
    const whole = from === 0 && to === list.length - 2;
    // chevrotain expects EOF as the last token; every lexeme list ends with it.
    let input = list as Lexeme[];
    if (!whole) {
      input = list.slice(from, to + 1);
      input.push(list[list.length - 1]!);
    }
    this.input = input;
    this.depth = 0;
    this.operators = 0;
  }

  /** Primaries with operators between them. The tree is built by rank when all are read. */
  protected readonly expression: ParserMethod<[], Expression> = this.RULE('expression', (): Expression => {
    let left: Expression | null = null;
    let operators: Lexeme[] | null = null;
    let operands: Expression[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: L.Operator,
      DEF: () => {
        const operator = this.LA(0) as Lexeme;
        const operand = this.OR(this.primaryChoices);
        if (left === null) left = operand;
        else if (operators === null) {
          operators = [operator];
          operands = [left, operand];
        } else {
          operators.push(operator);
          operands.push(operand);
        }
      },
    });
    return operators === null ? left! : this.ACTION(() => this.fold(operands, operators!));
  });

  /** Builds the tree of `a + b * c ...`: operators of one rank group from the left. */
  private fold(operands: Expression[], operators: readonly Lexeme[]): Expression {
    this.operators += operators.length;
    if (this.operators > OPERATOR_LIMIT) this.refuse('the expression is too long', operators[0]!);
    const waiting: Lexeme[] = [];
    const done: Expression[] = [operands[0]!];
    const reduce = (rank: number) => {
      while (waiting.length > 0 && RANK.get(waiting.at(-1)!.image)! >= rank) {
        const right = done.pop()!;
        const left = done.pop()!;
        done.push({ kind: 'binary', operator: waiting.pop()!.image, left, right, first: left.first, last: right.last });
      }
    };
    for (const [index, operator] of operators.entries()) {
      const rank = RANK.get(operator.image);
      if (rank === undefined) this.refuse(`unexpected ${spelled(operator)}`, operator);
      reduce(rank);
      waiting.push(operator);
      done.push(operands[index + 1]!);
    }
    reduce(0);
    return done[0]!;
  }

  private readonly primaryChoices: IOrAlt<Expression>[] = [
    { ALT: () => this.nameExpression(this.CONSUME(L.Word) as Lexeme) },
    { ALT: () => this.numberConstant(this.CONSUME(L.Number) as Lexeme) },
    { ALT: () => this.SUBRULE(this.memory) },
    { ALT: () => plainName(this.CONSUME(L.DotWord) as Lexeme) },
    { ALT: () => this.stringExpression(this.CONSUME(L.String) as Lexeme) },
    {
      ALT: () => {
        const { first, last } = this.CONSUME(L.Here) as Lexeme;
        return { kind: 'here', first, last };
      },
    },
    { ALT: () => this.SUBRULE(this.relocation) },
    { ALT: () => plainName(this.CONSUME(L.Template) as Lexeme) },
    { ALT: () => this.SUBRULE(this.group) },
    { ALT: () => this.SUBRULE(this.unary) },
    // The last alternative consumes nothing: the lexeme there begins no expression.
    { ALT: () => this.ACTION(() => this.refuse(`unexpected ${spelled(this.next())}`, this.next())) },
  ];

  private numberConstant({ image, first, last }: Lexeme): Expression {
    return numberExpression(image, first, last);
  }

  private stringExpression(string: Lexeme): Expression {
    const { image: text, first, last } = string;
    if (!isClosed(text)) this.problem('the string is not closed', string);
    return { kind: 'string', text, first, last };
  }

  /** `r8`, `rr[r3]`, `IA64_KR(CURRENT)`. */
  private nameExpression(word: Lexeme): Expression {
    return this.OR2(this.suffixChoices) ?? plainName(word);
  }

  private readonly suffixChoices: IOrAlt<Expression | null>[] = [
    { ALT: () => this.SUBRULE(this.indexSuffix) },
    { ALT: () => this.SUBRULE(this.callSuffix) },
    { ALT: () => null },
  ];

  private readonly indexSuffix: ParserMethod<[], Expression> = this.RULE('indexSuffix', (): Expression => {
    const { image: name, first } = this.LA(0) as Lexeme;
    this.CONSUME(L.OpenBracket);
    const index = this.SUBRULE(this.nested);
    return { kind: 'indexed', name, index, first, last: (this.CONSUME(L.CloseBracket) as Lexeme).last };
  });

  private readonly callSuffix: ParserMethod<[], Expression> = this.RULE('callSuffix', (): Expression => {
    const { image: name, first } = this.LA(0) as Lexeme;
    const args = this.SUBRULE(this.callArguments, { ARGS: [false] });
    return { kind: 'call', name, args, first, last: this.lastConsumed() };
  });

  /** `@gprel(x)`, `@nat` */
  private readonly relocation: ParserMethod<[], Expression> = this.RULE('relocation', (): Expression => {
    const word = this.CONSUME(L.AtWord) as Lexeme;
    let argument: Expression | null = null;
    this.OPTION(() => {
      this.CONSUME(L.OpenParen);
      argument = this.SUBRULE(this.nested);
      this.CONSUME(L.CloseParen);
    });
    return { kind: 'relocation', name: word.image.slice(1), argument, first: word.first, last: this.lastConsumed() };
  });

  private readonly memory: ParserMethod<[], Expression> = this.RULE('memory', (): Expression => {
    const { first } = this.CONSUME(L.OpenBracket) as Lexeme;
    const address = this.SUBRULE(this.nested);
    return { kind: 'memory', address, first, last: (this.CONSUME(L.CloseBracket) as Lexeme).last };
  });

  private readonly group: ParserMethod<[], Expression> = this.RULE('group', (): Expression => {
    const { first } = this.CONSUME(L.OpenParen) as Lexeme;
    const inner = this.SUBRULE(this.nested);
    return { kind: 'group', inner, first, last: (this.CONSUME(L.CloseParen) as Lexeme).last };
  });

  private readonly unary: ParserMethod<[], Expression> = this.RULE('unary', (): Expression => {
    const operator = this.CONSUME(L.Operator) as Lexeme;
    this.ACTION(() => {
      if (!UNARY.has(operator.image)) this.refuse(`unexpected ${spelled(operator)}`, operator);
      this.enter(operator);
    });
    const operand = this.OR(this.primaryChoices);
    this.ACTION(() => this.depth--);
    return { kind: 'unary', operator: operator.image, operand, first: operator.first, last: operand.last };
  });

  /** An expression inside brackets. */
  private readonly nested: ParserMethod<[], Expression> = this.RULE('nested', (): Expression => {
    this.ACTION(() => this.enter(this.next()));
    const inner = this.SUBRULE(this.expression);
    this.ACTION(() => this.depth--);
    return inner;
  });

  private enter(at: Lexeme): void {
    if (++this.depth > DEPTH_LIMIT) this.refuse('the expression is nested too deeply', at);
  }

  /** `(a, b c, )`: split as cpp does. The arguments of a statement are read as statements later. */
  protected readonly callArguments: ParserMethod<[boolean], MacroArgument[]> = this.RULE(
    'callArguments',
    (asStatements: boolean) => {
      const open = this.CONSUME(L.OpenParen) as Lexeme;
      const args = this.ACTION(() => this.takeArguments(open, asStatements));
      this.CONSUME(L.CloseParen);
      return args;
    },
  );

  /** Reads up to the closing parenthesis, not with it. */
  private takeArguments(open: Lexeme, asStatements: boolean): MacroArgument[] {
    const { list, from, to, pending } = this.around;
    const close = open.match;
    if (close < 0 || close > to) this.refuse('the parenthesis is not closed', open);
    const args: MacroArgument[] = [];
    let start = this.position() + from + 1;
    for (let at = start; at <= close; at++) {
      const { tokenType, match } = list[at]!;
      if (tokenType === L.OpenParen && match > at) at = match;
      else if (at === close || tokenType === L.Comma) {
        const range = withoutNewlines(list, start, at - 1);
        const statements: Statement[] = [];
        const empty = range.to < range.from;
        args.push(
          empty
            ? { first: list[at]!.first, last: list[at]!.first - 1, statements }
            : { first: list[range.from]!.first, last: list[range.to]!.last, statements },
        );
        if (asStatements && !empty) pending.push({ of: 'lexemes', ...range, statements });
        start = at + 1;
      }
    }
    this.seek(close - from - 1);
    return args.length === 1 && args[0]!.last < args[0]!.first ? [] : args;
  }

  // ---- access to chevrotain's position in the input

  protected next(distance = 1): Lexeme {
    return this.LA(distance) as Lexeme;
  }

  /** Index of the last token that was consumed. */
  protected lastConsumed(): number {
    return (this.LA(0) as Lexeme).last;
  }

  protected position(): number {
    return (this as unknown as LexerState).exportLexerState();
  }

  protected seek(position: number): void {
    (this as unknown as LexerState).importLexerState(position);
  }

  protected problem(message: string, { first, last }: Lexeme): void {
    this.around?.problems.push({ message, first, last });
  }

  protected refuse(message: string, at: Lexeme): never {
    throw new Refusal(message, at);
  }
}

function plainName({ image: name, first, last }: Lexeme): Expression {
  return { kind: 'name', name, first, last };
}
