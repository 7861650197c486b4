/** How a number that will not fit its width is brought to one that does. */
export type Rounding = 'core' | 'stochastic';

/**
 * Widths of the learning state. null: float64, and nothing is rounded or clamped.
 * `core` is what `docs/core.md` does: increments go to the nearest step, a decay rounds the magnitude down.
 * `stochastic` rounds both up or down at random, so that the mean is right.
 */
export interface Format {
  /** Bits of a tag, sign included. */
  readonly tag: number | null;
  /** Bits of a weight, sign included. */
  readonly weight: number | null;
  /** The high bits of a weight that a spike carries; the others only remember. At most `weight`. */
  readonly acting: number | null;
  readonly rounding: Rounding;
}

/** Formats in which nothing is rounded. */
export const float64: Format = { tag: null, weight: null, acting: null, rounding: 'core' };

/** The format of the shipped core. */
export const coreFormat: Format = { tag: 16, weight: 16, acting: 8, rounding: 'core' };

/** A format of so many bits; of the weight at most 8 act, as on the core. */
export function formatOf(
  tag: number | null,
  weight: number | null,
  rounding: Rounding = 'core',
  acting: number | null = weight === null ? null : Math.min(8, weight),
): Format {
  if (weight !== null && acting !== null && acting > weight)
    throw new RangeError(`${acting} acting bits of a weight of ${weight}`);
  return { tag, weight, acting, rounding };
}

/** Name of a format in rows and tables, such as `T16 W16/8 core`. */
export function nameOf({ tag, weight, acting, rounding }: Format): string {
  if (tag === null && weight === null) return 'float64';
  return `T${tag ?? 64} W${weight ?? 64}/${acting ?? 64} ${rounding}`;
}
