const word = 0xffff_ffffn;

/** `mix` of section 2, in BigInt, as a signed 32-bit number. */
export function mixed(x: number): number {
  let z = BigInt(x) & word;
  z ^= z >> 16n;
  z = (z * 0x7feb352dn) & word;
  z ^= z >> 15n;
  z = (z * 0x846ca68bn) & word;
  z ^= z >> 16n;
  return Number(BigInt.asIntN(32, z));
}

/** `h` of section 10. */
export function hashOf(key: number, value: number): number {
  return value === 0 ? 0 : mixed(key + Math.imul(value, 0x9e3779b1));
}

/** `key` of section 10. */
export function key(variable: number, unit: number): number {
  return Math.imul(unit, 0x85ebca6b) + Math.imul(variable, 0xc2b2ae35);
}
