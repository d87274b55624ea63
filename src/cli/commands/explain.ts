/** `pvasm explain FILE:LINE REGISTER`: why a register is free, or live, in every place that the line was expanded to. */
import { place } from '../../analysis/index.ts';
import { openProject } from '../../rewrite/open.ts';
import type { Unit } from '../../rewrite/units.ts';
import { ExitCode, Failure } from '../failure.ts';
import { failOnErrors, pipelineOptions } from '../options.ts';
import type { CommandArguments } from './command.ts';

export interface ExplainArguments extends Omit<CommandArguments, 'files'> {
  /** `FILE:LINE`. */
  readonly place: string;
  readonly register: string;
  /** Sources whose code the line is in, when FILE is a header of theirs. */
  readonly sources: readonly string[];
}

export function explainCommand(given: ExplainArguments): number {
  const { file, line } = splitPlace(given.place);
  const options = pipelineOptions({ ...given, files: [...new Set([...given.sources, file])] });
  const { project, diagnostics } = openProject(options);
  failOnErrors(diagnostics);
  const found = project.units.flatMap((unit) => explained(unit, file, line, given.register));
  if (found.length === 0) throw new Failure(`${file}:${line}: no instruction of this line was met in any configuration${given.sources.length === 0 ? '; for a header name a source that includes it, with --in' : ''}`);
  process.stdout.write(Buffer.from([...new Set(found)].join(''), 'latin1'));
  return ExitCode.clean;
}

/** `file:12`, the name with colons in it as it may be. */
function splitPlace(text: string): { file: string; line: number } {
  const match = /^(.+):(\d+)$/.exec(text);
  if (match === null) throw new Failure(`'${text}' is no place; give FILE:LINE`);
  return { file: match[1]!, line: Number(match[2]) };
}

/** One text for each instruction that the line spells, or that a macro called on it brings there. */
function explained({ analysis, configuration }: Unit, file: string, line: number, register: string): string[] {
  return analysis.instructions
    .filter((instruction) => {
      if (instruction.file.name === file && instruction.file.position(instruction.start).line === line) return true;
      for (let use = instruction.use; use !== null; use = use.parent) if (use.file.name === file && use.file.position(use.start).line === line) return true;
      return false;
    })
    .map((instruction) => {
      const text = instruction.file.text.slice(instruction.start, instruction.end).replace(/\s+/g, ' ');
      const { verdict, text: reason } = analysis.explain(instruction.index, register);
      return `${place(instruction)}: ${text}\n    ${verdict === 'dead' ? 'free' : 'not free'}, ${configuration}: ${reason}\n`;
    });
}
