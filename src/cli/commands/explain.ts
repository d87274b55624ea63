/** `pvasm explain`: why a register is free, or live, in every place that a line was expanded to; or what a rule is about. */
import { suggestion } from '../../config/suggestion.ts';
import { RULES } from '../../lint/registry.ts';
import { openProject } from '../../project/open.ts';
import { operations } from '../../project/operations.data.ts';
import { explainWord, meantWord } from '../../report/glossary.ts';
import { registerAnswers } from '../../report/register-answers.ts';
import { documentText } from '../../report/text.ts';
import { ExitCode, Failure } from '../failure.ts';
import { readText } from '../files.ts';
import { failOnErrors } from '../messages.ts';
import { writeOut } from '../output.ts';
import { packageFile } from '../package-files.ts';
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
  const path = packageFile(`docs/rules/${id}.md`);
  if (path !== null) return readText(path);
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
  const answers = registerAnswers(project.units, (each, at) => each.name === file && at === line, given.register);
  if (typeof answers === 'string') throw new Failure(answers);
  if (answers.length === 0)
    throw new Failure(
      `${file}:${line}: no configuration has an instruction of this line; for a header name a source that includes it with --in`,
    );
  return answers
    .map(
      ({ where, instruction, free, reason, elsewhere }) =>
        `${where}: ${instruction}\n    ${free ? 'free' : 'not free'}: ${reason}\n    (${elsewhere})\n`,
    )
    .join('');
}
