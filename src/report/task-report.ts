import { blockMeans, blockProportions, lastProportion } from '../tasks/learning-curve.js';
import type { Trial } from '../tasks/task.js';
import { factTable, heading, page, paragraph } from './page.js';
import { rasterFigure } from './raster-figure.js';
import { seriesFigure } from './series-figure.js';
import { element } from './svg.js';
import type { TaskReport } from './task-data.js';

/** A played task as one self-contained page: what it learnt, what its trials tell, and how it was made. */
export function taskReportHtml(report: TaskReport): string {
  const { task, summary, trials, blockSize, raster, facts, command } = report;
  const correct = trials.map((trial) => trial.correct);
  const last = Math.min(100, trials.length);
  const series = { blockSize, trials: trials.length };
  return page(task, [
    heading(1, task),
    paragraph(summary, 'lead'),
    paragraph(
      `${Math.round(lastProportion(correct, last) * 100)} % of the last ${last} trials were correct.`,
    ),
    heading(2, 'Learning'),
    paragraph(`Correct trials, of each block of ${blockSize}.`),
    element(
      'figure',
      {},
      seriesFigure({
        ...series,
        title: 'Proportion correct',
        means: blockProportions(correct, blockSize),
        range: [0, 1],
        percent: true,
      }),
    ),
    ...measures(trials).flatMap((name) => [
      heading(2, name),
      element(
        'figure',
        {},
        seriesFigure({
          ...series,
          title: `${name}, mean of a block`,
          means: blockMeans(
            trials.map((trial) => Number(trial[name])),
            blockSize,
          ),
        }),
      ),
    ]),
    ...(raster
      ? [
          heading(2, 'The end of the last trial'),
          element('figure', {}, rasterFigure(raster.milliseconds, raster.populations)),
        ]
      : []),
    heading(2, 'How this was made'),
    factTable([...facts, ['command', command]]),
  ]);
}

/** Details of trials that are worth a curve: numbers that are no numbering (a choice, a label, a time). */
function measures(trials: readonly Trial[]): string[] {
  const names = [...new Set(trials.flatMap((trial) => Object.keys(trial)))];
  return names.filter((name) => {
    const values = trials.map((trial) => trial[name]);
    if (!values.every((value) => Number.isFinite(value))) return false;
    if (new Set(values).size < 2) return false;
    if (values.some((value) => !Number.isInteger(value))) return true;
    const rising = values.every((value, n) => n === 0 || Number(value) > Number(values[n - 1]));
    return !rising && values.some((value) => Math.abs(Number(value)) > 9);
  });
}
