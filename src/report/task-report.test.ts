import { describe, expect, test } from 'vitest';
import type { Trial } from '../tasks/task.js';
import { unbalanced } from './html.testing.js';
import { rasterFigure } from './raster-figure.js';
import { seriesFigure } from './series-figure.js';
import { linearScale } from './svg.js';
import { taskReportHtml } from './task-report.js';

const hostile = '<script>alert("1")</script>&';
const trials: Trial[] = Array.from({ length: 60 }, (_, n) => ({
  correct: n >= 30,
  choice: n % 2,
  start: 1000 * n,
  weight: n / 100,
  reward: (n * 7) % 31,
  phase: 'learn',
}));
const report = {
  task: hostile,
  summary: hostile,
  command: hostile,
  trials,
  blockSize: 20,
  raster: {
    milliseconds: 200,
    populations: [{ name: hostile, size: 3, spikes: [{ neuron: 2, ms: 150 }] }],
  },
  facts: [[hostile, hostile]] as const,
};

/** What a polyline shows, measured against the lowest and highest line of the grid. */
function shown(svg: string, [low, high]: readonly [number, number]): number[] {
  const lines = [...svg.matchAll(/<line x1="[\d.]+" y1="([\d.]+)"[^>]*class="grid"/g)].map(([, y]) =>
    Number(y),
  );
  const value = linearScale([lines[0]!, lines.at(-1)!], [low, high]);
  const [, points] = /<polyline points="([^"]+)"/.exec(svg)!;
  return points!.split(' ').map((point) => value(Number(point.split(',')[1])));
}

describe('the report of a task', () => {
  const html = taskReportHtml(report);

  test('is whole, needs nothing from outside and runs nothing', () => {
    expect(unbalanced(html)).toEqual([]);
    expect(html).not.toMatch(/<script|https?:|src=|@import|url\(|javascript:| on\w+=/i);
    expect(html).toContain('&#60;script&#62;');
  });

  test('has a curve for what trials measure, none for numberings, choices and words', () => {
    const headings = [...html.matchAll(/<h2>([^<]+)<\/h2>/g)].map(([, text]) => text);
    expect(headings).toEqual([
      'Learning',
      'weight',
      'reward',
      'The end of the last trial',
      'How this was made',
    ]);
  });

  test('does without a raster where nothing spiked', () => {
    expect(taskReportHtml({ ...report, raster: null })).not.toContain('The end of the last trial');
  });

  test('one trial is a report too', () => {
    expect(unbalanced(taskReportHtml({ ...report, trials: trials.slice(0, 1) }))).toEqual([]);
  });
});

test('a series puts each block at its mean, measured on the axis', () => {
  const means = [0, 0.5, 1, 0.25];
  const svg = seriesFigure({ title: 'x', blockSize: 10, trials: 35, means, range: [0, 1], percent: true });
  shown(svg, [0, 1]).forEach((value, n) => {
    expect(value).toBeCloseTo(means[n]!, 2);
  });
});

test('a constant series has a range', () => {
  for (const constant of [0, 5, -3]) {
    const svg = seriesFigure({ title: 'x', blockSize: 10, trials: 20, means: [constant, constant] });
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(shown(svg, [0, 1])[0]).toBeCloseTo(0.5, 1);
  }
});

test('a raster has a mark for each spike, later ones further right, lower neurons further down', () => {
  const spikes = [
    { neuron: 0, ms: 10 },
    { neuron: 4, ms: 100 },
    { neuron: 4, ms: 190 },
  ];
  const svg = rasterFigure(200, [{ name: 'a', size: 5, spikes }]);
  const marks = [...svg.matchAll(/M([\d.]+) ([\d.]+)v/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
  expect(marks).toHaveLength(3);
  const [first, second, third] = marks as [readonly [number, number], ...typeof marks];
  expect((third![0] - second![0]) / (second![0] - first[0])).toBeCloseTo(1, 1);
  expect(second![1]).toBeGreaterThan(first[1]);
  expect(third![1]).toBe(second![1]);
});
