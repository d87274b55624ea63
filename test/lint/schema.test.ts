import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Schema, validate } from '../../src/lint/schema.ts';

const NAMES = ['pvasm', 'conventions'];
const SCHEMAS = NAMES.map(
  (name) => [name, JSON.parse(readFileSync(`grammar/schema/${name}.schema.json`, 'utf8')) as Schema] as const,
);

const ALL = SCHEMAS.map(([, schema]) => schema);

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
  [{ overrides: [{ files: [], rules: {} }] }, ['overrides[1].files: must not be empty']],
])('%j', (value, messages) => {
  expect(validate(SCHEMAS[0]![1], value, ALL).map((error) => error.message)).toEqual(messages);
});

test.each(SCHEMAS)('agrees with a full validator on what the schema %s allows', (_name, schema) => {
  // Our own keyword carries a message for people, which validators are right not to know.
  const ajv = new Ajv({ strict: false });
  for (const other of ALL) if (other !== schema) ajv.addSchema(other as object);
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
      expect(validate(schema, value, ALL).length === 0, JSON.stringify(value)).toBe(valid(value));
    }),
    { numRuns: 2000 },
  );
});
