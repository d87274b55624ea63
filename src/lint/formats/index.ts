import type { Format } from './format.ts';
import { gcc } from './gcc.ts';
import { github } from './github.ts';
import { json } from './json.ts';
import { sarif } from './sarif.ts';
import { text } from './text.ts';

/** Every output format of `pvasm check`, by the name that `--format` takes. */
export const formats = { text, gcc, json, sarif, github } as const satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;
