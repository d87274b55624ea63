/** The convention files of grammar/conventions/, read when this module is evaluated. */
import linuxText from '../../grammar/conventions/linux-ia64.toml';
import softwareText from '../../grammar/conventions/software.toml';
import { SourceText } from '../syntax/source.ts';
import { type ConventionTables, readConventions } from './convention-reader.ts';
import { readToml } from './toml.ts';

/** The software conventions: every other convention file is read after them. */
export const softwareConventions: ConventionTables = read('software', softwareText);

/** The software conventions and those of the Linux kernel. */
export const linuxConventions: ConventionTables = read('linux-ia64', linuxText, softwareConventions);

/** Reads a shipped file without checking it: test/config/conventions.test.ts checks that all of them are valid. */
function read(name: string, text: string, before?: ConventionTables): ConventionTables {
  return readConventions([readToml(new SourceText(`grammar/conventions/${name}.toml`, text))], before).tables;
}
