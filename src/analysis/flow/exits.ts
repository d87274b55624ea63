/**
 * What code outside the program may read and destroy when control goes there: conventions where one speaks of it, the
 * software conventions in ordinary code, everything elsewhere.
 */

import { type Conventions, conventionName } from '../../config/conventions.ts';
import { ALL_REGISTERS, BANK0_REGISTERS, type Bank, branch } from '../../machine/register-numbers.ts';
import type { Program } from '../program/program.ts';
import { DERIVED, isExternal, mayBeHere, RETURN_OR_GIVEN, SOME_BLOCK } from './code-addresses.ts';
import type { BasicBlock, Terminator } from './flow.ts';
import { type FlowState, held } from './state.ts';

/** What is read outside; null: everything. `why` says by what rule. */
export interface ExternalReader {
  readonly reads: readonly number[] | null;
  readonly why: string;
}

/** What a routine of another file does to a caller. */
export interface ExternalCall extends ExternalReader {
  readonly clobbers: readonly number[];
  /** Does it come back to the instruction behind the call? */
  readonly returns: boolean;
}

/**
 * A point at which control leaves the program: the branch, its routine, the bank, and the abstract state in front of it.
 */
export interface ExitSite {
  readonly terminator: Terminator;
  /** Name of the `.proc`, or empty. */
  readonly routine: string;
  readonly bank: Bank;
  readonly state: FlowState;
  /** Did a compiler write the branch? */
  readonly compiled: boolean;
}

export function exitSite(
  { instructions, routines, compiled }: Program,
  conventions: Conventions,
  { first, last, terminator }: BasicBlock,
  bank: Bank,
  state: FlowState,
): ExitSite {
  const { routine } = instructions[first]!;
  return {
    terminator,
    routine: routine < 0 ? '' : conventionName(conventions, routines[routine]!.name),
    bank,
    state,
    compiled: compiled?.[last] === 1,
  };
}

/**
 * Ordinary kernel code, where the software conventions hold: bank 1, interruptions collected. Compilers know nothing of psr.ic:
 * what they write keeps to the conventions without it.
 */
function isOrdinary({ bank, state, compiled }: ExitSite): boolean {
  return bank === 1 && (state.psrIc === 1 || compiled);
}

/** A call of a routine outside this program. */
export function callExit(conventions: Conventions, site: ExitSite): ExternalCall {
  const { terminator, bank, state, compiled } = site;
  const symbol = terminator.symbol === null ? undefined : conventions.symbols.get(terminator.symbol);
  if (symbol !== undefined) {
    const returns = symbol.link === terminator.link;
    return {
      reads: symbol.reads[bank],
      clobbers: symbol.clobbers[bank],
      returns,
      why: `the convention of ${symbol.name}`,
    };
  }
  const { call } = conventions;
  if (isOrdinary(site) && (compiled || !mayCallHere(terminator, state))) {
    const why = 'the software conventions of a call';
    if (terminator.link === 0) return { reads: call.reads[bank], clobbers: call.clobbers[bank], returns: true, why };
    // The return address was put into b0 by hand: the link register is only there because a call must have one.
    const back = held(state, branch(0));
    if (back > 0 || back === SOME_BLOCK || isExternal(back)) {
      const reads = [...call.reads[bank], branch(0)];
      return { reads, clobbers: call.clobbers[bank], returns: false, why: `${why} that returns through b0` };
    }
  }
  return { reads: null, clobbers: [], returns: true, why: 'a call that no convention describes' };
}

/** The handler of a `break`: without a convention it may be anything. */
export function breakExit({ terminator: { kind, handler }, bank }: ExitSite): ExternalCall {
  const returns = kind === 'break';
  if (handler === null) return { reads: null, clobbers: [], returns, why: 'a break that no convention describes' };
  const { reads, clobbers, returns: results } = handler;
  return {
    reads: reads === null ? null : reads[bank],
    clobbers: [...clobbers[bank], ...results[bank]],
    returns,
    why: 'the handler of the break, by its convention',
  };
}

/** Whether a call may enter code of this file elsewhere than at a known routine's start. */
function mayCallHere({ through, symbol }: Terminator, state: FlowState): boolean {
  return through === null ? symbol === null : mayBeHere(held(state, branch(through)));
}

/** A branch through a register whose value is not known. */
export function returnExit(conventions: Conventions, site: ExitSite): ExternalReader {
  const { terminator, routine, bank, state, compiled } = site;
  const { through, kind } = terminator;
  const listed = listedExit(conventions, routine, kind === 'return' ? 'return' : 'jump', bank);
  if (listed !== undefined) return listed;
  const symbol = conventions.symbols.get(routine);
  if (symbol?.returns != null && symbol.link === through) {
    return { reads: symbol.returns[bank], why: `the callers of ${routine}` };
  }
  const computed = through !== null && [DERIVED, RETURN_OR_GIVEN].includes(held(state, branch(through)));
  if (isOrdinary(site) && through === 0 && (compiled || !computed)) {
    // Without br.ret the frame stays, and ar.pfs may still be wanted: where the branch leads may be one more routine.
    const reads = kind === 'return' ? [conventions.return] : [conventions.return, conventions.jump];
    return {
      reads: [...new Set(reads.flatMap((convention) => convention.reads[bank]))],
      why: 'the caller, by the software conventions',
    };
  }
  if (isOrdinary(site) && compiled && kind === 'indirect') {
    return { reads: conventions.jump.reads[bank], why: 'what a pointer leads to, by the software conventions' };
  }
  return { reads: null, why: `code that b${through} leads to` };
}

/**
 * Does a convention describe this exit? Then control goes where that says, and not to addresses that are only assumed to be
 * possible.
 */
export function isDescribed(conventions: Conventions, { terminator, routine, bank }: ExitSite): boolean {
  if (listedExit(conventions, routine, terminator.kind === 'return' ? 'return' : 'jump', bank) !== undefined)
    return true;
  const symbol = conventions.symbols.get(routine);
  return symbol?.returns != null && symbol.link === terminator.through;
}

/** A branch to a symbol of another file, or to an address that cannot be told. */
export function jumpExit(conventions: Conventions, site: ExitSite): ExternalReader {
  const { terminator, routine, bank } = site;
  const { symbol } = terminator;
  const convention = symbol === null ? undefined : conventions.symbols.get(symbol);
  if (convention !== undefined) return { reads: convention.reads[bank], why: `the convention of ${symbol}` };
  const listed = listedExit(conventions, routine, 'jump', bank);
  if (listed !== undefined) return listed;
  if (symbol !== null && isOrdinary(site)) {
    return { reads: conventions.jump.reads[bank], why: `${symbol}, by the software conventions` };
  }
  return { reads: null, why: symbol ?? 'an address that cannot be told' };
}

function listedExit(
  conventions: Conventions,
  routine: string,
  kind: 'jump' | 'return',
  bank: Bank,
): ExternalReader | undefined {
  const listed = conventions.exits.find(
    (exit) => exit.routine === routine && exit.kind === kind && (exit.bank ?? bank) === bank,
  );
  if (listed?.reads == null) return undefined;
  return { reads: listed.reads[bank], why: `what follows ${routine}, by its convention` };
}

/** An rfi that is a switch of modes, not a return: this file goes on behind it, and no convention speaks of that. */
export const SWITCHES = 'code of this file that it switches to';

/** SDM vol. 2, 5.5: rfi gives everything back to the interrupted code, but for bank 0 of r16-r31. */
export function rfiExit(conventions: Conventions, { routine, bank, state }: ExitSite): ExternalReader {
  if (mayBeHere(state.resumesAt)) return { reads: null, why: SWITCHES };
  const dead = new Set(bank === 0 ? BANK0_REGISTERS : []);
  for (const exit of conventions.exits) {
    if (exit.kind !== 'rfi' || exit.routine !== routine || (exit.bank ?? bank) !== bank) continue;
    for (const register of exit.dead[bank]) dead.add(register);
  }
  return {
    reads: dead.size === 0 ? null : ALL_REGISTERS.filter((register) => !dead.has(register)),
    why: 'the interrupted code',
  };
}
