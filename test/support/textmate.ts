/** grammar/ia64.tmLanguage.json, made of the tables of instructions, registers and operations: what editors colour a source by. */
import { allForms, type FormLine } from '../../src/machine/forms.ts';
import type { Pattern } from '../../src/machine/pattern.ts';
import { registers } from '../../src/machine/registers.data.ts';
import { operations } from '../../src/project/operations.data.ts';

type Captures = Readonly<Record<string, { readonly name: string }>>;
interface Rule {
  readonly name?: string;
  readonly contentName?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly include?: string;
  readonly captures?: Captures;
  readonly beginCaptures?: Captures;
  readonly patterns?: readonly Rule[];
}

/** Where a statement may begin: a line, a directive's body, behind a label, a separator, a predicate, in a macro's argument. */
const STATEMENT = '(?:^|\\G|(?<=[:;{}(),]))\\s*';
const END_OF_WORD = '(?![\\w.$])';

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The words that a pattern of the table stands for. */
function patternSource(pattern: Pattern): string {
  return pattern.map((part) => (part.length === 1 ? quoted(part[0]!) : `(?:${part.map(quoted).join('|')})`)).join('');
}

function anyOf(sources: readonly string[]): string {
  return `(?:${[...new Set(sources)].join('|')})`;
}

/** What instructions are coloured as: what a hypervisor must see in whatever form it has, what changes control, the rest. */
const KINDS: readonly (readonly [scope: string, is: (forms: readonly FormLine[]) => boolean])[] = [
  ['keyword.other.privileged.ia64', (forms) => forms.every(({ privileged, sensitive }) => privileged || sensitive)],
  ['keyword.control.ia64', (forms) => forms.every(({ branch }) => branch !== null)],
  ['keyword.mnemonic.ia64', () => true],
];

function instructions(): Rule[] {
  const forms = new Map<string, FormLine[]>();
  for (const form of allForms()) {
    const source = patternSource(form.pattern);
    forms.set(source, [...(forms.get(source) ?? []), form]);
  }
  const byScope = new Map(KINDS.map(([scope]) => [scope, [] as string[]]));
  for (const [source, own] of forms) byScope.get(KINDS.find(([, is]) => is(own))![0])!.push(source);
  return [...byScope].map(([name, sources]) => ({
    match: `${STATEMENT}(${anyOf(sources)})${END_OF_WORD}`,
    captures: { 1: { name } },
  }));
}

/** Those that an operand may name; longest first, because `ar.fpsr` begins as `ar.fpsr.sf0` does. */
function registerNames(): string[] {
  const named = registers.filter(({ register }) => !['state', 'field'].includes(register.class));
  return named.flatMap(({ names }) => names).sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

const COMMENTS: readonly Rule[] = [
  { name: 'comment.block.ia64', begin: '/\\*', end: '\\*/' },
  { name: 'comment.line.double-slash.ia64', begin: '//', end: '(?<!\\\\)$' },
];

const REPOSITORY: Readonly<Record<string, { readonly patterns: readonly Rule[] }>> = {
  comments: { patterns: COMMENTS },
  directives: {
    patterns: [
      {
        name: 'meta.preprocessor.ia64',
        begin: '^\\s*(#\\s*define)\\s+([A-Za-z_]\\w*)(\\([^)]*\\))?',
        end: '(?<!\\\\)$',
        beginCaptures: {
          1: { name: 'keyword.control.directive.ia64' },
          2: { name: 'entity.name.function.preprocessor.ia64' },
          3: { name: 'variable.parameter.preprocessor.ia64' },
        },
        patterns: [{ include: '#code' }],
      },
      {
        name: 'meta.preprocessor.ia64',
        begin:
          '^\\s*(#\\s*(?:include|include_next|import|undef|if|ifdef|ifndef|elif|else|endif|error|warning|line|pragma))\\b',
        end: '(?<!\\\\)$',
        beginCaptures: { 1: { name: 'keyword.control.directive.ia64' } },
        patterns: [
          { include: '#comments' },
          { include: '#strings' },
          { include: '#numbers' },
          { name: 'string.quoted.other.ia64', match: '<[^>\\s]*>' },
        ],
      },
      // What cpp leaves behind, and comments of sources that cpp does not read.
      { name: 'comment.line.number-sign.ia64', match: '^\\s*#.*$' },
    ],
  },
  strings: {
    patterns: [
      {
        name: 'string.quoted.double.ia64',
        begin: '"',
        end: '"|(?<!\\\\)$',
        patterns: [{ name: 'constant.character.escape.ia64', match: '\\\\.' }],
      },
      { name: 'string.quoted.single.ia64', match: "'(?:\\\\.|[^\\\\'])'?" },
    ],
  },
  labels: {
    patterns: [
      {
        match: `${STATEMENT}([A-Za-z_.$][\\w.$]*|\\d+)\\s*(::?)(?!=)`,
        captures: { 1: { name: 'entity.name.label.ia64' }, 2: { name: 'punctuation.separator.label.ia64' } },
      },
      { name: 'entity.name.label.tag.ia64', match: '\\[[A-Za-z_.$\\d][\\w.$]*:\\]' },
    ],
  },
  instructions: { patterns: instructions() },
  operations: {
    patterns: [
      {
        name: 'support.function.operation.ia64',
        match: `\\b${anyOf(operations.map(({ macro }) => macro))}(?:_P)?\\b`,
      },
    ],
  },
  assembler: {
    patterns: [{ match: `${STATEMENT}(\\.[a-z_][\\w.]*)`, captures: { 1: { name: 'keyword.other.directive.ia64' } } }],
  },
  registers: {
    patterns: [
      {
        name: 'variable.language.register.ia64',
        match: `(?<![\\w.$\\\\])(?:${registerNames().map(quoted).join('|')}|(?:in|loc|out)(?:[1-8]\\d|9[0-5]|\\d))(?!\\w|\\.\\w)`,
      },
    ],
  },
  numbers: {
    patterns: [
      { name: 'constant.other.label.ia64', match: '(?<![\\w.$])\\d+[fb](?!\\w)' },
      { name: 'constant.numeric.ia64', match: '(?<![\\w.$])(?:0[xX][0-9a-fA-F]+|0[bB][01]+|\\d+)(?:[uUlL]*)(?!\\w)' },
    ],
  },
  operators: {
    patterns: [
      { name: 'keyword.operator.stop.ia64', match: ';;' },
      { name: 'storage.modifier.relocation.ia64', match: '@[A-Za-z_]\\w*' },
      { name: 'variable.parameter.macro.ia64', match: '\\\\[A-Za-z_@(]\\w*' },
      { name: 'keyword.operator.ia64', match: '##?|<<|>>|[-+*/%&|^~!=<>]' },
    ],
  },
};

const CODE = [
  'comments',
  'strings',
  'labels',
  'instructions',
  'operations',
  'assembler',
  'registers',
  'numbers',
  'operators',
];

/** The grammar as its file has it. */
export function textmateText(): string {
  const grammar = {
    $schema: 'https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json',
    comment: 'Made of instructions.tsv, registers.tsv and operations.tsv: npm run textmate',
    name: 'IA-64 assembly',
    scopeName: 'source.ia64',
    fileTypes: ['S', 's'],
    patterns: [{ include: '#directives' }, { include: '#code' }],
    repository: { ...REPOSITORY, code: { patterns: CODE.map((name) => ({ include: `#${name}` })) } },
  };
  return `${JSON.stringify(grammar, null, 2)}\n`;
}
