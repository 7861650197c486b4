import { figure, label, line, linearScale, polyline } from './svg.js';

const [width, height] = [760, 220];
const frame = { left: 72, right: 740, top: 14, bottom: 172 };

/** A mean for each block of trials, from the first trial on. */
export interface Series {
  readonly title: string;
  readonly blockSize: number;
  readonly trials: number;
  /** One a block; the last block may be shorter. */
  readonly means: readonly number[];
  /** Lower and upper end of the axis; by default those of the means. */
  readonly range?: readonly [number, number];
  readonly percent?: boolean;
}

export function seriesFigure({ title, blockSize, trials, means, range, percent = false }: Series): string {
  const [low, high] = range ?? spread(means);
  const x = linearScale([0, trials], [frame.left, frame.right]);
  const y = linearScale([low, high], [frame.bottom, frame.top]);
  const points = means.map((mean, n): [number, number] => {
    const end = Math.min(trials, (n + 1) * blockSize);
    return [x((n * blockSize + end) / 2), y(mean)];
  });
  const levels = [0, 1, 2, 3, 4].map((quarter) => low + ((high - low) * quarter) / 4);
  const step = Math.max(1, Math.ceil(trials / 6));
  const marks = Array.from({ length: Math.floor(trials / step) + 1 }, (_, n) => n * step);
  return figure(
    width,
    height,
    title,
    `From ${text(means[0] ?? 0, percent)} in the first block to ${text(means.at(-1) ?? 0, percent)} in the last.`,
    ...levels.map(
      (level) =>
        line(frame.left, y(level), frame.right, y(level), { class: 'grid' }) +
        label(frame.left - 8, y(level) + 4, text(level, percent), { 'text-anchor': 'end' }),
    ),
    ...marks.map((mark) => label(x(mark), frame.bottom + 20, String(mark), { 'text-anchor': 'middle' })),
    label((frame.left + frame.right) / 2, height - 8, 'trial', { 'text-anchor': 'middle' }),
    polyline(points.length > 1 ? points : [...points, ...points], { class: 'curve traced' }),
    ...points.map(([px, py]) => line(px, py - 2, px, py + 2, { class: 'curve traced' })),
  );
}

/** A range a little wider than the values, so that a constant has one too. */
function spread(values: readonly number[]): [number, number] {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const margin = (high - low) * 0.08 || Math.abs(high) * 0.1 || 1;
  return [low - margin, high + margin];
}

function text(value: number, percent: boolean): string {
  return percent ? `${Math.round(value * 100)} %` : String(Number(value.toPrecision(3)));
}
