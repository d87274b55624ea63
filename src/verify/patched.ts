/**
 * A joint listing as a patcher leaves it: at each site the code of one target in place of the native instruction. Made from
 * the listing's own text, its records and its sections of replacements, and of nothing that the tool meant by them.
 */
import { unquoted } from '../bundles/room.ts';
import { patchFormat, SITES_SECTION, targetOfSection } from '../machine/patch-format.ts';
import type { Expression, Statement } from '../syntax/tree.ts';

/**
 * The statements of a joint listing patched for a target.
 *
 * @param statements the listing as the assembler reads it; sections of replacements stay where they are
 */
export function patchedStatements(statements: readonly Statement[], target: string): readonly Statement[] {
  const replacements = replacementsFor(statements, target);
  const nops = replacements.get(FILLER)!.code;
  const made: Statement[] = [];
  let section = '';
  for (const statement of statements) {
    if (isCalled(statement, '.pushsection')) section = stringOf(operandsOf(statement)[0]);
    if (isCalled(statement, '.popsection')) section = '';
    const record = recordOf(statement, section);
    if (record?.isBranch === true) aimBranch(made, replacements.get(record.replacement)!);
    else if (record !== null) replaceSite(made, replacements.get(record.replacement)!.code, nops);
    made.push(statement);
  }
  return made;
}

interface SiteRecord {
  readonly replacement: number;
  readonly isBranch: boolean;
}

/** What the second half of a site's record says; null for any other statement. */
function recordOf(statement: Statement, section: string): SiteRecord | null {
  const operands = operandsOf(statement);
  const isRecord =
    (isCalled(statement, '.xdata2') && stringOf(operands[0]) === SITES_SECTION) ||
    (isCalled(statement, 'data2') && section === SITES_SECTION);
  const [replacement, flags] = operands.slice(-3);
  if (!isRecord || replacement?.kind !== 'number' || flags?.kind !== 'number') return null;
  return {
    replacement: Number(replacement.value),
    isBranch: (Number(flags.value) & patchFormat().branch) !== 0,
  };
}

/** Makes the last branch go to a routine. */
function aimBranch(made: Statement[], { label }: Replacement): void {
  const at = made.findLastIndex(({ kind }) => kind === 'instruction');
  const branch = made[at]!;
  if (branch.kind !== 'instruction') return;
  const [target] = branch.inputs;
  made[at] = { ...branch, inputs: [{ kind: 'name', name: label, first: target!.first, last: target!.last }] };
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

interface Replacement {
  readonly label: string;
  /** Whole bundles. */
  readonly code: readonly Statement[];
}

/** Of a bundle of nops. */
const FILLER = -1;

/** The replacements of a target by number, and under FILLER the nops after the last one. */
function replacementsFor(statements: readonly Statement[], target: string): ReadonlyMap<number, Replacement> {
  const found = new Map<number, Replacement>();
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
      const { name: label } = statement;
      found.set(Number(/_(\d+)$/.exec(label)?.[1] ?? FILLER), { label, code });
    }
    isOpen ||= statement.kind === 'bundleOpen';
    if (isOpen) code.push(statement);
    if (statement.kind === 'bundleClose') isOpen = false;
  }
  return found.set(FILLER, { label: '', code: nops });
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
