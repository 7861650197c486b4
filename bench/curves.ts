import { table } from '../src/cli/table.js';
import { packageFolder } from '../src/compiler/package-folder.js';
import { ruleCurves } from './curves/all.js';
import { type Curve, errorOf, errorsOf, percent, pointsOf } from './curves/curve.js';
import { filesOf, writeFiles } from './curves/files.js';
import { printRows, type Row } from './rows.js';

/**
 * `npm run bench:curves`: the characteristic curves of all named rules on the emulated core, against their closed forms
 * (`docs/rule-curves.md`). `--points` prints all points, `--json` the worst errors as rows, `--write-docs` writes the
 * page and its figures.
 */
const has = (flag: string) => process.argv.includes(flag);
const curves = ruleCurves.map((measure) => measure());
if (has('--write-docs')) writeFiles(packageFolder(), filesOf(curves));
if (has('--points') && !has('--json'))
  for (const curve of curves) process.stdout.write(`${curve.name}\n${pointsTable(curve)}\n\n`);
if (has('--json')) printRows(curves.map(rowOf));
else
  process.stdout.write(
    `${table(
      ['curve', 'points', 'worst error', 'stated', 'bound', ''],
      curves.map((curve) => {
        const { worst, bound } = errorsOf(curve);
        const met = worst <= curve.limit ? 'met' : 'missed';
        return [
          curve.name,
          pointsOf(curve).length,
          percent(worst),
          percent(curve.limit),
          percent(bound),
          met,
        ];
      }),
    )}\n`,
  );

function rowOf(curve: Curve): Row {
  const { worst } = errorsOf(curve);
  return {
    name: `${curve.name}/worst error`,
    value: Number(worst.toPrecision(3)),
    unit: 'part of the peak',
    goal: `<= ${curve.limit}`,
    met: worst <= curve.limit,
  };
}

function pointsTable({ xLabel, series }: Curve): string {
  const rows = series.flatMap(({ name, points }) =>
    points.map((point) => [
      name,
      String(Number(point.x.toPrecision(6))),
      ...[point.found, point.expected, errorOf(point), point.bound].map((value) => value.toFixed(6)),
    ]),
  );
  return table(['series', xLabel, 'core', 'closed form', 'error', 'bound'], rows);
}
