/** Before any test: what the tests need and the project does not ship is found or fetched, once, or the run fails. */
import { prepareBinutilsSource } from '../../scripts/inputs/binutils.mjs';
import { prepareKernel } from '../../scripts/inputs/kernel.mjs';
import { provideCompiler } from '../../scripts/inputs/programs.mjs';
import { prepareToolchain } from '../../scripts/inputs/toolchain.mjs';

export default function setup(): void {
  provideCompiler();
  prepareToolchain();
  prepareKernel();
  prepareBinutilsSource();
}
