/**
 * Statements made after a model: those of a text of the same shape, read before. Where a statement has indices of tokens, a
 * model has numbers of units (shape.ts); its texts are those of another text.
 */
import { numberExpression } from './number.ts';
import { units } from './shape.ts';
import type { Token } from './token.ts';
import type { Expression, MacroArgument, Statement } from './tree.ts';
import { spelling } from './word.ts';

/** Adds the statements of the piece that was found last. */
export function addAfterModels(models: readonly Statement[], tokens: readonly Token[], statements: Statement[]): void {
  for (let at = 0; at < models.length; at++) statements.push(statementAfter(models[at]!, tokens));
}

/** Words and other units as the grammar sees them. */
function image(tokens: readonly Token[], unit: number): string {
  const first = units.first[unit]!;
  const last = units.last[unit]!;
  return first === last ? tokens[first]!.text : spelling(tokens, first, last);
}

function statementAfter(model: Statement, tokens: readonly Token[]): Statement {
  const first = units.first[model.first]!;
  const last = units.last[model.last]!;
  switch (model.kind) {
    case 'instruction':
      return {
        kind: 'instruction',
        predicate: model.predicate && expressionAfter(model.predicate, tokens),
        mnemonic: image(tokens, model.mnemonicFirst),
        mnemonicFirst: units.first[model.mnemonicFirst]!,
        mnemonicLast: units.last[model.mnemonicLast]!,
        outputs: expressionsAfter(model.outputs, tokens),
        inputs: expressionsAfter(model.inputs, tokens),
        first,
        last,
      };
    case 'directive':
      return {
        kind: 'directive',
        name: image(tokens, model.first),
        args: expressionsAfter(model.args, tokens),
        first,
        last,
      };
    case 'label':
      return { kind: 'label', name: image(tokens, model.first), global: model.global, first, last };
    case 'assignment':
      return {
        kind: 'assignment',
        name: image(tokens, model.first),
        value: expressionAfter(model.value, tokens),
        first,
        last,
      };
    case 'macroCall':
      return {
        kind: 'macroCall',
        predicate: model.predicate && expressionAfter(model.predicate, tokens),
        // Behind the parenthesis of the predicate.
        name: image(tokens, model.predicate === null ? model.first : model.predicate.last + 2),
        args: argumentsAfter(model.args, tokens),
        first,
        last,
      };
    case 'tag':
      return { kind: 'tag', name: image(tokens, model.first + 1), first, last };
    case 'bundleOpen':
      return { kind: 'bundleOpen', template: model.template && image(tokens, model.last).slice(1), first, last };
    case 'stop':
    case 'bundleClose':
    case 'unparsed':
      return { kind: model.kind, first, last };
    case 'cpp':
      throw new Error('a directive of cpp has no shape');
  }
}

function expressionsAfter(models: readonly Expression[], tokens: readonly Token[]): readonly Expression[] {
  return models.length === 0 ? models : models.map((model) => expressionAfter(model, tokens));
}

function expressionAfter(model: Expression, tokens: readonly Token[]): Expression {
  const first = units.first[model.first]!;
  const last = units.last[model.last]!;
  switch (model.kind) {
    case 'name':
      return { kind: 'name', name: image(tokens, model.first), first, last };
    case 'number':
    case 'local':
      return numberExpression(tokens[first]!.text, first, last);
    case 'string':
      return { kind: 'string', text: tokens[first]!.text, first, last };
    case 'here':
      return { kind: 'here', first, last };
    case 'unary':
      return { kind: 'unary', operator: model.operator, operand: expressionAfter(model.operand, tokens), first, last };
    case 'binary': {
      const { operator, left, right } = model;
      return {
        kind: 'binary',
        operator,
        left: expressionAfter(left, tokens),
        right: expressionAfter(right, tokens),
        first,
        last,
      };
    }
    case 'group':
      return { kind: 'group', inner: expressionAfter(model.inner, tokens), first, last };
    case 'memory':
      return { kind: 'memory', address: expressionAfter(model.address, tokens), first, last };
    case 'indexed':
      return {
        kind: 'indexed',
        name: image(tokens, model.first),
        index: expressionAfter(model.index, tokens),
        first,
        last,
      };
    case 'call':
      return { kind: 'call', name: image(tokens, model.first), args: argumentsAfter(model.args, tokens), first, last };
    case 'relocation':
      return {
        kind: 'relocation',
        name: image(tokens, model.first).slice(1),
        argument: model.argument && expressionAfter(model.argument, tokens),
        first,
        last,
      };
    case 'opaque':
      // An empty operand stands behind the token that it ends with.
      return { kind: 'opaque', first: model.last < model.first ? last + 1 : first, last };
  }
}

function argumentsAfter(models: readonly MacroArgument[], tokens: readonly Token[]): MacroArgument[] {
  return models.map((model) => {
    const first = units.first[model.first]!;
    // An empty argument stands before the comma or parenthesis that ends it.
    const last = model.last < model.first ? first - 1 : units.last[model.last]!;
    const statements: Statement[] = [];
    addAfterModels(model.statements, tokens, statements);
    return { first, last, statements };
  });
}
