import { element, figure, label, line, linearScale } from './svg.js';
import type { RasterPopulation } from './task-data.js';

const width = 760;
const frame = { left: 110, right: 740, top: 10 };
const gap = 10;

/** Spikes over time, a row a neuron, populations below each other. All spikes of a population are one path. */
export function rasterFigure(milliseconds: number, populations: readonly RasterPopulation[]): string {
  const rows = populations.reduce((sum, { size }) => sum + size, 0);
  const row = Math.max(1, Math.min(9, 420 / Math.max(1, rows)));
  const bottom = frame.top + rows * row + gap * populations.length;
  const x = linearScale([0, milliseconds], [frame.left, frame.right]);
  let top = frame.top;
  const parts: string[] = [];
  for (const { name, size, spikes } of populations) {
    const from = top;
    const marks = spikes.map(
      ({ neuron, ms }) => `M${fixed(x(ms))} ${fixed(from + neuron * row)}v${fixed(row)}`,
    );
    parts.push(
      label(frame.left - 10, from + (size * row) / 2 + 4, name, { 'text-anchor': 'end' }),
      element('path', { class: 'spike', d: marks.join('') || 'M0 0', fill: 'none' }),
    );
    top += size * row + gap;
    parts.push(line(frame.left, top - gap / 2, frame.right, top - gap / 2, { class: 'grid' }));
  }
  const step = niceStep(milliseconds / 6);
  for (let ms = 0; ms <= milliseconds; ms += step)
    parts.push(label(x(ms), bottom + 16, String(ms), { 'text-anchor': 'middle' }));
  const spikes = populations.reduce((sum, population) => sum + population.spikes.length, 0);
  return figure(
    width,
    bottom + 40,
    'Spikes at the end of the last trial',
    `${spikes} spikes of ${populations.map(({ name }) => name).join(', ')} in ${milliseconds} ms.`,
    ...parts,
    label((frame.left + frame.right) / 2, bottom + 34, 'ms', { 'text-anchor': 'middle' }),
  );
}

const fixed = (value: number) => String(Math.round(value * 10) / 10);

/** 1, 2 or 5 times a power of ten, at least as large as asked. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1e-9)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least)!;
}
