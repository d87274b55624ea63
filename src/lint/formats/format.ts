/** What every output format is given. A format only prints: it never changes what is found or the exit status. */
import type { Severity } from '../../syntax/diagnostic.ts';
import type { SourceText } from '../../syntax/source.ts';
import type { Finding } from '../finding.ts';

/** What a format may say about a rule. */
export interface RuleDescription {
  readonly id: string;
  readonly name: string;
  readonly severity: Severity;
  readonly summary: string;
}

export interface FormatContext {
  /** The file's name relative to the project; see `names.ts`. */
  readonly nameOf: (file: SourceText) => string;
  /** All rules, in the order of their IDs, also those without findings. */
  readonly rules: readonly RuleDescription[];
  /** The address of a rule's page. */
  readonly pageOf: (rule: string) => string;
  readonly tool: { readonly name: string; readonly version: string; readonly page: string };
  /** Terminal colours; only the text format has them. */
  readonly colour: boolean;
}

/** Findings, in order, as text that ends with a line end, or the empty text where a format has nothing to say. */
export type Format = (findings: readonly Finding[], context: FormatContext) => string;

/** Line and column, counted from 1, as `file:line:column`. */
export function locationText(file: SourceText, offset: number, context: FormatContext): string {
  const { line, column } = file.position(offset);
  return `${context.nameOf(file)}:${line}:${column}`;
}

/**
 * Source texts hold one byte per character. Formats that are defined as Unicode show the bytes as UTF-8 where they are
 * that, else as latin-1.
 */
export function asUnicode(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\0-\xff]/.test(text)) return text;
  const decoded = Buffer.from(text, 'latin1').toString('utf8');
  return decoded.includes('\ufffd') ? text : decoded;
}

/** JSON with everything outside ASCII escaped: it is valid in whatever encoding the bytes are written. */
export function asciiJson(value: unknown): string {
  const json = JSON.stringify(value, null, 2);
  return `${json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

/** `2 findings`, `1 finding`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
