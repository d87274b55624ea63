/** `pvasm explain`: why a register is free, or live, in every place that a line was expanded to; or what a rule is about. */
import { fileURLToPath } from 'node:url';
import type { ProgramInstruction } from '../../analysis/program/program.ts';
import { instructionText, place } from '../../analysis/program/spelling.ts';
import { suggestion } from '../../config/suggestion.ts';
import { RULES } from '../../lint/registry.ts';
import { FIRST_STACKED, isStackedName } from '../../machine/scope.ts';
import { definedAs } from '../../preprocess/definition.ts';
import { openProject } from '../../project/open.ts';
import { operations } from '../../project/operations.data.ts';
import type { Unit } from '../../project/units.ts';
import { formatCount } from '../../report/document.ts';
import { explainWord, meantWord } from '../../report/glossary.ts';
import { groupBy } from '../../report/group.ts';
import { documentText } from '../../report/text.ts';
import type { MacroUse } from '../../syntax/token.ts';
import { ExitCode, Failure } from '../failure.ts';
import { readOptional } from '../files.ts';
import { failOnErrors } from '../messages.ts';
import { writeOut } from '../output.ts';
import { splitPlace, withSlashes } from '../path-text.ts';
import { pipelineOptions } from '../settings.ts';
import { shippedTargets } from '../shipped.ts';
import type { CommandArguments } from './command.ts';

export interface ExplainArguments extends Omit<CommandArguments, 'files'> {
  /** `FILE:LINE`, the ID of a rule, an operation, an instruction, or a name of a shipped target. */
  readonly what: string;
  readonly register: string | null;
  /** Sources whose code the line is in, when FILE is a header of theirs. */
  readonly sources: readonly string[];
}

export function explainCommand(given: ExplainArguments): ExitCode {
  const text = /^PV\d+$/.test(given.what)
    ? rulePage(given.what)
    : /^[A-Za-z]\w*(\.\w+)*$/.test(given.what) && given.register === null
      ? wordText(given.what)
      : registerText(given);
  writeOut(text);
  return ExitCode.clean;
}

/** The page of a rule, which ships with the tool. */
function rulePage(id: string): string {
  for (const folder of ['../docs/rules/', '../../docs/rules/', '../../../docs/rules/']) {
    const page = readOptional(fileURLToPath(new URL(`${folder}${id}.md`, import.meta.url)));
    if (page !== undefined) return page;
  }
  const ids = RULES.map((rule) => rule.id);
  throw new Failure(`there is no rule ${id}${/^PV\d{3}$/.test(id) ? '' : suggestion(id, ids)}`);
}

/** What the tables say of an operation, a mnemonic or a name of a target. */
function wordText(word: string): string {
  const sources = { operations, targets: shippedTargets };
  const blocks = explainWord(word, sources);
  if (blocks.length === 0) {
    const rules = suggestion(
      word,
      RULES.map(({ id }) => id),
    );
    throw new Failure(
      `'${word}' is no operation, instruction, rule or name of a shipped target, and no FILE:LINE${meantWord(word, sources) || rules}`,
    );
  }
  return documentText(blocks);
}

function registerText(given: ExplainArguments): string {
  const asked = splitPlace(given.what);
  if (asked === null) throw new Failure(`'${given.what}' is no place; give FILE:LINE`);
  const { line } = asked;
  const file = withSlashes(asked.file);
  if (given.register === null) throw new Failure(`which register? give FILE:LINE REGISTER`);
  const { project, diagnostics } = openProject({
    ...pipelineOptions({ ...given, files: [...new Set([...given.sources, file])] }),
    everySource: true,
  });
  failOnErrors(diagnostics);
  const answers = groupBy(
    project.units.flatMap((unit) => answersOf(unit, file, line, given.register!)),
    ({ alike }) => alike,
  );
  if (answers.size === 0)
    throw new Failure(
      `${file}:${line}: no configuration has an instruction of this line; for a header name a source that includes it with --in`,
    );
  return [...answers.values()].map((all) => `${all[0]!.text}    (${whereElse(all)})\n`).join('');
}

/** What the first answer of those alike speaks for. */
function whereElse(all: readonly Answer[]): string {
  const configurations = new Set(all.map(({ configuration }) => configuration)).size - 1;
  const expansions = new Set(all.map(({ text }) => text)).size - 1;
  return [
    all[0]!.configuration,
    ...(configurations === 0 ? [] : [`and ${formatCount(configurations, 'other configuration')}`]),
    ...(expansions === 0 ? [] : [`and so in ${formatCount(expansions, 'other expansion')} of the macro`]),
  ].join(', ');
}

/** What is said of a register at one instruction. */
interface Answer {
  readonly text: string;
  /** The same without the macro call that the instruction comes from: calls with one answer are told of together. */
  readonly alike: string;
  readonly configuration: string;
}

/** One answer for each instruction that the line spells, or that a macro called on it brings there. */
function answersOf(unit: Unit, file: string, line: number, register: string): Answer[] {
  const { analysis, configuration } = unit;
  return analysis.instructions
    .filter((instruction) =>
      usesOf(instruction).some((use) => use.file.name === file && use.file.position(use.start).line === line),
    )
    .map((instruction) => {
      const where = place(instruction);
      const name = registerMeant(unit, instruction.index, register);
      const { verdict, text: reason } = analysis.explain(instruction.index, name);
      const answer = `    ${verdict === 'dead' ? 'free' : 'not free'}: ${reason}\n`;
      const call = / \(.*\)$/.exec(where)?.[0] ?? '';
      const alike = call === '' ? answer : answer.replaceAll(call, '');
      return {
        text: `${where}: ${instructionText(instruction)}\n${answer}`,
        alike: `${instruction.file.name}:${instruction.start} ${alike}`,
        configuration,
      };
    });
}

/** How many `#define`s of one name by another are followed. */
const ALIAS_DEPTH = 8;

/** The register as the analysis names it: also by a `#define`d name, and an input of a routine that says nothing of its frame. */
function registerMeant({ analysis, preprocessed }: Unit, instruction: number, asked: string): string {
  let name = asked;
  for (let depth = 0; depth < ALIAS_DEPTH; depth++) {
    if (analysis.hasRegister(instruction, name)) return name;
    const meaning = definedAs(preprocessed.macros.get(name));
    if (meaning === undefined) break;
    name = meaning;
  }
  if (name === 'pr') throw new Failure("'pr' is all predicates; ask for one of p0 to p63");
  if (!isStackedName(name)) throw new Failure(`'${asked}' is no register`);
  // The inputs are the first of the frame, whatever its size.
  const input = /^in(\d+)$/.exec(name)?.[1];
  if (input !== undefined) return `r${FIRST_STACKED + Number(input)}`;
  throw new Failure(
    `'${asked}' is no register here: no alloc or .regstk in front of the line gives it a frame with one`,
  );
}

/** Where an instruction is spelled, and the macro calls that carried it to its place. */
function usesOf(instruction: ProgramInstruction): Pick<MacroUse, 'file' | 'start'>[] {
  const places: Pick<MacroUse, 'file' | 'start'>[] = [instruction];
  for (let use = instruction.use; use !== null; use = use.parent) places.push(use);
  return places;
}
