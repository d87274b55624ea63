/**
 * The command line's entry.
 *
 * @param args the arguments behind the program's name
 * @returns the exit status: 0 clean, 1 findings, 2 usage, input or internal error
 */
export async function main(args: readonly string[]): Promise<number> {
  process.stderr.write(`pvasm: unknown command: ${args[0] ?? '(none)'}\n`);
  return 2;
}
