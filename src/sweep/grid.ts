import { EngramError } from '../errors/engram-error.js';
import { type Point, pointKey, type Value } from './point.js';
import { type Axis, checkSeed } from './settings.js';

/** A sweep of more points is a slip: their keys alone would fill the memory. */
const mostPoints = 1_000_000;

export interface GridParts {
  /** Parameter sets of a file, as they stand there; none: one empty set. */
  readonly sets: readonly Readonly<Record<string, Value>>[];
  readonly axes: readonly Axis[];
  /** Seeds for every set; none: no seed is set. */
  readonly seeds: readonly number[];
}

/**
 * Every set of the file with every combination of the axes and every seed; the last axis changes fastest but for the
 * seeds. An axis or a column named `seed` gives seeds. Throws E0101 if a name is given twice, or for too many points.
 */
export function gridPoints({ sets, axes, seeds }: GridParts): Point[] {
  const columns = new Set(sets.flatMap((set) => Object.keys(set)));
  const names = [...columns, ...axes.map(({ name }) => name), ...(seeds.length > 0 ? ['seed'] : [])];
  const twice = names.find((name, n) => names.indexOf(name) < n);
  if (twice !== undefined)
    throw new EngramError('E0101', `'${twice}' is given values in two places`, {
      fix: [`name it once, with all its values: --set ${twice}=A,B,C`],
    });
  const seedAxis = seeds.length > 0 ? [{ name: 'seed', values: seeds }] : [];
  const inOrder = [...axes.filter(({ name }) => name !== 'seed'), ...axes.filter(isSeed), ...seedAxis];
  const count = inOrder.reduce((product, { values }) => product * values.length, Math.max(1, sets.length));
  if (count > mostPoints)
    throw new EngramError('E0101', `the sweep has ${count.toLocaleString('en')} points`, {
      facts: [['limit', `${mostPoints.toLocaleString('en')} points`]],
      fix: ['give fewer values, or part the sweep'],
    });
  const points = (sets.length > 0 ? sets : [{}]).flatMap((set) => combinations(set, inOrder).map(toPoint));
  checkTwins(points);
  return points;
}

const isSeed = ({ name }: Axis) => name === 'seed';

function combinations(set: Readonly<Record<string, Value>>, axes: readonly Axis[]) {
  return axes.reduce<Readonly<Record<string, Value>>[]>(
    (found, { name, values }) =>
      found.flatMap((settings) => values.map((value) => ({ ...settings, [name]: value }))),
    [set],
  );
}

function toPoint({ seed = null, ...settings }: Readonly<Record<string, Value>>): Point {
  if (seed !== null) checkSeed(seed);
  return { seed, settings };
}

function checkTwins(points: readonly Point[]): void {
  const seen = new Map<string, number>();
  for (const [n, point] of points.entries()) {
    const key = pointKey(point);
    const before = seen.get(key);
    if (before !== undefined)
      throw new EngramError('E0101', `points ${before + 1} and ${n + 1} of the sweep are the same`, {
        fix: ['leave one of the two parameter sets out'],
      });
    seen.set(key, n);
  }
}
