import { element, figure, label, line, linearScale, polyline } from '../../src/report/svg.js';
import { float64, formatOf, nameOf, type Rounding } from './format.js';
import { tasks, widths } from './plan.js';
import { find, type Result } from './result.js';

const panel = { width: 220, height: 180, left: 48, top: 40, gap: 28 };
const series: readonly {
  readonly name: string;
  readonly varies: 'tag' | 'weight';
  readonly rounding: Rounding;
  readonly colour: string;
}[] = [
  { name: 'tag, rounded as the core does', varies: 'tag', rounding: 'core', colour: '#1f5fa8' },
  { name: 'tag, stochastic', varies: 'tag', rounding: 'stochastic', colour: '#7fb2e5' },
  { name: 'weight, rounded as the core does', varies: 'weight', rounding: 'core', colour: '#b3401e' },
  { name: 'weight, stochastic', varies: 'weight', rounding: 'stochastic', colour: '#eda07f' },
];

/** Proportion correct over the bits of the tag and of the weight, the other at 16; a panel a task. */
export function precisionFigure(results: readonly Result[]): string {
  const width = panel.left + tasks.length * (panel.width + panel.gap);
  const height = panel.top + panel.height + 100;
  const body = tasks.map((task, n) => taskPanel(results, task, panel.left + n * (panel.width + panel.gap)));
  const legend = series.map(({ name, colour, rounding }, n) => {
    const x = panel.left + (n % 2) * 300;
    const y = height - 32 + Math.floor(n / 2) * 18;
    return [line(x, y - 4, x + 24, y - 4, stroke(colour, rounding)), label(x + 32, y, name)].join('');
  });
  const style = { 'font-family': 'sans-serif', 'font-size': 12, fill: '#333' };
  return `${figure(
    width,
    height,
    'Learning and the bits of tag and weight',
    'Proportion correct of three tasks over the width of the tag (weights of 16 bits) and of the weight (tags of 16 bits)',
    element('rect', { x: 0, y: 0, width, height, fill: '#fff' }),
    element('g', style, ...body, ...legend),
  ).replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ')}\n`;
}

function taskPanel(results: readonly Result[], task: string, left: number): string {
  const bottom = panel.top + panel.height;
  const x = linearScale([widths[0], widths.at(-1)!], [left + 12, left + panel.width - 12]);
  const y = linearScale([0, 1], [bottom, panel.top]);
  const exact = find(results, task, nameOf(float64));
  const parts = [
    label(left + panel.width / 2, panel.top - 14, task, { 'text-anchor': 'middle', 'font-weight': 'bold' }),
    line(left, bottom, left + panel.width, bottom, { stroke: '#333' }),
    ...widths.map((width) => label(x(width), bottom + 18, String(width), { 'text-anchor': 'middle' })),
    label(left + panel.width / 2, bottom + 36, 'bits', { 'text-anchor': 'middle' }),
    ...[0, 0.5, 1].flatMap((level) => [
      line(left, y(level), left + panel.width, y(level), { stroke: '#ddd' }),
      label(left - 6, y(level) + 4, `${level * 100} %`, { 'text-anchor': 'end' }),
    ]),
  ];
  if (exact)
    parts.push(
      line(left, y(exact.mean), left + panel.width, y(exact.mean), {
        stroke: '#333',
        'stroke-dasharray': '2 3',
      }),
    );
  for (const { varies, rounding, colour } of series) {
    const points = widths.flatMap((width) => {
      const format = varies === 'tag' ? formatOf(width, 16, rounding) : formatOf(16, width, rounding);
      const result = find(results, task, nameOf(format));
      return result ? [[x(width), y(result.mean)] as const] : [];
    });
    parts.push(polyline(points, stroke(colour, rounding)));
    parts.push(...points.map(([cx, cy]) => element('circle', { cx, cy, r: 3, fill: colour })));
  }
  return parts.join('');
}

function stroke(colour: string, rounding: Rounding) {
  return {
    stroke: colour,
    'stroke-width': 2,
    ...(rounding === 'stochastic' ? { 'stroke-dasharray': '6 3' } : {}),
  };
}
