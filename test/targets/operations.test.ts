/** grammar/operations.tsv and the table of what a hypervisor must see agree: nothing that must be a site lacks an operation. */
import { expect, test } from 'vitest';
import { auditEntries, auditEntry } from '../../src/machine/audit.ts';
import { decode } from '../../src/machine/decode.ts';
import type { NameScope } from '../../src/machine/naming.ts';
import { parseTokens } from '../../src/syntax/parse.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { tokenize } from '../../src/syntax/tokenize.ts';
import type { Instruction } from '../../src/syntax/tree.ts';
import { operations } from './targets.ts';

const scope: NameScope = { alias: () => undefined, frame: null };

/** The instructions of an operation, with registers and numbers in the slots. */
function instructions(native: string): Instruction[] {
  return native.split(/ ;;? /).map((text) => {
    const filled = text
      .replace(/^\(\{\w+\}\) /, '')
      .replace('{n}', '6')
      .replace(/\{mask2?\}/, '0x2000')
      .replace(/\{\w+\}/g, 'r9');
    return parseTokens(tokenize(new SourceText('operation', filled))).statements[0] as Instruction;
  });
}

test('the first instruction of every operation is privileged or sensitive, as its line says', () => {
  for (const operation of operations) {
    const entry = auditEntry(decode(instructions(operation.native)[0]!, scope));
    expect(entry, operation.native).toBeDefined();
    expect(entry!.class === 'sensitive', operation.native).toBe(operation.sensitive);
  }
});

test('every form that must be a site has an operation', () => {
  const covered = new Set(
    operations.flatMap(({ native }) => instructions(native).map((each) => decode(each, scope).form?.id)),
  );
  const missing = auditEntries
    .filter((entry) => entry.rewrite === 'yes')
    .flatMap((entry) => entry.forms.filter((form) => !covered.has(form)));
  // ar.k and ar.itc written with an immediate, which no kernel does.
  expect(missing).toEqual(['mov-to-kr-imm', 'mov-to-itc-imm']);
});
