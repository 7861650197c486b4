import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { ValueSpec } from '../network/resolved.js';

/** A stream of draws that depends on the seed and the purpose alone, not on what else is drawn. */
export interface Draws {
  /** Uniform in [0, 1), 32 bits. */
  uniform(): number;
  /** Uniform integer in [0, n). */
  below(n: number): number;
  /** Standard normal (Box and Muller 1958). */
  normal(): number;
}

/** Draws for one purpose ("connect", "weight", …) of one seeded thing. */
export function drawsFor(seed: number, purpose: string): Draws {
  let mixed = seed | 0;
  for (const char of purpose) mixed = Math.imul(mixed ^ char.charCodeAt(0), 0x01000193);
  const generator = xoroshiro128plus(mixed);
  for (let warmUp = 0; warmUp < 8; warmUp++) generator.next();
  const uniform = () => (generator.next() >>> 0) / 0x1_0000_0000;
  return {
    uniform,
    below: (n) => Math.floor(uniform() * n),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}

/** Draws `count` values. A truncated distribution is drawn again until it falls inside; after 1,000 tries it is clamped. */
export function drawValues(spec: ValueSpec, count: number, draws: Draws): Float32Array {
  if (spec.kind === 'values') return Float32Array.from(spec.values);
  const values = new Float32Array(count);
  if (spec.kind === 'constant') return values.fill(spec.value);
  for (let n = 0; n < count; n++) values[n] = drawOne(spec, draws);
  return values;
}

function drawOne(spec: Exclude<ValueSpec, { kind: 'values' } | { kind: 'constant' }>, draws: Draws): number {
  if (spec.kind === 'uniform') return spec.low + (spec.high - spec.low) * draws.uniform();
  let value = 0;
  for (let tries = 0; tries < 1000; tries++) {
    value =
      spec.kind === 'normal'
        ? spec.mean + spec.sd * draws.normal()
        : Math.exp(spec.mu + spec.sigma * draws.normal());
    if (value >= spec.low && value <= spec.high) return value;
  }
  return Math.min(spec.high, Math.max(spec.low, value));
}
