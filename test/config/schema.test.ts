import { Ajv } from 'ajv';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { schemaOf } from '../../src/config/description.ts';
import { validate } from '../../src/config/schema.ts';

const SCHEMAS = (['pvasm', 'conventions'] as const).map((kind) => [kind, schemaOf(kind)] as const);

test.each<[unknown, string[]]>([
  [{}, []],
  [{ target: [] }, ["unknown key 'target'; did you mean 'targets'?"]],
  [{ zzzzzz: 1 }, ["unknown key 'zzzzzz'"]],
  [{ targets: 'xen' }, ['targets: expected a list, found the string "xen"']],
  [{ targets: ['native', ''] }, ['targets[2]: must not be empty']],
  [{ rules: { PV001: 'warn' } }, ['rules.PV001: "warn" is none of "off", "note", "warning", "error"']],
  [
    { rules: { PV001: 'errors' } },
    ['rules.PV001: "errors" is none of "off", "note", "warning", "error"; did you mean \'error\'?'],
  ],
  [{ 'max-warnings': -1 }, ['max-warnings: -1 is less than 0']],
  [{ 'max-warnings': 1.5 }, ['max-warnings: expected a whole number, found 1.5']],
  [{ suppress: [{ rule: 'PV001' }] }, ["suppress[1]: 'reason' is missing"]],
  [{ suppress: [{ rule: 'pv1', reason: 'x' }] }, ["suppress[1].rule: 'pv1' is not a rule's ID, such as PV002"]],
  [{ suppress: [{ rule: 7, reason: 'x' }] }, ['suppress[1].rule: expected a string or a list, found 7']],
  [{ configs: 'some' }, ['configs: "some" is none of "all"']],
  [{ configs: { smp: ['CONFIG_SMP'] } }, ["configs.smp[1]: 'CONFIG_SMP' is not -DNAME, -DNAME=VALUE or -UNAME"]],
  [{ symbol: [{ name: 'f', link: 'b9' }] }, ["symbol[1].link: 'b9' is not a branch register, b0 to b7"]],
  [
    { nested_miss: { sections: [] } },
    ["nested_miss: 'continuation' is missing", "nested_miss: 'reads' is missing", "nested_miss: 'clobbers' is missing"],
  ],
  [{ symbol: { name: 'f' } }, ['symbol: there may be several such tables: write [[symbol]]']],
  [{ call: [{}] }, ['call: there is one such table: write [call]']],
  [{ overrides: [{ files: [], rules: {} }] }, ['overrides[1].files: must not be empty']],
])('%j', (value, messages) => {
  expect(validate(schemaOf('pvasm'), value).map((error) => error.message)).toEqual(messages);
});

test('integers beyond 2^53 are whole numbers', () => {
  const value = { constant: [{ registers: [], value: 2n ** 63n, reason: 'x' }], 'max-warnings': -(2n ** 60n) };
  expect(validate(schemaOf('pvasm'), value).map((error) => error.message)).toEqual([
    'max-warnings: -1152921504606846976 is less than 0',
  ]);
});

test.each(SCHEMAS)('agrees with a full validator on what the schema %s allows', (_name, schema) => {
  // Our own keyword carries a message for people, which validators are right not to know.
  const ajv = new Ajv({ strict: false });
  const valid = ajv.compile(schema as object);
  const keys = fc.constantFrom(
    ...new Set([...JSON.stringify(schema).matchAll(/"([a-z][a-z-]+)"/g)].map((match) => match[1]!)),
    'PV001',
    'a',
  );
  const texts = fc.constantFrom('', 'PV001', 'off', 'all', 'r8', 'NAME=1', '-DX=1', '-UX', 'xen', '@x', 'b0');
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      texts,
      fc.integer({ min: -1, max: 200 }),
      fc.boolean(),
      fc.array(tie('tree'), { maxLength: 2 }),
      tie('table'),
    ),
    table: fc.dictionary(keys, tie('tree'), { maxKeys: 3, noNullPrototype: true }),
  }));
  fc.assert(
    fc.property(fc.dictionary(keys, tree, { maxKeys: 3, noNullPrototype: true }), (value) => {
      expect(validate(schema, value).length === 0, JSON.stringify(value)).toBe(valid(value));
    }),
    { numRuns: 2000 },
  );
});
