import { coreFormat, float64, formatOf, nameOf, type Rounding } from './format.js';
import {
  actingWidths,
  masterWidths,
  rangedTags,
  ratedFormats,
  rateFactors,
  tagRanges,
  tasks,
  widths,
} from './plan.js';
import { leftOf, reachOf } from './reach.js';
import { find, type Result } from './result.js';
import type { Vanished } from './vanished.js';

const roundings: readonly Rounding[] = ['core', 'stochastic'];
/** The bandit's tag, in ticks. */
const oneEventTau = 2000;

/** All figures as Markdown tables, for `docs/precision.md`. Where a format was not run the cell is empty. */
export function tablesOf(results: readonly Result[], vanished: readonly Vanished[]): string {
  return [
    ...tasks.flatMap((task) => [`### ${task}`, '', summary(results, task), '', byWidth(results, task), '']),
    '### What rounding takes',
    '',
    'How much of what was to be added to tags and weights was in steps that became 0, in percent of the sum of the magnitudes; rounding as the core does, the other at 16 bits. One seed, short runs.',
    '',
    vanishing(vanished),
    '',
    '### Bits that act and bits that remember',
    '',
    '16-bit tags, rounding as the core does. Columns: bits of the weight in all.',
    '',
    hidden(results),
    '',
    '### Range of the tag',
    '',
    '16-bit weights, rounding as the core does. Columns: largest tag held, as a part of the compiler’s.',
    '',
    ranges(results),
    '',
    '### Rate of learning',
    '',
    'Rounding as the core does. Columns: parts of the task’s rate.',
    '',
    rates(results),
    '',
    '### One event in the tag, by the arithmetic alone',
    '',
    'A tag with a time constant of 2 s that one event has set to a 64th, a 32nd or a quarter of its range, rounding as the core does: time constants until it is 0, and what is left of it after 1 and 2 time constants, in percent of what exact decay leaves. In the distal reward one potentiation adds a 64th, in the bandit a 32nd.',
    '',
    fading(),
  ].join('\n');
}

/** What float64 and the core's format came to, with the range over the seeds. */
function summary(results: readonly Result[], task: string): string {
  const told = [
    ['float64', float64],
    ['The core’s format', coreFormat],
    ['The same, stochastic', { ...coreFormat, rounding: 'stochastic' }],
  ] as const;
  const parts = told.flatMap(([name, format]) => {
    const result = find(results, task, nameOf(format));
    return result ? [`${name}: ${withSpread(result)}`] : [];
  });
  const seeds = find(results, task, nameOf(float64))?.seeds;
  const fewest = Math.min(
    ...results.filter(({ trial }) => trial.task === task).map((result) => result.seeds),
  );
  const others = fewest === seeds ? '' : ` of these, ${fewest} of most other formats`;
  return `${parts.join('. ')}. ${seeds} seeds${others}.`;
}

function byWidth(results: readonly Result[], task: string): string {
  const rows = roundings.flatMap((rounding) =>
    widths.map((tag) => [
      `${tag}, ${rounding}`,
      ...widths.map((weight) => cell(find(results, task, nameOf(formatOf(tag, weight, rounding))))),
    ]),
  );
  return markdown(['tag bits, rounding', ...widths.map((width) => `weight ${width}`)], rows);
}

function hidden(results: readonly Result[]): string {
  const rows = tasks.flatMap((task) =>
    actingWidths
      .map((acting) => [
        `${task}, ${acting} act`,
        ...masterWidths.map((all) =>
          all < acting ? '–' : cell(find(results, task, nameOf(formatOf(16, all, 'core', acting)))),
        ),
      ])
      .filter((row) => row.slice(1).some((text) => text !== '' && text !== '–')),
  );
  return markdown(['', ...masterWidths.map(String)], rows);
}

function ranges(results: readonly Result[]): string {
  const rows = tasks.flatMap((task) =>
    rangedTags
      .map((tag) => [
        `${task}, ${tag} bits`,
        ...[1, ...tagRanges].map((tagRange) =>
          cell(find(results, task, nameOf(formatOf(tag, 16)), { tagRange })),
        ),
      ])
      .filter((row) => row.slice(2).some((text) => text !== '')),
  );
  return markdown(['', '1', ...tagRanges.map((part) => `1/${1 / part}`)], rows);
}

function vanishing(vanished: readonly Vanished[]): string {
  const rows = tasks.flatMap((task) =>
    (['tag', 'weight'] as const).map((what) => [
      `${task}, ${what}`,
      ...widths.map((bits) => {
        const found = vanished.find((entry) => entry.task === task && entry.bits === bits);
        return found ? finePercent(found[what]) : '';
      }),
    ]),
  );
  return markdown(['', ...widths.map((bits) => `${bits} bits`)], rows);
}

function rates(results: readonly Result[]): string {
  const rows = tasks.flatMap((task) =>
    ratedFormats
      .map((format) => [
        `${task}, ${format.tag === null ? 'float64' : `tag ${format.tag}, weight ${format.weight}`}`,
        ...[1, ...rateFactors].map((faster) => cell(find(results, task, nameOf(format), { faster }))),
      ])
      .filter((row) => row.slice(2).some((text) => text !== '')),
  );
  return markdown(['', ...[1, ...rateFactors].map((factor) => `× ${factor}`)], rows);
}

function fading(): string {
  const parts = [64, 32, 4];
  const after = [1, 2];
  const head = parts.flatMap((part) => [`1/${part}: until 0`, ...after.map((n) => `after ${n} τ`)]);
  const rows = widths.map((bits) => [
    String(bits),
    ...parts.flatMap((part) => [
      `${reachOf(bits, 1 / part, oneEventTau).toFixed(1)} τ`,
      ...after.map((n) => percent(leftOf(bits, 1 / part, oneEventTau, n))),
    ]),
  ]);
  return markdown(['bits', ...head], rows);
}

/** Percent correct with the range over the seeds; of the distal reward the minutes until all seeds found it, or how many did and the weight. */
function cell(result: Result | undefined): string {
  if (!result) return '';
  const { mean, lowest, highest, seeds, weight, minutes } = result;
  if (!weight) return `${percent(mean)} (${percent(lowest)}–${percent(highest)})`;
  if (mean === 1 && minutes !== null) return `${Math.round(minutes)} min`;
  return `${Math.round(mean * seeds)}/${seeds}, ${weight.mean.toFixed(2)}`;
}

function withSpread({ mean, lowest, highest, seeds, weight, minutes }: Result): string {
  if (!weight) return `${percent(mean)} % (${percent(lowest)} to ${percent(highest)})`;
  const when = minutes === null ? '' : `, on the mean after ${minutes.toFixed(1)} min`;
  return `found by ${Math.round(mean * seeds)} of ${seeds}${when}`;
}

/** Percent with a digit after the point where it tells something. */
function finePercent(proportion: number): string {
  const value = proportion * 100;
  if (value !== 0 && value < 0.1) return '< 0.1';
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}

function percent(proportion: number): string {
  return String(Math.round(proportion * 100));
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
