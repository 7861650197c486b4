/** The integer arithmetic of `docs/core.md`, sections 1 and 2. */

/** Largest magnitude of a state. */
export const stateMax = 0x7f_ffff;

export function sat24(x: number): number {
  return x > stateMax ? stateMax : x < -stateMax ? -stateMax : x;
}

export function sat16(x: number): number {
  return x > 32767 ? 32767 : x < -32767 ? -32767 : x;
}

/** |x| = floor(|x|·keep/65536); |x| < 2^23, keep 0 … 65536. */
export function decay(x: number, keep: number): number {
  if (keep === 65536) return x;
  const a = x < 0 ? -x : x;
  const kept = (a >>> 16) * keep + (Math.imul(a & 0xffff, keep) >>> 16);
  return x < 0 ? -kept : kept;
}

/** A cadence as a mask: on turn when `tick & mask` is 0. */
export function turnMask(cadence: number): number {
  return cadence >= 31 ? 0x7fff_ffff : (1 << cadence) - 1;
}

/** lowbias32 of C. Wellons; as a signed 32-bit number. */
export function mix(x: number): number {
  let z = x ^ (x >>> 16);
  z = Math.imul(z, 0x7feb352d);
  z ^= z >>> 15;
  z = Math.imul(z, 0x846ca68b);
  return z ^ (z >>> 16);
}

/** The part of `random` that all units of a tick share. */
export function randomOfTick(seed: number, tick: number, purpose: number): number {
  return mix((mix((seed + Math.imul(purpose, 0x9e3779b9)) | 0) + Math.imul(tick, 0x85ebca6b)) | 0);
}

export const noisePurpose = 1;

/** Noise of a neuron; `ofTick` from `randomOfTick` with `noisePurpose`. */
export function noise(ofTick: number, unit: number, amplitude: number): number {
  const s = (mix((ofTick + Math.imul(unit, 0xc2b2ae35)) | 0) >>> 16) - 32768;
  const a = s < 0 ? -s : s;
  const size = a * (amplitude >>> 15) + ((a * (amplitude & 0x7fff)) >>> 15);
  return s < 0 ? -size : size;
}
