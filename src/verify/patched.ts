/**
 * A joint listing as a patcher leaves it: at each site the code of one target in place of the native instruction. Made from
 * the listing's own text, its records and its sections of replacements, and of nothing that the tool meant by them.
 */
import { unquoted } from '../bundles/room.ts';
import { SITES_SECTION, targetOfSection } from '../machine/patch-format.ts';
import type { Expression, Statement } from '../syntax/tree.ts';

/**
 * The statements of a joint listing patched for a target.
 *
 * @param statements the listing as the assembler reads it; sections of replacements stay where they are
 */
export function patchedStatements(statements: readonly Statement[], target: string): readonly Statement[] {
  const replacements = replacementsFor(statements, target);
  const nops = replacements.get(FILLER)!;
  const made: Statement[] = [];
  let section = '';
  for (const statement of statements) {
    if (isCalled(statement, '.pushsection')) section = stringOf(operandsOf(statement)[0]);
    if (isCalled(statement, '.popsection')) section = '';
    const number = recordedReplacement(statement, section);
    if (number !== null) replaceSite(made, replacements.get(number)!, nops);
    made.push(statement);
  }
  return made;
}

/** The replacement that the record of a site names; null for any other statement. */
function recordedReplacement(statement: Statement, section: string): number | null {
  const operands = operandsOf(statement);
  const isRecord =
    (isCalled(statement, '.xdata2') && stringOf(operands[0]) === SITES_SECTION) ||
    (isCalled(statement, 'data2') && section === SITES_SECTION);
  const number = operands.at(-3);
  return isRecord && number?.kind === 'number' ? Number(number.value) : null;
}

/** Puts code in the place of the bundles that end last. They begin with the one that has a tag. */
function replaceSite(made: Statement[], code: readonly Statement[], nops: readonly Statement[]): void {
  const end = made.findLastIndex(({ kind }) => kind === 'bundleClose') + 1;
  const tag = made.findLastIndex(({ kind }) => kind === 'tag');
  const start = made.findLastIndex(({ kind }, at) => at < tag && kind === 'bundleOpen');
  const room = bundles(made.slice(start, end)) - bundles(code);
  const filler = Array.from({ length: room }, () => nops).flat();
  const behind = made.splice(start).slice(end - start);
  // Each stands there by itself: what follows it in the listing is told apart by statement.
  for (const statement of [...code, ...filler]) made.push({ ...statement });
  made.push(...behind);
}

function bundles(code: readonly Statement[]): number {
  return code.filter(({ kind }) => kind === 'bundleOpen').length;
}

/** The bundles of one replacement; under FILLER those of nops that stand behind the last one. */
type Replacements = ReadonlyMap<number, readonly Statement[]>;

const FILLER = -1;

/** The code of each replacement of a target, by number. */
function replacementsFor(statements: readonly Statement[], target: string): Replacements {
  const found = new Map<number, readonly Statement[]>();
  let isInside = false;
  let isOpen = false;
  let code: Statement[] = [];
  let nops: readonly Statement[] = [];
  for (const statement of statements) {
    if (isCalled(statement, '.section')) isInside = targetOfSection(stringOf(operandsOf(statement)[0])) === target;
    if (!isInside) continue;
    if (statement.kind === 'label') {
      // Each object's block ends in a bundle of nops, behind which its last label stands.
      if (statement.name.endsWith('_end')) nops = code.splice(code.findLastIndex(({ kind }) => kind === 'bundleOpen'));
      code = [];
      found.set(Number(/_(\d+)$/.exec(statement.name)?.[1] ?? FILLER), code);
    }
    isOpen ||= statement.kind === 'bundleOpen';
    if (isOpen) code.push(statement);
    if (statement.kind === 'bundleClose') isOpen = false;
  }
  return found.set(FILLER, nops);
}

function isCalled(statement: Statement, name: string): boolean {
  if (statement.kind === 'instruction') return statement.mnemonic === name;
  return statement.kind === 'directive' && statement.name === name;
}

function operandsOf(statement: Statement): readonly Expression[] {
  if (statement.kind === 'instruction') return statement.inputs;
  return statement.kind === 'directive' ? statement.args : [];
}

/** Without its quotes; empty for what is no string. */
function stringOf(expression: Expression | undefined): string {
  return expression?.kind === 'string' ? unquoted(expression.text) : '';
}
