import { table } from '../src/cli/table.js';

/** One figure of a benchmark; goal and met are null where there is none. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: string | null;
  readonly met: boolean | null;
}

/** Prints the rows: with `--json` one object and nothing else, otherwise a table. */
export function printRows(rows: readonly Row[]): void {
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ rows })}\n`);
    return;
  }
  const cells = rows.map(({ name, value, unit, goal, met }) => [
    name,
    value,
    unit,
    goal ?? '–',
    met === null ? '' : met ? 'met' : 'missed',
  ]);
  process.stdout.write(`${table(['name', 'value', 'unit', 'goal', ''], cells)}\n`);
}
