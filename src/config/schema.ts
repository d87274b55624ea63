/**
 * A validator for the part of JSON Schema (draft 7) that our schemas use. Editors use the same schemas (grammar/schema), so that they
 * underline what the tool rejects. No library does this: ajv takes 8 ms to load and 80 ms to compile our schemas, in every call that
 * has a pvasm.toml; it takes a bigint (TOML's integers beyond 2^53) for no integer; and its errors would have to be translated to
 * messages in the terms of TOML. test/config/schema.test.ts holds that ajv accepts and refuses the same values.
 */
import { suggestion } from './suggestion.ts';

export interface Schema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly title?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly anyOf?: readonly Schema[];
  readonly description?: string;
  /** No keyword of JSON Schema: what the message says is expected when `pattern` does not match, as no user reads patterns. */
  readonly 'x-expected'?: string;
}

export interface SchemaError {
  /** The path to the wrong part of the value: keys and array indices from the top. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** One error for each part of the value that the schema does not allow; empty when the value is valid. */
export function validate(schema: Schema, value: unknown): readonly SchemaError[] {
  const errors: SchemaError[] = [];
  visit(schema, value, [], errors);
  return errors;
}

type Path = SchemaError['path'];

function visit(schema: Schema, value: unknown, path: Path, errors: SchemaError[]): void {
  const fail = (message: string): void => void errors.push({ path, message: `${describe(path)}${message}` });
  if (schema.anyOf !== undefined) visitAnyOf(schema.anyOf, value, path, errors);
  if (schema.type !== undefined && !hasType(value, schema.type)) {
    fail(wrongHeader(schema, value, path) ?? `expected ${typeNames(schema.type)}, found ${typeName(value)}`);
    return;
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) fail(oneOfThese(value, schema.enum));
  if (typeof value === 'string') checkString(schema, value, fail);
  if (typeof value === 'number' || typeof value === 'bigint') checkNumber(schema, value, fail);
  if (Array.isArray(value)) visitArray(schema, value, path, errors, fail);
  else if (hasType(value, 'object')) visitTable(schema, value as Record<string, unknown>, path, errors, fail);
}

/** The message for `[[name]]` where the schema has `[name]`, or the other way round; null when that is not the error. */
function wrongHeader({ type, items }: Schema, value: unknown, [name, ...rest]: Path): string | null {
  if (name === undefined || rest.length > 0) return null;
  if (type === 'object' && Array.isArray(value) && value.every((each) => hasType(each, 'object')))
    return `there is one such table: write [${name}]`;
  if (type === 'array' && items?.type === 'object' && hasType(value, 'object'))
    return `there may be several such tables: write [[${name}]]`;
  return null;
}

function checkString(schema: Schema, value: string, fail: (message: string) => void): void {
  if (schema.minLength !== undefined && value.length < schema.minLength) fail('must not be empty');
  else if (schema.pattern !== undefined && !expression(schema.pattern).test(value))
    fail(`'${value}' is not ${schema['x-expected'] ?? `of the form ${schema.pattern}`}`);
}

function checkNumber(schema: Schema, value: number | bigint, fail: (message: string) => void): void {
  if (schema.minimum !== undefined && value < schema.minimum) fail(`${value} is less than ${schema.minimum}`);
  if (schema.maximum !== undefined && value > schema.maximum) fail(`${value} is more than ${schema.maximum}`);
}

function visitArray(
  schema: Schema,
  value: readonly unknown[],
  path: Path,
  errors: SchemaError[],
  fail: (message: string) => void,
): void {
  if (schema.minItems !== undefined && value.length < schema.minItems) fail('must not be empty');
  const { items } = schema;
  if (items === undefined) return;
  for (const [index, item] of value.entries()) visit(items, item, [...path, index], errors);
}

function visitTable(
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  path: Path,
  errors: SchemaError[],
  fail: (message: string) => void,
): void {
  for (const name of schema.required ?? []) if (!Object.hasOwn(value, name)) fail(`'${name}' is missing`);
  const patterns = Object.entries(schema.patternProperties ?? {});
  for (const [name, member] of Object.entries(value)) {
    const own = schema.properties !== undefined && Object.hasOwn(schema.properties, name);
    const matching = patterns.filter(([pattern]) => expression(pattern).test(name)).map(([, each]) => each);
    if (own) visit(schema.properties![name]!, member, [...path, name], errors);
    for (const each of matching) visit(each, member, [...path, name], errors);
    if (own || matching.length > 0) continue;
    const { additionalProperties } = schema;
    if (additionalProperties === false) {
      const message = `${describe(path)}unknown key '${name}'${suggestion(name, Object.keys(schema.properties ?? {}))}`;
      errors.push({ path: [...path, name], message });
    } else if (typeof additionalProperties === 'object') visit(additionalProperties, member, [...path, name], errors);
  }
}

/** Reports the errors of the closest alternative: of those that have the value's type, the one with the fewest errors. */
function visitAnyOf(alternatives: readonly Schema[], value: unknown, path: Path, errors: SchemaError[]): void {
  const attempts = alternatives.map((schema) => {
    const found: SchemaError[] = [];
    visit(schema, value, path, found);
    return { schema, found };
  });
  if (attempts.some(({ found }) => found.length === 0)) return;
  const ofType = attempts.filter(({ schema }) => schema.type !== undefined && hasType(value, schema.type));
  if (ofType.length > 0) {
    errors.push(...ofType.reduce((best, each) => (each.found.length < best.found.length ? each : best)).found);
    return;
  }
  const types = alternatives.map(({ type }) => typeNames(type ?? 'other'));
  errors.push({ path, message: `${describe(path)}expected ${types.join(' or ')}, found ${typeName(value)}` });
}

const expressions = new Map<string, RegExp>();

function expression(pattern: string): RegExp {
  let known = expressions.get(pattern);
  if (known === undefined) {
    known = new RegExp(pattern, 'u');
    expressions.set(pattern, known);
  }
  return known;
}

function hasType(value: unknown, type: string | readonly string[]): boolean {
  const types = typeof type === 'string' ? [type] : type;
  return types.some((each) => {
    if (each === 'object')
      return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
    if (each === 'array') return Array.isArray(value);
    if (each === 'integer') return Number.isInteger(value) || typeof value === 'bigint';
    return typeof value === each;
  });
}

/** Names of JSON Schema's types in the terms of TOML. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  object: 'a table',
  array: 'a list',
  string: 'a string',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function typeNames(type: string | readonly string[]): string {
  return (typeof type === 'string' ? [type] : type).map((each) => TYPE_NAMES[each] ?? each).join(' or ');
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a date';
  if (typeof value === 'object') return 'a table';
  return typeof value === 'string' ? `the string ${JSON.stringify(value)}` : String(value);
}

function oneOfThese(value: unknown, allowed: readonly unknown[]): string {
  const hint = typeof value === 'string' ? suggestion(value, allowed.map(String)) : '';
  return `${typeof value === 'string' ? JSON.stringify(value) : String(value)} is none of ${allowed.map((each) => JSON.stringify(each)).join(', ')}${hint}`;
}

function describe(path: Path): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part + 1}]` : `.${part}`)).join('');
  return text === '' ? '' : `${text.slice(1)}: `;
}
