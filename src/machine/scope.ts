/** What a name in an operand means where it stands. */

import type { Expression } from '../syntax/tree.ts';
import { constantValue } from './constants.ts';
import type { NameScope, RegisterFrame } from './naming.ts';
import { FIRST_STACKED } from './purposes.ts';
import type { Register } from './register.ts';
import { operandByName, registerByName, registerByNumber } from './register-table.ts';

/** r32: where the register frame begins. */
const ALIAS_DEPTH = 8;

/** The register that a name means: an architectural name, or in#, loc#, out# of the frame. */
export function resolveRegister(name: string, frame?: RegisterFrame | null): Register | undefined {
  return operandByName(name) ?? (frame ? stackedRegister(name, frame) : undefined);
}

/** The register that an operand means in a scope, aliases and rotating names (`x[2]`) included. */
export function operandRegister(operand: Expression, scope: NameScope): Register | undefined {
  switch (operand.kind) {
    case 'name':
      return nameRegister(operand.name, scope);
    case 'group':
      return operandRegister(operand.inner, scope);
    case 'indexed':
      return rotatingRegister(operand.name, operand.index, scope);
    default:
      return undefined;
  }
}

/** The register that a name means in a scope, aliases included. */
export function nameRegister(name: string, scope: NameScope): Register | undefined {
  let current = name;
  for (let depth = 0; depth < ALIAS_DEPTH; depth++) {
    const register = resolveRegister(current, scope.frame);
    if (register !== undefined) return register;
    const alias = scope.alias(current);
    if (alias === undefined) return undefined;
    current = alias;
  }
  return undefined;
}

function rotatingRegister(name: string, index: Expression, scope: NameScope): Register | undefined {
  if (operandByName(name) !== undefined || registerByName(name)?.class === 'file') return undefined;
  const base = nameRegister(name, scope);
  const offset = base && constantValue(index, scope);
  return offset === undefined ? undefined : registerByNumber(base!.class, base!.number + Number(offset));
}

/** True for in0, loc0, out0 ... up to 95, the most that a frame can have; gas takes `in00` and `loc96` for symbols. */
export function isStackedName(name: string): boolean {
  const digits = name.startsWith('in') ? 2 : name.startsWith('loc') || name.startsWith('out') ? 3 : 0;
  return digits !== 0 && /^(\d|[1-8]\d|9[0-5])$/.test(name.slice(digits));
}

function stackedRegister(name: string, frame: RegisterFrame): Register | undefined {
  if (!isStackedName(name)) return undefined;
  const kind = name.startsWith('in') ? 'in' : name.slice(0, 3);
  const index = Number(name.slice(kind.length));
  switch (kind) {
    case 'in':
      return index < frame.inputs ? registerByNumber('gr', FIRST_STACKED + index) : undefined;
    case 'loc':
      return index < frame.locals ? registerByNumber('gr', FIRST_STACKED + frame.inputs + index) : undefined;
    default:
      return index < frame.outputs
        ? registerByNumber('gr', FIRST_STACKED + frame.inputs + frame.locals + index)
        : undefined;
  }
}
