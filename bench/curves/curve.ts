/** What a curve is: points measured on the emulated core, each beside the closed form and its bound. */

export interface Point {
  readonly x: number;
  /** Measured on the emulated core. */
  readonly found: number;
  /** By the closed form. */
  readonly expected: number;
  /** Largest |found − expected| that the arithmetic of the core allows here (`error-bounds.ts`). */
  readonly bound: number;
}

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
  /** The closed form between the points too, for the plot; left out: straight lines from point to point. */
  readonly line?: readonly (readonly [x: number, y: number])[];
}

/** Published measurements, with the half length of their error bars; the n-th belongs to the n-th series. */
export interface Measurements {
  readonly source: string;
  readonly series: readonly (readonly { readonly x: number; readonly y: number; readonly error: number }[])[];
}

export interface Curve {
  /** Name of the figure's file. */
  readonly name: string;
  /** The named rule it shows; its papers are cited from the rule itself. */
  readonly rule: string;
  readonly title: string;
  /** What was played to the core. */
  readonly protocol: string;
  /** What it is held against. */
  readonly closedForm: string;
  /** Stated quantization error: no point is further from the closed form, as a part of the peak. */
  readonly limit: number;
  /** What the bound of a point is made of. */
  readonly bound: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
  readonly data?: Measurements;
}

export const pointsOf = ({ series }: Curve): readonly Point[] => series.flatMap(({ points }) => points);

/** Largest magnitude of the closed form: what errors are given as parts of. */
export const peakOf = (curve: Curve): number =>
  Math.max(...pointsOf(curve).map(({ expected }) => Math.abs(expected)));

export const errorOf = ({ found, expected }: Point): number => Math.abs(found - expected);

/** A part as a percentage, to two digits. */
export const percent = (part: number): string => `${Number((100 * part).toPrecision(2))} %`;

/** Largest error, and the largest bound of a point, as parts of the peak. */
export function errorsOf(curve: Curve): { readonly worst: number; readonly bound: number } {
  const [points, peak] = [pointsOf(curve), peakOf(curve)];
  return {
    worst: Math.max(...points.map(errorOf)) / peak,
    bound: Math.max(...points.map(({ bound }) => bound)) / peak,
  };
}

/** Numbers `first`, `first + step`, … up to `last`. */
export function range(first: number, last: number, step: number): number[] {
  return Array.from({ length: Math.floor((last - first) / step + 1e-9) + 1 }, (_, n) => first + n * step);
}
