import type { Finding } from '../../src/lint/finding.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { contextOf, conventionsWith, lintContext, NO_FLAGS } from './project.ts';

/** All findings in a piece of assembly, under the software conventions and `conventions` (TOML). */
export function lintSnippet(text: string, conventions = ''): readonly Finding[] {
  const source = new SourceText('example.S', text);
  const own = new SourceText('pvasm.toml', conventions);
  return lintContext(contextOf([source], NO_FLAGS, new Map(), conventionsWith(own), [own])).findings;
}
