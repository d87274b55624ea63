/**
 * The part of JSON Schema (draft 7) that our schemas use, with messages made for people. The same schema files serve
 * editors, so what an editor underlines is what `pvasm check` rejects; a test holds this against a full validator.
 */

export interface Schema {
  readonly $id?: string;
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
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
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly description?: string;
  /** Our own: what to say when `pattern` does not match, in place of the pattern. */
  readonly 'x-expected'?: string;
}

export interface SchemaError {
  /** Where in the value: keys and indices from the top. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * Every way in which the value is not what the schema says; empty when it is valid.
 *
 * @param others the schemas that `$ref`s name, by `$id`
 */
export function validate(schema: Schema, value: unknown, others: readonly Schema[] = []): readonly SchemaError[] {
  const errors: SchemaError[] = [];
  visit(schema, value, [], { root: schema, others, errors });
  return errors;
}

interface Context {
  /** The document in which a `$ref` without a file name is looked up. */
  readonly root: Schema;
  readonly others: readonly Schema[];
  readonly errors: SchemaError[];
}

type Path = SchemaError['path'];

function visit(given: Schema, value: unknown, path: Path, outer: Context): void {
  const { schema, root } = resolve(given, outer);
  const context = root === outer.root ? outer : { ...outer, root };
  const fail = (message: string): void => void context.errors.push({ path, message: `${describe(path)}${message}` });
  if (schema.anyOf !== undefined) visitAnyOf(schema.anyOf, value, path, context);
  if (schema.type !== undefined && !hasType(value, schema.type)) {
    fail(`expected ${typeNames(schema.type)}, found ${typeName(value)}`);
    return;
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) fail(oneOfThese(value, schema.enum));
  if (schema.const !== undefined && schema.const !== value) fail(`expected ${JSON.stringify(schema.const)}`);
  if (typeof value === 'string') checkString(schema, value, fail);
  if (typeof value === 'number') checkNumber(schema, value, fail);
  if (Array.isArray(value)) visitArray(schema, value, path, context, fail);
  else if (typeof value === 'object' && value !== null)
    visitTable(schema, value as Record<string, unknown>, path, context, fail);
}

function checkString(schema: Schema, value: string, fail: (message: string) => void): void {
  if (schema.minLength !== undefined && value.length < schema.minLength) fail('must not be empty');
  else if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value))
    fail(`'${value}' is not ${schema['x-expected'] ?? `of the form ${schema.pattern}`}`);
}

function checkNumber(schema: Schema, value: number, fail: (message: string) => void): void {
  if (schema.minimum !== undefined && value < schema.minimum) fail(`${value} is less than ${schema.minimum}`);
  if (schema.maximum !== undefined && value > schema.maximum) fail(`${value} is more than ${schema.maximum}`);
}

function visitArray(
  schema: Schema,
  value: readonly unknown[],
  path: Path,
  context: Context,
  fail: (message: string) => void,
): void {
  if (schema.minItems !== undefined && value.length < schema.minItems) fail('must not be empty');
  const { items } = schema;
  if (items === undefined) return;
  for (const [index, item] of value.entries()) visit(items, item, [...path, index], context);
}

function visitTable(
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  path: Path,
  context: Context,
  fail: (message: string) => void,
): void {
  for (const name of schema.required ?? []) if (!Object.hasOwn(value, name)) fail(`'${name}' is missing`);
  const patterns = Object.entries(schema.patternProperties ?? {});
  for (const [name, member] of Object.entries(value)) {
    const own = schema.properties !== undefined && Object.hasOwn(schema.properties, name);
    const matching = patterns.filter(([pattern]) => new RegExp(pattern, 'u').test(name)).map(([, each]) => each);
    if (own) visit(schema.properties![name]!, member, [...path, name], context);
    for (const each of matching) visit(each, member, [...path, name], context);
    if (own || matching.length > 0) continue;
    const { additionalProperties } = schema;
    if (additionalProperties === false) {
      const message = `${describe(path)}unknown key '${name}'${suggestion(name, Object.keys(schema.properties ?? {}))}`;
      context.errors.push({ path: [...path, name], message });
    } else if (typeof additionalProperties === 'object') visit(additionalProperties, member, [...path, name], context);
  }
}

/** Reports the errors of the alternative that comes nearest: one of the value's type, with the fewest errors. */
function visitAnyOf(alternatives: readonly Schema[], value: unknown, path: Path, context: Context): void {
  const attempts = alternatives.map((alternative) => {
    const errors: SchemaError[] = [];
    visit(alternative, value, path, { ...context, errors });
    return errors;
  });
  if (attempts.some((errors) => errors.length === 0)) return;
  const ofType = alternatives.flatMap((alternative, index) => {
    const { type } = resolve(alternative, context).schema;
    return type !== undefined && hasType(value, type) ? [attempts[index]!] : [];
  });
  if (ofType.length > 0)
    context.errors.push(...ofType.reduce((best, each) => (each.length < best.length ? each : best)));
  else {
    const types = alternatives.map((alternative) => typeNames(resolve(alternative, context).schema.type ?? 'other'));
    context.errors.push({ path, message: `${describe(path)}expected ${types.join(' or ')}, found ${typeName(value)}` });
  }
}

/** Follows `$ref`s (`#/definitions/x`, `other.schema.json#/properties/y`); a dangling one allows everything. */
function resolve(given: Schema, context: Context): { readonly schema: Schema; readonly root: Schema } {
  let schema = given;
  let { root } = context;
  while (schema.$ref !== undefined) {
    const [file = '', pointer = ''] = schema.$ref.split('#');
    if (file !== '') root = context.others.find((other) => other.$id === file) ?? {};
    let target: unknown = root;
    for (const part of pointer.split('/').slice(1)) target = (target as Record<string, unknown> | undefined)?.[part];
    schema = (target ?? {}) as Schema;
  }
  return { schema, root };
}

function hasType(value: unknown, type: string | readonly string[]): boolean {
  const types = typeof type === 'string' ? [type] : type;
  return types.some((each) => {
    if (each === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
    if (each === 'array') return Array.isArray(value);
    if (each === 'integer') return Number.isInteger(value);
    return typeof value === each;
  });
}

/** In TOML's words: a person has written a table, not an object. */
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
  if (typeof value === 'object') return 'a table';
  return typeof value === 'boolean'
    ? String(value)
    : `${typeof value === 'string' ? 'the string ' : ''}${JSON.stringify(value)}`;
}

function oneOfThese(value: unknown, allowed: readonly unknown[]): string {
  const hint = typeof value === 'string' ? suggestion(value, allowed.map(String)) : '';
  return `${JSON.stringify(value)} is none of ${allowed.map((each) => JSON.stringify(each)).join(', ')}${hint}`;
}

function describe(path: Path): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part + 1}]` : `.${part}`)).join('');
  return text === '' ? '' : `${text.slice(1)}: `;
}

/** `; did you mean 'labels'?` for a word at most two letters away. */
export function suggestion(word: string, known: readonly string[]): string {
  let best: string | undefined;
  let least = Math.min(3, Math.ceil(word.length / 2) + 1);
  for (const each of known) {
    const distance = editDistance(word.toLowerCase(), each.toLowerCase());
    if (distance < least) {
      least = distance;
      best = each;
    }
  }
  return best === undefined ? '' : `; did you mean '${best}'?`;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
