/** Hovers: the effects of an instruction, why a register is free or live, the definition of a macro. */
import type { Effects } from '../machine/effects.ts';
import { registerNamed } from '../machine/register-numbers.ts';
import { operandByName } from '../machine/register-table.ts';
import { fileKey } from '../project/files.ts';
import { code, type DocumentBlock, paragraph } from '../report/document.ts';
import { explainInstruction, explainWord } from '../report/glossary.ts';
import { documentMarkdown } from '../report/markdown.ts';
import { type RegisterAnswer, registerAnswers } from '../report/register-answers.ts';
import { macroDefinitions } from './macros.ts';
import { type EditorView, type FileWord, unitsOf, wordUnder } from './view.ts';

export interface Hover extends FileWord {
  /** Markdown. */
  readonly says: string;
}

/** Most lines shown of a definition. */
const DEFINITION_LINES = 30;
/** Most instances shown of a line that macros expand several times. */
const MOST_ANSWERS = 5;

export function hoverAt(view: EditorView, offset: number): Hover | null {
  const word = wordUnder(view, offset);
  if (word === null) return null;
  const says = [tableText, registerText, macroText].map((say) => say(view, word)).find((text) => text !== '');
  return says === undefined ? null : { ...word, says };
}

/** The reference text for an instruction, for the macro of an operation, or for a symbol of a target file. */
function tableText(view: EditorView, { text, start }: FileWord): string {
  const spelled = view.tree.at(start);
  const sources = {
    operations: view.operations.all,
    targets: Object.fromEntries(view.targets.map(({ target }) => [target.name, target.file.text])),
  };
  if (spelled?.kind === 'instruction') {
    const effects = effectsAt(view, start);
    if (effects?.form) return documentMarkdown(explainInstruction(text, effects));
    // A macro of the sources may have the name of an instruction, and hides it.
    if (macroDefinitions(view, text).length > 0) return '';
  } else if (!/^[A-Z]\w*$/.test(text)) return '';
  return documentMarkdown(explainWord(text, sources).slice(1));
}

/** The effects of the instruction at an offset; null when no configuration has it. */
function effectsAt(view: EditorView, start: number): Effects | null {
  const key = fileKey(view.file);
  for (const { analysis } of unitsOf(view)) {
    const found = analysis.instructions.find((each) => each.start === start && fileKey(each.file) === key);
    if (found !== undefined) return found.effects;
  }
  return null;
}

function registerText(view: EditorView, { text, start }: FileWord): string {
  const key = fileKey(view.file);
  const { line } = view.file.position(start);
  const answers = registerAnswers(unitsOf(view), (file, at) => at === line && fileKey(file) === key, text);
  const known = operandByName(text);
  if (known === undefined && (typeof answers === 'string' || answers.length === 0)) return '';
  const about = explainWord(text, { operations: view.operations.all, targets: {} }).slice(1);
  if (known !== undefined && registerNamed(known.name) < 0) return documentMarkdown(about);
  const blocks =
    typeof answers === 'string' || answers.length === 0 ? [notRun(view)] : states(view, text, line, answers);
  return documentMarkdown([...blocks, ...about]);
}

function states(view: EditorView, text: string, line: number, answers: readonly RegisterAnswer[]): DocumentBlock[] {
  const more = answers.length - MOST_ANSWERS;
  const rest = paragraph(`and ${more} more: pvasm explain ${view.file.name}:${line} ${text}`);
  return [...answers.slice(0, MOST_ANSWERS).map(answerBlock), ...(more > 0 ? [rest] : [])];
}

function notRun({ project }: EditorView): DocumentBlock {
  return paragraph(
    project === null
      ? 'Nothing is known of its state: the file has errors, or no source includes it.'
      : 'No configuration that was looked at has an instruction of this line.',
  );
}

function answerBlock({ where, instruction, free, reason, elsewhere }: RegisterAnswer): DocumentBlock {
  return {
    kind: 'entry',
    title: `${free ? 'free' : 'not free'} behind ${code(instruction)}`,
    lines: [
      { label: '', text: reason },
      { label: 'at', text: `${where} (${elsewhere})` },
    ],
  };
}

/** The definition of a macro as spelled. */
function macroText(view: EditorView, { text }: FileWord): string {
  return macroDefinitions(view, text)
    .map(({ file, start, end }) => {
      const lines = file.text.slice(start, end).split(/\r?\n/);
      const shown = lines.length > DEFINITION_LINES ? [...lines.slice(0, DEFINITION_LINES), '...'] : lines;
      const fence = '`'.repeat(Math.max(3, ...lines.map((line) => (/`+/.exec(line)?.[0].length ?? 0) + 1)));
      return `${fence}ia64\n${shown.join('\n')}\n${fence}\n\n${code(`${file.name}:${file.position(start).line}`)}\n`;
    })
    .join('\n');
}
