/**
 * Vocabularies: the macros that stand for privileged and sensitive instructions, pvasm's own and those that people
 * wrote by hand. A vocabulary gives each macro its native meaning as a `#define`, so that the preprocessor expands
 * hand macros and ours alike and the analysis sees real instructions, while every token still knows the call it came
 * from; and it says what each argument is for, which no expansion can tell.
 */

import { suggestion } from '../config/suggestion.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { SourceText } from '../syntax/source.ts';

/** What an argument is for; the list in grammar/vocabularies/linux-hand-macros.tsv explains them. */
export const ROLES = [
  'predicate',
  'operand',
  'branch',
  'scratch',
  'scratch-predicate',
  'scratch-frame',
  'late-predicate',
  'text',
] as const;
export type Role = (typeof ROLES)[number];

export interface MacroParameter {
  readonly name: string;
  readonly role: Role;
}

export interface VocabularyMacro {
  readonly name: string;
  /** Null: the macro has no parameter list. */
  readonly parameters: readonly MacroParameter[] | null;
  /** The scratch arguments of a macro may be as many as its targets need: more arguments than parameters are right. */
  readonly variadic: boolean;
  /** The native meaning, as a macro body over the parameters; null: the source tree defines it. */
  readonly native: string | null;
  /** Registers that some target's version changes and no argument names. */
  readonly hides: readonly string[];
}

export interface Vocabulary {
  /** The file it was read from, as messages show it. */
  readonly name: string;
  readonly macros: ReadonlyMap<string, VocabularyMacro>;
  /** A header with one `#define` line for each macro that has a native meaning. */
  readonly defines: SourceText;
}

const COLUMNS = ['macro', 'parameters', 'native', 'hides'] as const;

/** Reads a vocabulary file (tab-separated; the columns are explained in its own comments). Never throws. */
export function loadVocabulary(file: SourceText): {
  readonly vocabulary: Vocabulary;
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const macros = new Map<string, VocabularyMacro>();
  let header: readonly string[] | null = null;
  let start = 0;
  for (const line of file.text.split('\n')) {
    const at = start;
    start += line.length + 1;
    const content = line.replace(/\r$/, '');
    if (content.trim() === '' || content.startsWith('#')) continue;
    const fail = (message: string): void =>
      void diagnostics.push({ severity: 'error', message, file, start: at, end: at + content.length });
    const cells = content.split('\t').map((cell) => cell.trim());
    if (header === null) {
      header = cells;
      const missing = COLUMNS.find((column) => !cells.includes(column));
      if (missing !== undefined) {
        fail(`the first line must name the columns ${COLUMNS.join(', ')}: '${missing}' is missing`);
        break;
      }
      continue;
    }
    const columns = header;
    const cell = (column: string): string => cells[columns.indexOf(column)] ?? '';
    const macro = readMacro(cell);
    if (typeof macro === 'string') fail(macro);
    else if (macros.has(macro.name)) fail(`'${macro.name}' is here twice`);
    else macros.set(macro.name, macro);
  }
  return { vocabulary: makeVocabulary(file.name, macros.values()), diagnostics };
}

/** A vocabulary of macros that were made some other way, such as pvasm's own from the table of operations. */
export function makeVocabulary(name: string, macros: Iterable<VocabularyMacro>): Vocabulary {
  const byName = new Map<string, VocabularyMacro>();
  let defines = '';
  for (const macro of macros) {
    byName.set(macro.name, macro);
    if (macro.native !== null) defines += `#define ${macro.name}${parameterList(macro)} ${macro.native}\n`;
  }
  return { name, macros: byName, defines: new SourceText(name, defines) };
}

/** One lookup over several vocabularies; the first that has the macro decides. */
export function findMacro(vocabularies: readonly Vocabulary[], name: string): VocabularyMacro | undefined {
  for (let index = 0; index < vocabularies.length; index++) {
    const macro = vocabularies[index]!.macros.get(name);
    if (macro !== undefined) return macro;
  }
  return undefined;
}

function parameterList({ parameters, variadic }: VocabularyMacro): string {
  if (parameters === null) return '';
  const names = parameters.map((parameter) => parameter.name);
  return `(${[...names, ...(variadic ? ['...'] : [])].join(', ')})`;
}

/** The macro of one line, or what is wrong with it. */
function readMacro(cell: (column: string) => string): VocabularyMacro | string {
  const name = cell('macro');
  if (!isIdentifier(name)) return `'${name}' is not a macro's name`;
  const list = cell('parameters');
  const parameters = list === '-' ? null : readParameters(list);
  if (typeof parameters === 'string') return parameters;
  const native = cell('native');
  if (native === '') return `'${name}' has no native meaning; '-' says that the source tree defines it`;
  const hides = cell('hides');
  return {
    name,
    parameters,
    variadic: false,
    native: native === '-' ? null : native,
    hides: hides === '-' || hides === '' ? [] : hides.split(/\s+/),
  };
}

function readParameters(list: string): readonly MacroParameter[] | string {
  const parameters: MacroParameter[] = [];
  for (const item of list.split(/\s+/).filter((word) => word !== '')) {
    const [name = '', role = ''] = item.split(':', 2);
    if (!isIdentifier(name)) return `'${name}' is not a parameter's name`;
    if (!(ROLES as readonly string[]).includes(role))
      return `'${role}' is not what an argument can be for (${ROLES.join(', ')})${suggestion(role, ROLES)}`;
    if (parameters.some((parameter) => parameter.name === name)) return `the parameter '${name}' is here twice`;
    parameters.push({ name, role: role as Role });
  }
  return parameters;
}

function isIdentifier(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);
}
