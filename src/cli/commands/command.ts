import type { GivenFiles, SettingArguments } from '../settings.ts';

/** What every command that reads sources is given. */
export type CommandArguments = SettingArguments & GivenFiles;
