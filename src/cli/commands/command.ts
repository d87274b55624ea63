import type { SourceText } from '../../syntax/source.ts';
import type { SettingArguments } from '../settings.ts';

/** What every command that reads sources is given. */
export interface CommandArguments extends SettingArguments {
  readonly files: readonly string[];
  /** Their texts, where they were read already: a pipe cannot be read twice. */
  readonly read?: readonly SourceText[] | undefined;
}
