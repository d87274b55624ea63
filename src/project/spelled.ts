/**
 * Where each instruction of a file is SPELLED: at top level, in a `#define` body, in a `.macro` body, in a macro
 * argument or in an explicit bundle. Analysis sees instructions after preprocessing; a rewrite must edit them here.
 */
import type { Expression, Instruction, MacroArgument, Statement, Tree } from '../syntax/tree.ts';

type MacroCall = Extract<Statement, { kind: 'macroCall' }>;

/** What surrounds a spelled instruction; it decides how an expansion must be written there. */
export interface SpelledContext {
  /** `define`: a line end needs a backslash. `argument`: a comma would split the argument. */
  readonly place: 'code' | 'define' | 'argument';
  /** The macro whose `#define` body this is: its name, its parameters, where its directive ends; null elsewhere. */
  readonly define: { readonly name: string; readonly parameters: readonly string[]; readonly end: number } | null;
  /** The explicit bundle around the instruction: token indices of its brace, template and closing brace. */
  readonly bundle: SpelledBundle | null;
  /** The statements among which it stands, and its place there: what comes before and after as written. */
  readonly siblings: readonly Statement[];
  readonly index: number;
}

export interface SpelledBundle {
  readonly open: Extract<Statement, { kind: 'bundleOpen' }>;
  readonly close: Extract<Statement, { kind: 'bundleClose' }>;
}

export type SpelledStatement = { readonly surroundings: SpelledContext } & (
  | { readonly kind: 'instruction'; readonly node: Instruction }
  | { readonly kind: 'macroCall'; readonly node: MacroCall }
);

/** Every instruction and macro call of a file, by the offset of its mnemonic or name. */
export class SpelledIndex {
  readonly #byOffset = new Map<number, SpelledStatement>();

  constructor(readonly tree: Tree) {
    this.#visit(tree.statements, 'code', null);
  }

  /** The statement whose mnemonic, or macro name, starts at an offset of the file. */
  at(offset: number): SpelledStatement | undefined {
    return this.#byOffset.get(offset);
  }

  all(): IterableIterator<SpelledStatement> {
    return this.#byOffset.values();
  }

  #visit(statements: readonly Statement[], place: SpelledContext['place'], define: SpelledContext['define']): void {
    const bundles = explicitBundles(statements);
    for (let index = 0; index < statements.length; index++) {
      const node = statements[index]!;
      const surroundings = { place, define, bundle: bundles.get(index) ?? null, siblings: statements, index };
      if (node.kind === 'instruction') {
        this.#byOffset.set(this.tree.tokens[node.mnemonicFirst]!.start, { kind: 'instruction', node, surroundings });
        this.#visitOperands(node.outputs, define);
        this.#visitOperands(node.inputs, define);
      } else if (node.kind === 'macroCall') {
        this.#byOffset.set(this.tree.tokens[nameToken(node, this.tree)]!.start, {
          kind: 'macroCall',
          node,
          surroundings,
        });
        this.#visitArguments(node.args, define);
      } else if (node.kind === 'cpp' && node.define !== null) {
        const { name, parameters, body } = node.define;
        const { end } = this.tree.tokens[node.last]!;
        this.#visit(body, 'define', { name, parameters: parameters ?? [], end });
      }
    }
  }

  #visitOperands(operands: readonly Expression[], define: SpelledContext['define']): void {
    for (let at = 0; at < operands.length; at++) {
      const operand = operands[at]!;
      if (operand.kind === 'call') this.#visitArguments(operand.args, define);
    }
  }

  #visitArguments(args: readonly MacroArgument[], define: SpelledContext['define']): void {
    for (const argument of args) this.#visit(argument.statements, 'argument', define);
  }
}

/** The token of a macro call's name: its first token, or the first after its predicate. */
function nameToken(call: MacroCall, tree: Tree): number {
  let at = call.predicate === null ? call.first : call.predicate.last + 1;
  while (at < call.last && tree.tokens[at]!.text !== call.name) at++;
  return at;
}

function explicitBundles(statements: readonly Statement[]): Map<number, SpelledBundle> {
  const bundles = new Map<number, SpelledBundle>();
  let open = -1;
  for (let index = 0; index < statements.length; index++) {
    const node = statements[index]!;
    if (node.kind === 'bundleOpen') open = index;
    if (node.kind !== 'bundleClose' || open === -1) continue;
    const bundle = { open: statements[open] as SpelledBundle['open'], close: node };
    for (let inside = open + 1; inside < index; inside++) bundles.set(inside, bundle);
    open = -1;
  }
  return bundles;
}
