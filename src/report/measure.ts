/** What code costs: listings are preprocessed, parsed and laid out as the assembler does it, and then counted. */

import { posix } from 'node:path';
import { layOut, type Program } from '../analysis/program/program.ts';
import { layoutProgram } from '../bundles/bundles.ts';
import type { Layout } from '../bundles/run.ts';
import { type MeasuredSlot, measureSlots } from '../bundles/vectors.ts';
import { isOfClass } from '../machine/classes.ts';
import { expandAssemblerMacros } from '../macros/expand.ts';
import { createCache, type PreprocessCache } from '../preprocess/cache.ts';
import type { Host } from '../preprocess/host.ts';
import { preprocess } from '../preprocess/preprocess.ts';
import { fileKey, readableByCpp } from '../project/files.ts';
import { nativeMacros } from '../project/native.ts';
import type { ProjectOptions } from '../project/open.ts';
import { parseTokens } from '../syntax/parse.ts';
import { SourceText } from '../syntax/source.ts';
import { isForPatcher } from './joint-routines.ts';
import type { Size } from './model.ts';

/** Bytes of a bundle. */
const BUNDLE = 16;

export interface Measurement extends Size {
  /** Bytes of records and replacements. */
  readonly apart: number;
  /** Slots of vector tables, in the order of the source. */
  readonly slots: readonly NamedSlot[];
}

export interface NamedSlot extends MeasuredSlot {
  /** The last label between the opening of the slot and its first instruction. */
  readonly label: string | null;
}

/**
 * Measures a source with texts in place of files: a listing, and the listings of its headers.
 * `texts` by `fileKey`; files that are not among them are read as the call reads them.
 */
export type Measure = (source: SourceText, texts: ReadonlyMap<string, string>) => Measurement;

export function measurer(options: ProjectOptions): Measure {
  const programOf = listingReader(options);
  return (source, texts) => measureProgram(programOf(source, texts));
}

/**
 * Reads a source with texts in place of files, as the assembler would. Headers that no listing replaces are read and cut up once
 * for all calls.
 */
export function listingReader(
  options: ProjectOptions,
): (source: SourceText, texts: ReadonlyMap<string, string>) => Program {
  const { includeDirs, quoteDirs, commands } = options;
  const macros = nativeMacros(options.operations);
  const shared = createCache();
  return (source, texts) => {
    const host: Host = { read: (path) => texts.get(posix.normalize(path)) ?? options.host.read(path) };
    const own = createCache();
    const cache: PreprocessCache = {
      file: (path) => (texts.has(posix.normalize(path)) ? own : shared).file(path, host),
      structure: (file) => shared.structure(file),
    };
    const input = new SourceText(source.name, texts.get(fileKey(source)) ?? source.text, source.dialect);
    const { tokens } = preprocess(readableByCpp(input), {
      includeDirs,
      quoteDirs,
      commands,
      strict: false,
      host,
      macros,
      cache,
    });
    const expanded = expandAssemblerMacros(tokens);
    return layOut(parseTokens(expanded.tokens).statements, expanded.tokens);
  };
}

/** What is kept is figures: the program of a listing may be larger than all else that a report is made of. */
function measureProgram(program: Program): Measurement {
  const layout = layoutProgram(program);
  const slots = measureSlots(layout, program.statements);
  return {
    ...measureApart(program, layout),
    slots: slots.map((slot) => ({ ...slot, label: labelAt(program, slot.statement) })),
  };
}

function labelAt({ statements }: Program, opening: number): string | null {
  let name: string | null = null;
  for (let at = opening; at < statements.length && statements[at]!.kind !== 'instruction'; at++) {
    const statement = statements[at]!;
    if (statement.kind === 'label' && !/^\d/.test(statement.name)) name = statement.name;
    if (statement.kind === 'directive' && statement.name === '.org' && at > opening) break;
  }
  return name;
}

/** Of a listing with records: its code, and what the records and replacements take. */
export function measureApart(
  program: Program,
  layout: Layout = layoutProgram(program),
): Size & { readonly apart: number } {
  const own = layout.sections.map((section) => ({ ...section, code: section.code && !isForPatcher(section.name) }));
  const sum = (sections: Layout['sections'], counts: (section: Layout['sections'][number]) => boolean) =>
    sections.reduce((total, section) => total + (counts(section) ? section.size : 0), 0);
  return {
    bytes: sum(own, ({ code }) => code),
    ...countCode(program, { ...layout, sections: own }),
    apart: sum(layout.sections, ({ name }) => isForPatcher(name)),
  };
}

/** Counts as a disassembler would: instructions in sections of code, without nops. */
function countCode(program: Program, layout: Layout): Pick<Size, 'instructions' | 'stops'> {
  let instructions = 0;
  let stops = 0;
  /** Whether there was an instruction, and no stop after it yet. */
  let open = false;
  const stop = () => {
    if (open) stops++;
    open = false;
  };
  /** Bundle behind the last instruction, and whether an `.align` has come since. */
  let reached = -1;
  let aligned = false;
  for (const [at, statement] of program.statements.entries()) {
    const instruction = program.instructions[program.instructionOf[at]!];
    if (instruction !== undefined) {
      const { form } = instruction.effects;
      const bundle = Math.floor(layout.offset[at]! / BUNDLE);
      // The assembler puts stops where an instruction must be the first or the last of its group (SDM vol. 3, ch. 2).
      if (form?.position === 'first') {
        stop();
        // Then the nops that an `.align` right before it has filled in end in one, too (gas, ia64_handle_align).
        if (aligned && reached >= 0 && bundle > reached) stops++;
      }
      open = layout.sections[layout.section[at]!]?.code === true;
      if (open && !isOfClass(form, 'nops')) instructions++;
      if (form?.position === 'last') stop();
      reached = bundle + 1;
      aligned = false;
    } else if (statement.kind === 'stop' || layout.endsGroup[at] === 1) stop();
    if (statement.kind === 'directive') aligned = statement.name === '.align';
  }
  stop();
  return { instructions, stops };
}
