import { prepareBinutilsSource } from '../../scripts/inputs/binutils.mjs';

/** Folder of the GNU binutils source, with opcodes/, include/opcode/ia64.h and gas/testsuite/gas/ia64/. */
export function binutilsSource(): string {
  return prepareBinutilsSource();
}
