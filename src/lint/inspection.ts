/**
 * The reports of the rules about a part of a check's files: a source, or several with the headers that they share. It is
 * plain data and all that is kept of a part, so that the tokens and code of one part are garbage before the next is read.
 */
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { SourceText } from '../syntax/source.ts';
import { maySuppress } from './accept/suppressions.ts';
import type { RuleContext } from './context.ts';
import type { DraftFinding } from './finding.ts';
import { RULES } from './registry.ts';
import type { Rule } from './rule.ts';
import { mentionedNames } from './rules/unused-convention.PV017.ts';

/** A part, read and analysed. */
export interface CheckSubject {
  readonly context: RuleContext;
  /** What preprocessor, assembler macros and parser had to say. */
  readonly diagnostics: readonly Diagnostic[];
  /** How many configurations of how many sources were looked at, summed up. */
  readonly configurations: number;
  /** False when a source has more configurations than were tried. */
  readonly complete: boolean;
}

export interface Inspection extends Omit<CheckSubject, 'context'> {
  /** By the IDs of the rules. */
  readonly reports: readonly (readonly [rule: string, report: DraftFinding])[];
  /** The files in which findings can stand, and whose comments speak to this tool: those of the call, and such headers. */
  readonly files: readonly SourceText[];
  /** The files that call a macro of a vocabulary. */
  readonly converted: readonly SourceText[];
  /** The names of the project's own conventions that the code has. */
  readonly mentioned: readonly string[];
}

/** @param rules those that are asked; all when left out */
export function inspect({ context, ...rest }: CheckSubject, rules: readonly Rule[] = RULES): Inspection {
  const reports = rules.flatMap(({ id, check }) =>
    check === null ? [] : Array.from(check(context), (report) => [id, report] as const),
  );
  const { project } = context;
  const entered = new Set(project.units.flatMap(({ preprocessed }) => preprocessed.files));
  const speaking = [...entered].filter(maySuppress).map((file) => project.tree(file).tree.file);
  const files = [...new Set([...project.editable(), ...speaking])];
  const converted = [...new Set(context.calls.map(({ file }) => file))];
  return { ...rest, reports, files, converted, mentioned: mentionedNames(context) };
}
