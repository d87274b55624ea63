/** The types of grammar/configuration.tsv, as JSON Schema (draft 7). */
import type { Schema } from './schema.ts';

const TEXT: Schema = { type: 'string', minLength: 1 };

const REGISTERS: Schema = {
  type: 'array',
  items: {
    type: 'string',
    pattern: '^(@[A-Za-z0-9_-]+|(bank[01]\\.)?(ar\\.)?[a-z]+[0-9]*(-[rfpb][0-9]+)?)$',
    'x-expected': 'a register, a range (r8-r11) or a set (@scratch)',
  },
};

const RULE: Schema = { type: 'string', pattern: '^PV[0-9]{3}$', 'x-expected': "a rule's ID, such as PV002" };

export const TYPES = {
  text: TEXT,
  texts: { type: 'array', items: TEXT },
  patterns: { type: 'array', minItems: 1, items: TEXT },
  flag: { type: 'boolean' },
  integer: { type: 'integer' },
  count: { type: 'integer', minimum: 0 },
  identifiers: {
    type: 'array',
    items: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*$', 'x-expected': "a macro's name" },
  },
  definitions: {
    type: 'array',
    items: {
      type: 'string',
      pattern: '^[A-Za-z_][A-Za-z0-9_]*(\\([^()]*\\))?(=[^\\r\\n]*)?$',
      'x-expected': 'NAME or NAME=VALUE',
    },
  },
  /** `"all"`, or a table of named lists of flags. */
  configs: {
    anyOf: [
      { type: 'string', enum: ['all'] },
      {
        type: 'object',
        additionalProperties: {
          type: 'array',
          items: {
            type: 'string',
            pattern: '^(-D[A-Za-z_][A-Za-z0-9_]*(=[^\\r\\n]*)?|-U[A-Za-z_][A-Za-z0-9_]*)$',
            'x-expected': '-DNAME, -DNAME=VALUE or -UNAME',
          },
        },
      },
    ],
  },
  /** A table of levels by rule ID. */
  levels: {
    type: 'object',
    additionalProperties: false,
    patternProperties: { '^PV[0-9]{3}$': { type: 'string', enum: ['off', 'note', 'warning', 'error'] } },
  },
  /** One rule or several. */
  rules: { anyOf: [RULE, { type: 'array', minItems: 1, items: RULE }] },
  /** `r8`, `r8-r11`, `bank0.r16-r31`, `@name`. */
  registers: REGISTERS,
  /** Registers that are all predicates: `p14`, `p14-p15`, `@name`. */
  predicates: {
    type: 'array',
    items: {
      type: 'string',
      pattern: '^(@[A-Za-z0-9_-]+|p[0-9]+(-p[0-9]+)?)$',
      'x-expected': 'a predicate, a range (p6-p7) or a set (@name)',
    },
  },
  /** A list of registers, or false for code that does not return. */
  results: { anyOf: [{ type: 'boolean' }, REGISTERS] },
  /** A table of named register lists. */
  sets: { type: 'object', additionalProperties: REGISTERS },
  general: { type: 'string', pattern: '^r[0-9]+$', 'x-expected': 'a general register' },
  branch: { type: 'string', pattern: '^b[0-7]$', 'x-expected': 'a branch register, b0 to b7' },
  bank: { type: 'integer', enum: [0, 1] },
  exit: { type: 'string', enum: ['jump', 'return', 'rfi'] },
} as const satisfies Readonly<Record<string, Schema>>;

export type TypeName = keyof typeof TYPES;
