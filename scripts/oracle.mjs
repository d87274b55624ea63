/**
 * The oracle of test/oracle by hand: `npm run oracle -- --programs 50000 --seed 7 [--kinds calls,masks]`.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    programs: { type: 'string', default: '50000' },
    seed: { type: 'string', default: '1' },
    kinds: { type: 'string' },
  },
});
const { status } = spawnSync('npx', ['vitest', 'run', 'test/oracle', '-t', 'random programs'], {
  stdio: 'inherit',
  env: {
    ...process.env,
    PVASM_ORACLE_PROGRAMS: values.programs,
    FC_SEED: values.seed,
    ...(values.kinds === undefined ? {} : { PVASM_ORACLE_KINDS: values.kinds }),
  },
});
process.exitCode = status ?? 2;
