import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ruleCurves } from '../bench/curves/all.js';
import { type Curve, errorOf, errorsOf, pointsOf } from '../bench/curves/curve.js';
import { filesOf } from '../bench/curves/files.js';
import { packageFolder } from '../src/compiler/package-folder.js';
import { namedRules } from '../src/learning/named-rules.js';

/** The characteristic curves of `docs/rule-curves.md`: the same points that are drawn there, measured anew. */
const curves = ruleCurves.map((measure) => measure());

/** What the core did at that place of the n-th series. */
function found(name: string, series: number, x: number): number {
  const point = curves
    .find((curve) => curve.name === name)!
    .series[series]!.points.find((one) => one.x === x);
  if (!point) throw new Error(`${name} has no point at ${x}`);
  return point.found;
}

test('each named rule has a curve', () => {
  expect(
    namedRules.map(({ name }) => name).filter((rule) => curves.every((curve) => curve.rule !== rule)),
  ).toEqual([]);
});

describe.each<Curve>(curves)('$name', (curve) => {
  test('is within the stated error of its closed form', () => {
    const { worst } = errorsOf(curve);
    expect(worst).toBeLessThan(curve.limit);
    // What is promised is at most what the arithmetic allows; and a curve that is flat would prove nothing.
    expect(curve.limit).toBeLessThan(0.1);
    expect(pointsOf(curve).length).toBeGreaterThan(20);
  });

  test('is at each point within what the arithmetic of the core allows', () => {
    for (const { name, points } of curve.series)
      for (const point of points) expect(errorOf(point), `${name}, at ${point.x}`).toBeLessThan(point.bound);
  });
});

test('stdp: pairs in order strengthen, pairs out of order weaken', () => {
  expect(found('stdp', 1, 4)).toBeGreaterThan(0.2);
  expect(found('stdp', 0, -4)).toBeLessThan(-0.2);
});

test('btsp: seconds wide, and wider before the plateau than after it (Bittner et al. 2017)', () => {
  const { series } = curves.find(({ name }) => name === 'btsp')!;
  const [after, before] = series.map(({ points }) => points.filter((point) => point.found > 0.025).length);
  expect(before!).toBeGreaterThan(1.5 * after!);
  expect(found('btsp', 1, 1)).toBeGreaterThan(0.02);
});

test('triplet: depression turns into potentiation with the rate of pairs (Pfister & Gerstner 2006, figure 5)', () => {
  for (const name of ['triplet-minimal', 'triplet-full']) {
    expect(found(name, 1, 10)).toBeLessThan(0);
    expect(found(name, 1, 50)).toBeGreaterThan(0);
    expect(found(name, 0, 50)).toBeGreaterThan(found(name, 0, 20));
  }
});

test('triplet: within twice the error bars of the slices (Sjöström et al. 2001)', () => {
  for (const { series, data } of curves.filter((curve) => curve.data))
    for (const [n, measured] of data!.series.entries())
      for (const { x, y, error } of measured) {
        const point = series[n]!.points.find((one) => one.x === x)!;
        expect(Math.abs(point.found - y), `${series[n]!.name}, ${x} Hz`).toBeLessThan(2 * error);
      }
});

test('tagging-capture: a weak tetanus lasts if a strong one comes within the hour', () => {
  for (const minute of [-40, 40, 60]) expect(found('tagging-capture', 0, minute)).toBeGreaterThan(0.02);
  for (const minute of [-240, 240]) expect(Math.abs(found('tagging-capture', 0, minute))).toBeLessThan(0.01);
});

test('docs/rule-curves.md and its figures are what `npm run bench:curves -- --write-docs` writes', () => {
  const root = packageFolder();
  const files = filesOf(curves);
  for (const { path, text } of files)
    expect(readFileSync(join(root, path), 'utf8') === text, `${path} is stale`).toBe(true);
  const drawn = files.map(({ path }) => path).filter((path) => path.endsWith('.svg'));
  const there = readdirSync(join(root, 'docs', 'figures', 'rules')).map(
    (name) => `docs/figures/rules/${name}`,
  );
  expect(there.sort()).toEqual(drawn.sort());
});
