import { element, figure, label, line, linearScale, polyline, svgFile } from '../../src/report/svg.js';
import { float64, formatOf, nameOf, type Rounding } from './format.js';
import { type TaskName, tasks, widths } from './plan.js';
import { find, type Result, type Spread } from './result.js';

const panel = { width: 220, height: 180, left: 48, top: 56, gap: 56 };
/** Nothing but white behind it, so that it reads the same on a dark page. */
const paper = '#fff';
const ink = '#333';
const measures: Readonly<Record<TaskName, string>> = {
  'delayed-bandit': 'correct',
  'distal-reward': 'weight of the rewarded synapse',
  'cue-accumulation': 'correct',
};

interface Series {
  readonly name: string;
  readonly varies: 'tag' | 'weight';
  readonly rounding: Rounding;
  readonly colour: string;
}

const series: readonly Series[] = [
  { name: 'tag, rounded as the core does', varies: 'tag', rounding: 'core', colour: '#1f5fa8' },
  { name: 'tag, stochastic', varies: 'tag', rounding: 'stochastic', colour: '#4a8fd6' },
  { name: 'weight, rounded as the core does', varies: 'weight', rounding: 'core', colour: '#b3401e' },
  { name: 'weight, stochastic', varies: 'weight', rounding: 'stochastic', colour: '#d8683f' },
];

/** What was learned over the bits of the tag and of the weight, the other at 16; a panel a task. */
export function precisionFigure(results: readonly Result[]): string {
  const width = panel.left + tasks.length * (panel.width + panel.gap);
  const height = panel.top + panel.height + 100;
  const body = tasks.map((task, n) => taskPanel(results, task, panel.left + n * (panel.width + panel.gap)));
  // Row by row, three a row: as the core does, then stochastic.
  const inRows = [series[0]!, series[2]!].map(seriesKey);
  const keys = [...inRows, exactKey(), ...[series[1]!, series[3]!].map(seriesKey)];
  const legend = keys.map((key, n) => key(panel.left + (n % 3) * 265, height - 32 + Math.floor(n / 3) * 18));
  const style = { 'font-family': 'sans-serif', 'font-size': 12, fill: ink };
  return svgFile(
    figure(
      width,
      height,
      'Learning and the bits of tag and weight',
      'What three tasks learned over the width of the tag (weights of 16 bits) and of the weight (tags of 16 bits): mean and range over the seeds',
      element('rect', { x: 0, y: 0, width, height, fill: paper }),
      element('g', style, ...body, ...legend),
    ),
  );
}

function seriesKey({ name, colour, rounding }: Series) {
  return (x: number, y: number) =>
    line(x, y - 4, x + 24, y - 4, stroke(colour, rounding)) +
    marker(x + 12, y - 4, colour, rounding) +
    label(x + 32, y, name);
}

function exactKey() {
  return (x: number, y: number) => line(x, y - 4, x + 24, y - 4, exactStroke) + label(x + 32, y, 'float64');
}

function taskPanel(results: readonly Result[], task: TaskName, left: number): string {
  const bottom = panel.top + panel.height;
  const x = linearScale([widths[0], widths.at(-1)!], [left + 16, left + panel.width - 16]);
  const y = linearScale([0, 1], [bottom, panel.top]);
  const middle = { 'text-anchor': 'middle' };
  const exact = find(results, task, nameOf(float64));
  const parts = [
    label(left + panel.width / 2, panel.top - 30, task, { ...middle, 'font-weight': 'bold' }),
    label(left + panel.width / 2, panel.top - 13, measures[task], middle),
    line(left, bottom, left + panel.width, bottom, { stroke: ink }),
    ...widths.map((width) => label(x(width), bottom + 18, String(width), middle)),
    label(left + panel.width / 2, bottom + 36, 'bits', middle),
    ...[0, 0.5, 1].flatMap((level) => [
      line(left, y(level), left + panel.width, y(level), { stroke: '#ddd' }),
      label(left - 6, y(level) + 4, `${level * 100} %`, { 'text-anchor': 'end' }),
    ]),
  ];
  if (exact) {
    const level = y(learned(exact).mean);
    parts.push(line(left, level, left + panel.width, level, exactStroke));
  }
  series.forEach(({ varies, rounding, colour }, n) => {
    // Beside each other, so that equal values do not hide.
    const aside = (n - (series.length - 1) / 2) * 4;
    const points = widths.flatMap((width) => {
      const format = varies === 'tag' ? formatOf(width, 16, rounding) : formatOf(16, width, rounding);
      const result = find(results, task, nameOf(format));
      return result ? [{ at: x(width) + aside, ...learned(result) }] : [];
    });
    parts.push(
      polyline(
        points.map(({ at, mean }) => [at, y(mean)] as const),
        stroke(colour, rounding),
      ),
      ...points.map(({ at, lowest, highest }) =>
        line(at, y(lowest), at, y(highest), { stroke: colour, 'stroke-width': 1 }),
      ),
      ...points.map(({ at, mean }) => marker(at, y(mean), colour, rounding)),
    );
  });
  return parts.join('');
}

/** Of the distal reward the weight, which says more than how many of a few seeds found it. */
function learned(result: Result): Spread {
  return result.weight ?? result;
}

const exactStroke = { stroke: ink, 'stroke-width': 1, 'stroke-dasharray': '2 3' };

function stroke(colour: string, rounding: Rounding) {
  return {
    stroke: colour,
    'stroke-width': 2,
    ...(rounding === 'stochastic' ? { 'stroke-dasharray': '6 3' } : {}),
  };
}

function marker(cx: number, cy: number, colour: string, rounding: Rounding): string {
  return element('circle', {
    cx,
    cy,
    r: 3,
    fill: rounding === 'stochastic' ? paper : colour,
    stroke: colour,
    'stroke-width': 1.5,
  });
}
