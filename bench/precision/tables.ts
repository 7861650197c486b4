import { float64, formatOf, nameOf, type Rounding } from './format.js';
import { actingWidths, masterWidths, tagRanges, tasks, widths } from './plan.js';
import { find, type Result } from './result.js';

const roundings: readonly Rounding[] = ['core', 'stochastic'];

/** All figures as Markdown tables, for `docs/precision.md`. Where a format was not run the cell is empty. */
export function tablesOf(results: readonly Result[]): string {
  return [
    ...tasks.flatMap((task) => [`#### ${task}`, '', summary(results, task), '', byWidth(results, task), '']),
    '#### Bits that act and bits that remember',
    '',
    `16-bit tags, rounding as the core does. Columns: bits of the weight in all.`,
    '',
    hidden(results),
    '',
    '#### Range of the tag',
    '',
    '16-bit weights, rounding as the core does. Columns: largest tag held, as a part of the compiler’s.',
    '',
    ranges(results),
  ].join('\n');
}

function summary(results: readonly Result[], task: string): string {
  const exact = find(results, task, nameOf(float64));
  return exact ? `float64: ${withSpread(exact)}; ${exact.seeds} seeds.` : '';
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
    ([4, 8, 12] as const)
      .map((tag) => [
        `${task}, ${tag} bits`,
        ...[1, ...tagRanges].map((range) => cell(find(results, task, nameOf(formatOf(tag, 16)), range))),
      ])
      .filter((row) => row.slice(2).some((text) => text !== '')),
  );
  return markdown(['', '1', ...tagRanges.map((part) => `1/${1 / part}`)], rows);
}

function cell(result: Result | undefined): string {
  return result ? percent(result.mean) : '';
}

function withSpread({ mean, lowest, highest }: Result): string {
  return `${percent(mean)} % (${percent(lowest)} to ${percent(highest)})`;
}

function percent(proportion: number): string {
  return String(Math.round(proportion * 100));
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
