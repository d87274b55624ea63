/**
 * Linux's hand-made paravirtualization macros of 2008, turned back into the instructions they stand for, so that the
 * result is plain assembly as it was before anyone paravirtualized it.
 *
 * Signatures and meanings: arch/ia64/include/asm/native/inst.h. A qualifying predicate `p0` is not written.
 */
const CONTROL_REGISTERS = {
  'MOV_FROM_@(reg)': ['ifa', 'itir', 'isr', 'iha', 'iim', 'iip'],
  'MOV_TO_@(reg, clob)': ['ifa', 'iip'],
  'MOV_TO_@(pred, reg, clob)': ['itir', 'iha', 'ipsr', 'ifs'],
};

/** Macro call, and the plain text it stands for. */
const PLAIN = [
  ['MOV_FROM_IPSR(pred, reg)', '(pred) mov reg=cr.ipsr'],
  ['MOV_FROM_IVR(reg, clob)', 'mov reg=cr.ivr'],
  ['MOV_FROM_PSR(pred, reg, clob)', '(pred) mov reg=psr'],
  ['MOV_FROM_ITC(pred, pred_clob, reg, clob)', '(pred) mov reg=ar.itc'],
  ['MOV_TO_KR(kr, reg, clob0, clob1)', 'mov IA64_KR(kr)=reg'],
  ['ITC_I_AND_D(pred_i, pred_d, reg, clob)', '(pred_i) itc.i reg; (pred_d) itc.d reg'],
  ['ITC_I(pred, reg, clob)', '(pred) itc.i reg'],
  ['ITC_D(pred, reg, clob)', '(pred) itc.d reg'],
  ['THASH(pred, reg0, reg1, clob)', '(pred) thash reg0=reg1'],
  ['SSM_PSR_IC_AND_DEFAULT_BITS_AND_SRLZ_I(clob0, clob1)', 'ssm psr.ic | PSR_DEFAULT_BITS ;; srlz.i ;;'],
  ['SSM_PSR_IC_AND_SRLZ_D(clob0, clob1)', 'ssm psr.ic ;; srlz.d'],
  ['SSM_PSR_DT_AND_SRLZ_I', 'ssm psr.dt ;; srlz.i'],
  ['SSM_PSR_I(pred, pred_clob, clob)', '(pred) ssm psr.i'],
  ['RSM_PSR_I_IC(clob0, clob1, clob2)', 'rsm psr.i | psr.ic'],
  ['RSM_PSR_BE_I(clob0, clob1)', 'rsm psr.be | psr.i'],
  ['RSM_PSR_IC(clob)', 'rsm psr.ic'],
  ['RSM_PSR_I(pred, clob0, clob1)', '(pred) rsm psr.i'],
  ['RSM_PSR_DT', 'rsm psr.dt'],
  ['BSW_0(clob0, clob1, clob2)', 'bsw.0'],
  ['BSW_1(clob0, clob1)', 'bsw.1'],
  ['COVER', 'cover'],
  ['RFI', 'rfi'],
  ...Object.entries(CONTROL_REGISTERS).flatMap(([call, registers]) =>
    registers.map((name) => [
      call.replace('@', name.toUpperCase()),
      `${call.includes('pred') ? '(pred) ' : ''}mov ${call.includes('FROM') ? `reg=cr.${name}` : `cr.${name}=reg`}`,
    ]),
  ),
].map(([call, body]) => compile(/** @type {string} */ (call), /** @type {string} */ (body)));

/**
 * @param {string} call
 * @param {string} body
 */
function compile(call, body) {
  const [name, list] = call.split(/[()]/);
  const parameters = list === undefined ? [] : list.split(', ');
  const argument = '\\s*([^(),]+?)\\s*';
  const argumentList = parameters.length === 0 ? '' : `\\(${parameters.map(() => argument).join(',')}\\)`;
  const parameter = new RegExp(`(?<!\\w)(?:${parameters.join('|') || '(?!)'})(?!\\w)`, 'g');
  return {
    pattern: new RegExp(`(?<!\\w)${name}(?!\\w)${argumentList}`, 'g'),
    /** @param {readonly string[]} args */
    expand: (args) =>
      body.replace(parameter, (word) => /** @type {string} */ (args[parameters.indexOf(word)])).replaceAll('(p0) ', ''),
    arity: parameters.length,
  };
}

/**
 * @param {string} text a source or header that uses the hand macros
 * @returns {string} the same in plain instructions
 */
export function withoutHandMacros(text) {
  let plain = text;
  for (const { pattern, expand, arity } of PLAIN) {
    plain = plain.replace(pattern, (_, ...groups) => expand(groups.slice(0, arity)));
  }
  return plain;
}
