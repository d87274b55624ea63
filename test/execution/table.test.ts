/** The table of semantics as such. */
import { expect, test } from 'vitest';
import { formsWithSemantics } from '../../src/execution/semantics.ts';
import { allForms } from '../../src/machine/forms.ts';

test('it speaks of forms that there are, and of all but these', () => {
  const ids = [...new Set(allForms().map(({ id }) => id))];
  const known = formsWithSemantics();
  expect([...known].filter((form) => !ids.includes(form))).toEqual([]);
  const missing = ids.filter((id) => !known.has(id));
  // Floating-point arithmetic and its memory, multimedia, IA-32, modulo-scheduled loops: no kernel's assembly of handlers has them.
  const expected =
    /^(f|ld16|ld8-mov|ldf|st16|stf|cmp8|p(avg|cmp|sh|mpy|min|max|sad)|mix|pack|unpack|mpy4|tf|br-(wexit|ctop|ia)|vmsw|mov-(to|from)-dahr)/;
  expect(missing.filter((id) => !expected.test(id))).toEqual([]);
});
