import { stateMax } from '../arithmetic.js';
import type { Code, Local } from './wasm/code.js';
import { type Int, i16x8, i32, i32x4, type Vector, v128 } from './wasm/values.js';

/** `docs/core.md`, sections 1 and 2, four values at a time. */

/** The same four 32-bit lanes, as a constant that the code keeps in a local. */
export function constant(code: Code, value: Int): Local<'v128'> {
  return code.let(i32x4.splat(value));
}

export interface StateBounds {
  readonly low: Vector;
  readonly high: Vector;
}

export function stateBounds(code: Code): StateBounds {
  return { low: constant(code, -stateMax), high: constant(code, stateMax) };
}

export function sat24(x: Vector, { low, high }: StateBounds): Vector {
  return i32x4.minS(i32x4.maxS(x, low), high);
}

/** x with the sign of `sign` (a vector of 0 and -1 lanes), x not negative. */
export function signed(x: Vector, sign: Vector): Vector {
  return i32x4.sub(v128.xor(x, sign), sign);
}

/** floor(|x|·keep / 65536) with the sign of x; lanes of `keep` in 0 … 65536. `low16` is 0xffff in each lane. */
export function decay(code: Code, x: Local<'v128'>, keep: Vector, low16: Vector): Vector {
  const size = code.let(i32x4.abs(x));
  const kept = i32x4.add(
    i32x4.mul(i32x4.shrU(size, 16), keep),
    i32x4.shrU(i32x4.mul(v128.and(size, low16), keep), 16),
  );
  return signed(kept, code.let(i32x4.shrS(x, 31)));
}

/** Lanes 0, 1, 2, 3. */
export const laneNumbers: Vector = v128.constant([0, 1, 2, 3].flatMap((lane) => [lane, 0, 0, 0]));

/** All bits in the first `count` of four lanes. */
export function firstLanes(count: Int): Vector {
  return i32x4.ltS(laneNumbers, i32x4.splat(count));
}

/** All bits in the first `count` of eight 16-bit lanes. */
export function firstEight(count: Local<'i32'>): Vector {
  return i16x8.narrowS(firstLanes(count), firstLanes(i32.sub(count, 4)));
}

/** s of the noise of four units (section 2) whose hash inputs are `input`: -32768 … 32767. */
function noiseDraw(code: Code, input: Vector): Local<'v128'> {
  const x = code.let(input);
  const y = code.let(i32x4.mul(v128.xor(x, i32x4.shrU(x, 16)), i32x4.splat(0x7feb352d)));
  const z = i32x4.mul(v128.xor(y, i32x4.shrU(y, 15)), i32x4.splat(0x846ca68b));
  // The last step of the hash leaves the upper half, of which the noise is made, as it is.
  return code.let(i32x4.sub(i32x4.shrU(z, 16), i32x4.splat(32768)));
}

/** Noise of four units; amplitude split at bit 15. */
export function noise(code: Code, input: Vector, highAmplitude: Vector, lowAmplitude: Vector): Vector {
  const s = noiseDraw(code, input);
  const a = code.let(i32x4.abs(s));
  const size = i32x4.add(i32x4.mul(a, highAmplitude), i32x4.shrU(i32x4.mul(a, lowAmplitude), 15));
  return signed(size, code.let(i32x4.shrS(s, 31)));
}

/** Noise of an amplitude below 2^17: the product of 2^15 and it fits 32 bits without a sign. */
export function smallNoise(code: Code, input: Vector, amplitude: Vector): Vector {
  const s = noiseDraw(code, input);
  const size = i32x4.shrU(i32x4.mul(i32x4.abs(s), amplitude), 15);
  return signed(size, code.let(i32x4.shrS(s, 31)));
}

/** The keep of a decay in this tick: 65536, which changes nothing, if it is not on turn. */
export function keepNow(tick: Int, keep: Int, mask: Int): Int {
  return i32.select(keep, 65536, i32.eqz(i32.and(tick, mask)));
}
