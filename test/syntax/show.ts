/** Statements in a short notation, so that a table of inputs and expected trees can be read. */

import type { Token } from '../../src/syntax/token.ts';
import type { Expression, MacroArgument, Statement } from '../../src/syntax/tree.ts';

export function showExpression(tokens: readonly Token[], e: Expression): string {
  const text = () =>
    tokens
      .slice(e.first, e.last + 1)
      .map((token) => token.text)
      .join('');
  const show = (inner: Expression) => showExpression(tokens, inner);
  switch (e.kind) {
    case 'name':
      return e.name;
    case 'number':
      return `${e.value}`;
    case 'local':
      return `local ${e.label}${e.direction}`;
    case 'string':
      return e.text;
    case 'here':
      return 'here';
    case 'unary':
      return `${e.operator}${show(e.operand)}`;
    case 'binary':
      return `<${show(e.left)} ${e.operator} ${show(e.right)}>`;
    case 'group':
      return `(${show(e.inner)})`;
    case 'call':
      return `${e.name}(${e.args.map((arg) => argumentText(tokens, arg)).join('|')})`;
    case 'relocation':
      return e.argument === null ? `@${e.name}` : `@${e.name}(${show(e.argument)})`;
    case 'memory':
      return `[${show(e.address)}]`;
    case 'indexed':
      return `${e.name}[${show(e.index)}]`;
    case 'opaque':
      return `opaque{${text()}}`;
  }
}

function argumentText(tokens: readonly Token[], { first, last }: MacroArgument): string {
  return tokens
    .slice(first, last + 1)
    .map((token) => token.text)
    .join('');
}

export function show(tokens: readonly Token[], statements: readonly Statement[]): string[] {
  return statements.map((statement) => showStatement(tokens, statement));
}

function showStatement(tokens: readonly Token[], s: Statement): string {
  const list = (expressions: readonly Expression[]) => expressions.map((e) => showExpression(tokens, e)).join(', ');
  const predicate = (e: Expression | null) => (e === null ? '' : `(${showExpression(tokens, e)}) `);
  switch (s.kind) {
    case 'instruction': {
      const operands = s.outputs.length > 0 ? `${list(s.outputs)} = ${list(s.inputs)}` : list(s.inputs);
      return `${predicate(s.predicate)}${s.mnemonic} ${operands}`.trim();
    }
    case 'label':
      return `label ${s.name}${s.global ? ' global' : ''}`;
    case 'tag':
      return `tag ${s.name}`;
    case 'stop':
      return ';;';
    case 'bundleOpen':
      return s.template === null ? '{' : `{ ${s.template}`;
    case 'bundleClose':
      return '}';
    case 'directive':
      return `directive ${s.name} ${list(s.args)}`.trim();
    case 'assignment':
      return `assign ${s.name} ${showExpression(tokens, s.value)}`;
    case 'macroCall':
      return `${predicate(s.predicate)}call ${s.name}(${s.args.map((arg) => show(tokens, arg.statements).join('; ')).join(' | ')})`;
    case 'cpp': {
      if (s.define === null) return `cpp ${s.name}`.trim();
      const { name, parameters, variadic, body } = s.define;
      const head = parameters === null ? '' : `(${parameters.join(' ')}${variadic ? ' ...' : ''})`;
      return `cpp define ${name}${head}: ${show(tokens, body).join('; ')}`.trim();
    }
    case 'unparsed':
      return 'unparsed';
  }
}
