/**
 * The check that a listing is compiled with the -D and -U, and assembled with the --defsym, that it was made with: in other
 * configurations its scratch registers may be live.
 */
import type { Command } from '../preprocess/types.ts';
import type { TestedFlag } from '../project/reading.ts';

/**
 * Lines that make the assembler fail where its command line gives symbols other values than the listing was made for.
 *
 * @param commands of the call; those of `--defsym` count
 * @param absent names that conditions of the source have found undefined
 */
export function symbolGuardLines(commands: readonly Command[], absent: readonly string[]): string[] {
  const given = commands.flatMap((command) => {
    const [, name, value] = (command.kind === 'assembly' && /^(.*) = (.*)$/.exec(command.line)) || [];
    return name === undefined ? [] : [{ name, value }];
  });
  return [
    ...given.flatMap(({ name, value }) => {
      const refused = `.error "made by pvasm for --defsym ${name}=${value}: assemble it with the same option"`;
      return [`.ifndef ${name}`, refused, `.elseif ${name} != ${value}`, refused, '.endif'];
    }),
    ...absent.flatMap((name) => [
      `.ifdef ${name}`,
      `.error "made by pvasm for no --defsym ${name}: give pvasm the same option"`,
      '.endif',
    ]),
  ];
}

/**
 * Lines that make cpp fail when names have other definitions than the listing was made for.
 *
 * @param flags the -D and -U that conditions of the source depend on
 */
export function guardLines(flags: readonly TestedFlag[]): string[] {
  return flags.flatMap(({ command: flag, byValue }) => {
    if (flag.kind === 'include' || flag.kind === 'assembly') return [];
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
