/** The targets of grammar/ and ways to ask for bodies, shared by the tests of this folder. */
import { readFileSync } from 'node:fs';
import { type Body, type BodyArguments, type BodyResult, expandBody } from '../../src/expand/body.ts';
import { loadTarget, type OperationSignature, type Target } from '../../src/expand/target.ts';
import { formatDiagnostic } from '../../src/syntax/diagnostic.ts';
import { SourceText } from '../../src/syntax/source.ts';

export interface Operation extends OperationSignature {
  readonly native: string;
  readonly sensitive: boolean;
}

function readGrammar(path: string): string {
  return readFileSync(new URL(`../../grammar/${path}`, import.meta.url), 'latin1');
}

function parseOperations(): Operation[] {
  const rows = readGrammar('operations.tsv')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .slice(1);
  return rows.map((row) => {
    const [name, native, macro, slots, predicable, kind] = row.split('\t') as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const predicates = [...(predicable === 'yes' ? ['pred'] : []), ...(native.includes('{pred2}') ? ['pred2'] : [])];
    const named = slots.split(' ').filter((each) => each !== '');
    return {
      name,
      native,
      macro,
      predicates,
      slots: named.map((each) => ({ name: each })),
      sensitive: kind === 'sensitive',
    };
  });
}

export const operations: readonly Operation[] = parseOperations();

/** Loads a target of grammar/targets, or the text given; throws when there is a message about it. */
export function targetNamed(name: string, text = readGrammar(`targets/${name}.S`)): Target {
  const { target, diagnostics } = loadTarget(new SourceText(`${name}.S`, text), operations);
  if (diagnostics.length > 0) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
  return target;
}

/** A body as lines, `;;` for a stop; anything else as its kind and reason. */
export function show(result: BodyResult): string {
  if (result.kind === 'refused') return `refused: ${result.reason}`;
  if (result.kind === 'broken') return `broken: ${result.diagnostics.map((each) => each.message).join('; ')}`;
  if (result.kind === 'missing') return 'missing';
  return result.items.map((item) => (item.kind === 'stop' ? ';;' : item.text)).join('\n');
}

/** The body, which must be there. */
export function bodyOf(target: Target, operation: string, site: BodyArguments): Body {
  const result = expandBody(target, operation, site);
  if (result.kind !== 'body') throw new Error(`${operation}: ${show(result)}`);
  return result;
}
