/**
 * The check that a listing is compiled with the -D and -U that it was made with: in other configurations its scratch
 * registers may be live.
 */
import type { TestedFlag } from '../project/reading.ts';

/**
 * Lines that make cpp fail when names have other definitions than the listing was made for.
 *
 * @param flags the -D and -U that conditions of the source depend on
 */
export function guardLines(flags: readonly TestedFlag[]): string[] {
  return flags.flatMap(({ command: flag, byValue }) => {
    if (flag.kind === 'include') return [];
    const [name = '', ...rest] = (flag.kind === 'define' ? flag.text : flag.name).split('=');
    const value = rest.length === 0 ? '1' : rest.join('=');
    const isNumber = /^(0x[\da-f]+|\d+)[ul]*$/i.test(value);
    const wrong =
      flag.kind === 'undef'
        ? `#ifdef ${name}`
        : byValue && isNumber
          ? `#if !defined(${name}) || ${name} != ${value}`
          : `#ifndef ${name}`;
    const option = flag.kind === 'define' ? `-D${flag.text}` : `-U${name}`;
    return [
      wrong,
      `#error "made by pvasm for ${option.replace(/["\\]/g, "'")}: compile it with the same flags"`,
      '#endif',
    ];
  });
}
