import { styleText } from 'node:util';
import { blockProportions, lastProportion } from '../tasks/learning-curve.js';
import type { LearningRun } from './learning-data.js';

const bars = '▁▂▃▄▅▆▇█';

/**
 * Learning curves as text, one line a run: a bar per block of trials from 0 to 1, then the last 100 trials and how many
 * trials it took to 90 %.
 */
export function learningCurveText(
  runs: readonly LearningRun[],
  { blockSize, color }: { readonly blockSize: number; readonly color: boolean },
): string {
  const labels = Math.max(...runs.map(({ label }) => label.length));
  const lines = runs.map(({ label, correct, trialsTo90 }) => {
    const blocks = blockProportions(correct, blockSize).map(blockBar).join('');
    const last = `${Math.round(lastProportion(correct, 100) * 100)} %`.padStart(5);
    const reached = trialsTo90 === null ? '90 % not reached' : `90 % after ${trialsTo90} trials`;
    const strong = trialsTo90 !== null && color ? styleText('green', blocks) : blocks;
    return `${label.padEnd(labels)}  ${strong}  ${last} of the last 100 correct, ${reached}`;
  });
  return [`proportion correct, one bar per ${blockSize} trials (▁ 0 … █ 1)`, ...lines].join('\n');
}

function blockBar(share: number): string {
  return bars[Math.min(bars.length - 1, Math.floor(share * bars.length))]!;
}
