/** The bits of psr that the machine treats by themselves, as masks. Their numbers are in grammar/registers.tsv. */
import { registerFor } from '../machine/purposes.ts';
import { registerByName } from '../machine/register-table.ts';

/** A bit, or the low bit of a field. */
function bit(name: string): bigint {
  return 1n << BigInt(registerByName(`psr.${name}`)!.number);
}

export const PSR = {
  be: bit('be'),
  ac: bit('ac'),
  mfl: bit('mfl'),
  mfh: bit('mfh'),
  ic: bit('ic'),
  i: bit('i'),
  dt: bit('dt'),
  dfh: bit('dfh'),
  pp: bit('pp'),
  rt: bit('rt'),
  cpl: bit('cpl') * 3n,
  it: bit('it'),
  ri: bit('ri') * 3n,
  ed: bit('ed'),
  bn: bit('bn'),
};

/** The names of the bits that a hypervisor may keep in memory. */
export const COLLECTION_BIT = registerFor('interruption-collection').name;
export const INTERRUPT_BIT = registerFor('interrupts').name;
