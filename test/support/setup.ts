/** Before any test of `tools` and `slow`: what they need and the project does not ship is found or fetched, once, or the run fails. */
import { prepareBinutilsSource } from '../../scripts/inputs/binutils.mjs';
import { prepareBrowser } from '../../scripts/inputs/browser.mjs';
import { prepareKernel } from '../../scripts/inputs/kernel.mjs';
import { NODE_VERSIONS, prepareNode } from '../../scripts/inputs/nodes.mjs';
import { provideCompiler, providePatch } from '../../scripts/inputs/programs.mjs';
import { prepareToolchain } from '../../scripts/inputs/toolchain.mjs';
import { provideBuilt } from './built.ts';

export default function setup(): void {
  provideBuilt();
  provideCompiler();
  prepareToolchain();
  prepareKernel();
  prepareBinutilsSource();
  prepareBrowser();
  providePatch();
  for (const version of NODE_VERSIONS) prepareNode(version);
}
