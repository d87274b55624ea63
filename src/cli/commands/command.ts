import type { SettingArguments } from '../settings.ts';

/** What every command that reads sources is given. */
export interface CommandArguments extends SettingArguments {
  readonly files: readonly string[];
}
