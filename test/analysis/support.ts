/** Runs the analysis as the tool does, on small programs written in the test. */
import linux from '../../grammar/conventions/linux-ia64.toml';
import software from '../../grammar/conventions/software.toml';
import { type Analysis, analyse } from '../../src/analysis/analysis.ts';
import { type Conventions, loadConventions } from '../../src/config/conventions.ts';
import { expandAssemblerMacros } from '../../src/macros/expand.ts';
import { parseTokens } from '../../src/syntax/parse.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { tokenize } from '../../src/syntax/tokenize.ts';

const shipped = [
  new SourceText('grammar/conventions/software.toml', software),
  new SourceText('grammar/conventions/linux-ia64.toml', linux),
];

/** The shipped conventions and, behind them, `more` in the same language. Throws when one of them is wrong. */
export function conventionsWith(more = ''): Conventions {
  const { conventions, diagnostics } = loadConventions([...shipped, new SourceText('test.toml', more)]);
  if (diagnostics.length > 0) throw new Error(diagnostics.map((diagnostic) => diagnostic.message).join('\n'));
  return conventions;
}

/** Analyses assembly text that needs no preprocessor, of a source that is read by it (`cpp`) or not. */
export function analyseText(
  text: string,
  conventions: Conventions = conventionsWith(),
  dialect: SourceText['dialect'] = 'gas',
): Analysis {
  const file = new SourceText('test.s', text, dialect);
  const expanded = expandAssemblerMacros(tokenize(file, { dialect, trivia: false }));
  const { statements, errors } = parseTokens(expanded.tokens);
  if (errors.length > 0) throw new Error(errors.map((error) => error.message).join('\n'));
  return analyse(statements, expanded.tokens, { conventions });
}
