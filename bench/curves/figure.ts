import { element, figure, label, line, linearScale, polyline, svgFile } from '../../src/report/svg.js';
import type { Curve, Measurements, Series } from './curve.js';

const [width, height] = [560, 340];
const frame = { left: 64, right: 544, top: 44, bottom: 284 };
/** Readable on white and on black, and apart for the colour-blind; there is no background. */
const colours = ['#2f81d8', '#d9730d'];
const grey = '#80858c';
type Scale = (value: number) => number;

/** Closed forms as lines, the core's points as circles, published measurements as crosses with bars. */
export function curveFigure(curve: Curve): string {
  const { series, data } = curve;
  const xs = series.flatMap(({ points }) => points.map(({ x }) => x));
  const ys = [
    0,
    ...series.flatMap(({ points }) => points.flatMap(({ found, expected }) => [found, expected])),
    ...(data?.series.flat() ?? []).flatMap(({ y, error }) => [y - error, y + error]),
  ];
  const [xTicks, yTicks] = [
    ticks(Math.min(...xs), Math.max(...xs), 8),
    ticks(Math.min(...ys), Math.max(...ys), 6),
  ];
  const x = linearScale(ends(xTicks, xs), [frame.left, frame.right]);
  const y = linearScale(ends(yTicks, ys), [frame.bottom, frame.top]);
  const style = { 'font-family': 'sans-serif', 'font-size': 12, fill: grey };
  return svgFile(
    figure(
      width,
      height,
      curve.title,
      `${curve.yLabel} over ${curve.xLabel}: points of the emulated core on the lines of the closed form`,
      element(
        'g',
        style,
        axes(curve, xTicks, yTicks, x, y),
        ...(data ? data.series.map((_, n) => crosses(data, n, x, y)) : []),
      ),
      ...series.map((one, n) => element('g', {}, plot(one, colours[n]!, x, y))),
      element('g', style, legend(curve)),
    ),
  );
}

function axes(
  curve: Curve,
  xTicks: readonly number[],
  yTicks: readonly number[],
  x: Scale,
  y: Scale,
): string {
  const grid = (strong: boolean) => ({ stroke: grey, 'stroke-opacity': strong ? 0.9 : 0.25 });
  const [middleX, middleY] = [(frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2];
  return [
    ...yTicks.flatMap((value) => [
      line(frame.left, y(value), frame.right, y(value), grid(value === 0)),
      label(frame.left - 8, y(value) + 4, text(value), { 'text-anchor': 'end' }),
    ]),
    ...xTicks.flatMap((value) => [
      line(x(value), frame.top, x(value), frame.bottom, grid(value === 0)),
      label(x(value), frame.bottom + 18, text(value), { 'text-anchor': 'middle' }),
    ]),
    label(middleX, frame.bottom + 40, curve.xLabel, { 'text-anchor': 'middle' }),
    label(14, middleY, curve.yLabel, {
      'text-anchor': 'middle',
      transform: `rotate(-90 14 ${middleY})`,
    }),
  ].join('');
}

function plot({ points, line: dense }: Series, colour: string, x: Scale, y: Scale): string {
  const exact = dense ?? points.map((point): [number, number] => [point.x, point.expected]);
  return [
    polyline(
      exact.map(([at, value]): [number, number] => [x(at), y(value)]),
      { stroke: colour, 'stroke-width': 1.5 },
    ),
    ...points.map((point) => element('circle', { cx: x(point.x), cy: y(point.found), r: 2.5, fill: colour })),
  ].join('');
}

/** Drawn beside their place, so that those of two series at one rate can be told apart. */
function crosses({ series }: Measurements, n: number, x: Scale, y: Scale): string {
  const stroke = { stroke: colours[n]!, 'stroke-opacity': 0.7 };
  return series[n]!.map(({ x: at, y: mean, error }) => {
    const left = x(at) + (n === 0 ? -3 : 3);
    return [
      line(left, y(mean - error), left, y(mean + error), stroke),
      line(left - 4, y(mean), left + 4, y(mean), { ...stroke, 'stroke-width': 2 }),
    ].join('');
  }).join('');
}

function legend({ series, data }: Curve): string {
  const entries = series.map(({ name }, n) => {
    const left = frame.left + n * 240;
    return [
      line(left, 16, left + 24, 16, { stroke: colours[n]!, 'stroke-width': 1.5 }),
      element('circle', { cx: left + 12, cy: 16, r: 2.5, fill: colours[n]! }),
      label(left + 32, 20, name),
    ].join('');
  });
  return [...entries, ...(data ? [label(frame.left, 36, 'bars: measured in slices')] : [])].join('');
}

/** Round numbers over a range: about `most` of them, some at its ends or beyond. */
function ticks(low: number, high: number, most: number): number[] {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= rough)!;
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, n) => Number(((first + n) * step).toPrecision(6)));
}

function ends(marks: readonly number[], values: readonly number[]): [number, number] {
  return [Math.min(marks[0]!, ...values), Math.max(marks.at(-1)!, ...values)];
}

const text = (value: number): string => String(value).replace('-', '−');
