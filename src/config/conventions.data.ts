/** What grammar/conventions/ says. */
import linuxText from '../../grammar/conventions/linux-ia64.toml';
import softwareText from '../../grammar/conventions/software.toml';
import { formatDiagnostic } from '../syntax/diagnostic.ts';
import { SourceText } from '../syntax/source.ts';
import { readConventions, type Said } from './convention-reader.ts';

/** The software conventions: they come first, whatever else is said. */
export const softwareConventions: Said = read('software', softwareText);

/** The software conventions and those of the Linux kernel. */
export const linuxConventions: Said = read('linux-ia64', linuxText, softwareConventions);

function read(name: string, text: string, before?: Said): Said {
  const file = new SourceText(`grammar/conventions/${name}.toml`, text);
  const { said, diagnostics } = readConventions([file], before);
  if (diagnostics.length > 0) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
  return said;
}
