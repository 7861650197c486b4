import { lastProportion } from '../tasks/learning-curve.js';
import { curveFigure, timeText } from './curve-figure.js';
import type { LearningReport, LearningRun } from './learning-data.js';
import { factTable, heading, page, paragraph } from './page.js';
import { element } from './svg.js';
import { trialFigure } from './trial-figure.js';
import { weightFigure } from './weight-figure.js';

/** The report as one self-contained page: what a synaptic trace does, in three figures. */
export function learningReportHtml(report: LearningReport): string {
  const { traced, control, trial, weights } = report;
  const chance = 1 / Math.max(1, weights.traced.columnGroups.length);
  return page(report.title, [
    heading(1, report.title),
    paragraph(
      `The reward came ${report.delay} after the choice. With an eligibility trace of ${timeText(traced.tagMilliseconds)} ` +
        `the network chose right in ${lastText(traced)} of the last 100 trials; the same network with a trace of ` +
        `${timeText(control.tagMilliseconds)} in ${lastText(control)}.`,
      'lead',
    ),
    heading(2, '1  Learning'),
    paragraph(`Correct choices per block of ${report.blockSize} trials.`),
    element('figure', {}, curveFigure(traced, control, report.blockSize, chance)),
    heading(2, '2  One trial after training'),
    paragraph(
      `The cue (${trial.context}) drives the network to ${trial.choice}. Each synapse that helped is marked: it becomes eligible. ` +
        'Then nothing happens, and the mark fades slowly. When the reward comes, it changes those synapses that still carry a mark, and no others.',
    ),
    element('figure', {}, trialFigure(trial)),
    heading(2, '3  Weights before and after'),
    paragraph(
      'Each cell is a synapse from a cue line (rows) to a neuron of an action (columns); darker is stronger.',
    ),
    element(
      'div',
      { class: 'pair' },
      ...[weights.traced, weights.control].map((picture) =>
        element('figure', {}, paragraph(picture.label), weightFigure(picture)),
      ),
    ),
    heading(2, 'How this was made'),
    factTable([...report.facts, ['command', report.command]]),
  ]);
}

function lastText(run: LearningRun): string {
  return `${Math.round(lastProportion(run.correct, 100) * 100)} %`;
}
