import { EngramError } from '../errors/engram-error.js';
import { csvText } from './csv.js';
import type { SweepIdentity } from './identity.js';
import { type Value, valueText } from './point.js';
import { pointErrorText } from './point-error.js';
import type { SweepRow } from './sweep.js';

export const resultForms = { csv: ['.csv'], json: ['.json'], lines: ['.jsonl', '.ndjson'] } as const;
export type ResultForm = keyof typeof resultForms;

/** The form of a results file, by its ending. Throws E0101. */
export function resultForm(path: string): ResultForm {
  const found = Object.entries(resultForms).find(([, endings]) =>
    endings.some((ending) => path.toLowerCase().endsWith(ending)),
  );
  if (found) return found[0] as ResultForm;
  throw new EngramError('E0101', `${path} is no name for results`, {
    facts: [['endings', Object.values(resultForms).flat().join(' ')]],
    fix: ['name a table or an object: --out results.csv, --out results.json'],
  });
}

/** The rows as CSV, as one JSON object that says what they are of, or as JSON lines; equal for equal rows. */
export function resultsText(rows: readonly SweepRow[], form: ResultForm, of: SweepIdentity): string {
  if (form === 'csv') return resultsCsv(rows);
  const data = rows.map(rowData);
  if (form === 'lines') return data.map((row) => `${JSON.stringify(row)}\n`).join('');
  return `${JSON.stringify({ sweep: of, points: data }, null, 1)}\n`;
}

function rowData({ number, point, outcome }: SweepRow) {
  return { point: number, ...point, ...outcome };
}

/** Columns that every table has. */
const columns = { point: 'point', seed: 'seed', error: 'error' } as const;

/**
 * A column for each setting and figure; lists have none. Cells of what a point does not have are empty. A figure with the
 * name of a setting is called `figure.NAME`.
 */
function resultsCsv(rows: readonly SweepRow[]): string {
  const settings = [...new Set(rows.flatMap(({ point }) => Object.keys(point.settings)))];
  const figures = [
    ...new Set(rows.flatMap(({ outcome }) => ('figures' in outcome ? scalarNames(outcome.figures) : []))),
  ];
  const taken = new Set<string>([...Object.values(columns), ...settings]);
  const heading = [
    columns.point,
    ...settings.map((name) => (name in columns ? `setting.${name}` : name)),
    columns.seed,
    ...figures.map((name) => (taken.has(name) ? `figure.${name}` : name)),
    columns.error,
  ];
  const cells = rows.map(({ number, point, outcome }) => {
    const found: Readonly<Record<string, Value>> = 'figures' in outcome ? outcome.figures : {};
    return [
      String(number),
      ...settings.map((name) => cell(point.settings[name])),
      cell(point.seed),
      ...figures.map((name) => cell(found[name])),
      'error' in outcome ? pointErrorText(outcome.error) : '',
    ];
  });
  return csvText([heading, ...cells]);
}

function scalarNames(figures: Readonly<Record<string, Value>>): string[] {
  return Object.keys(figures).filter((name) => !Array.isArray(figures[name]));
}

function cell(value: Value | undefined): string {
  return value === undefined || value === null ? '' : valueText(value);
}
