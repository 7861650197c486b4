import type { Problem } from '../errors/engram-error.js';
import { pointText, valueText } from '../sweep/point.js';
import { pointErrorText } from '../sweep/point-error.js';
import type { SummaryRow } from '../sweep/summary.js';
import type { SweepProgress, SweepRow } from '../sweep/sweep.js';
import { table } from './table.js';

/** Parameter sets that are shown; the results have all. */
const mostRows = 50;

/** Mean ± standard deviation of the figures of each parameter set, over its seeds. */
export function summaryText(rows: readonly SummaryRow[]): string {
  const settings = Object.keys(rows[0]?.settings ?? {});
  const names = [...new Set(rows.flatMap(({ figures }) => Object.keys(figures)))];
  const cells = rows
    .slice(0, mostRows)
    .map((row) => [
      ...settings.map((name) => (row.settings[name] === undefined ? '–' : valueText(row.settings[name]))),
      row.done === row.of ? String(row.of) : `${row.done} of ${row.of}`,
      ...names.map((name) => momentsText(row, name)),
    ]);
  const more = rows.length > mostRows ? `\n… and ${rows.length - mostRows} more sets` : '';
  return `${table([...settings, 'points', ...names], cells)}${more}`;
}

function momentsText({ figures, done }: SummaryRow, name: string): string {
  const found = figures[name];
  if (!found || found.count === 0) return '–';
  const spread = found.count > 1 ? ` ± ${short(found.deviation)}` : '';
  return `${short(found.mean)}${spread}${found.count < done ? ` (${found.count})` : ''}`;
}

function short(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString('en') : String(Number(value.toPrecision(3)));
}

/** The points that failed, as problems of an error. */
export function failedPoints(rows: readonly SweepRow[]): Problem[] {
  return rows.flatMap(({ number, point, outcome }) =>
    'error' in outcome
      ? [{ path: `point ${number} (${pointText(point)})`, message: pointErrorText(outcome.error) }]
      : [],
  );
}

/** `14 of 40 points, 1 failed, 2 min 10 s left`; `seconds`: since the run began. */
export function progressText({ done, now, failed, total }: SweepProgress, seconds: number): string {
  const failures = failed > 0 ? `, ${failed} failed` : '';
  const left = ((total - done) * seconds) / now;
  return `${done} of ${total} points${failures}${done < total ? `, ${durationText(left)} left` : ''}`;
}

function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`;
}
