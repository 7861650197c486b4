import { blockProportions } from '../tasks/learning-curve.js';
import type { LearningRun } from './learning-data.js';
import { figure, label, line, linearScale, polyline } from './svg.js';

const [width, height] = [760, 280];
const frame = { left: 56, right: 600, top: 16, bottom: 232 };

/** Proportion correct per block of trials, both runs, with the chance line and a label at each curve's end. */
export function curveFigure(
  traced: LearningRun,
  control: LearningRun,
  blockSize: number,
  chance: number,
): string {
  const trials = Math.max(traced.correct.length, control.correct.length);
  const x = linearScale([0, trials], [frame.left, frame.right]);
  const y = linearScale([0, 1], [frame.bottom, frame.top]);
  const curve = (run: LearningRun, name: string) => {
    const blocks = blockProportions(run.correct, blockSize);
    const points = blocks.map((share, n): [number, number] => {
      const middle = Math.min(n * blockSize + blockSize / 2, (n * blockSize + run.correct.length) / 2);
      return [x(middle), y(share)];
    });
    const [, endY] = points.at(-1) ?? [0, y(0)];
    return [
      polyline(points, { class: `curve ${name}` }),
      label(frame.right + 10, endY + 1, run.label, { class: `name ${name}` }),
      label(frame.right + 10, endY + 17, `tag ${timeText(run.tagMilliseconds)}`, { class: 'small' }),
    ].join('');
  };
  const ticksY = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      line(frame.left, y(share), frame.right, y(share), { class: 'grid' }) +
      label(frame.left - 8, y(share) + 4, `${share * 100} %`, { 'text-anchor': 'end' }),
  );
  const step = Math.max(blockSize, Math.ceil(trials / 6 / 50) * 50);
  const ticksX = Array.from({ length: Math.floor(trials / step) + 1 }, (_, n) =>
    label(x(n * step), frame.bottom + 20, String(n * step), { 'text-anchor': 'middle' }),
  );
  return figure(
    width,
    height,
    'Proportion of correct choices per block of trials',
    `With traces the network ends at ${percent(traced, blockSize)}, without at ${percent(control, blockSize)}.`,
    ...ticksY,
    ...ticksX,
    line(frame.left, y(chance), frame.right, y(chance), { class: 'chance' }),
    label(frame.left - 8, y(chance) + 19, 'chance', { class: 'small', 'text-anchor': 'end' }),
    label((frame.left + frame.right) / 2, height - 8, 'trial', { 'text-anchor': 'middle' }),
    curve(control, 'control'),
    curve(traced, 'traced'),
  );
}

function percent(run: LearningRun, blockSize: number): string {
  return `${Math.round((blockProportions(run.correct, blockSize).at(-1) ?? 0) * 100)} %`;
}

/** A time constant for a person. */
export function timeText(milliseconds: number): string {
  return milliseconds >= 1000 ? `${milliseconds / 1000} s` : `${milliseconds} ms`;
}
