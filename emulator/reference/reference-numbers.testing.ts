import { mixed } from './reference-hash.testing.js';

/** Sections 1 and 2 of `docs/core.md`, in exact arithmetic: quotients of numbers below 2^53, or BigInt. */

export const clamp = (x: number, low: number, high: number) => Math.max(low, Math.min(high, x));
export const state24 = (x: number) => clamp(x, -(2 ** 23 - 1), 2 ** 23 - 1);
export const factor16 = (x: number) => clamp(x, -32767, 32767);

/** |x| = floor(|x|·keep / 65536). */
export function decayed(x: number, keep: number): number {
  const magnitude = Number((BigInt(Math.abs(x)) * BigInt(keep)) / 65536n);
  return x < 0 ? 0 - magnitude : magnitude;
}

export const isOnTurn = (tick: number, cadence: number) => tick % 2 ** cadence === 0;

/** Section 2: sign(s)·floor(|s|·A / 32768). */
export function noiseOf(seed: number, tick: number, unit: number, amplitude: number): number {
  const ofTick = mixed(mixed(seed + Math.imul(1, 0x9e3779b9)) + Math.imul(tick, 0x85ebca6b));
  const s = (mixed(ofTick + Math.imul(unit, 0xc2b2ae35)) >>> 16) - 32768;
  const size = Number((BigInt(Math.abs(s)) * BigInt(amplitude)) / 32768n);
  return s < 0 ? 0 - size : size;
}
