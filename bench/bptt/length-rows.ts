import { cueTask, drawCueTrial } from '../../src/tasks/cue-accumulation/generator.js';
import { drawsOf } from '../../src/tasks/draws.js';
import type { Row } from '../rows.js';
import { backward } from './backward.js';
import { distributionOf, lengthOf } from './compare.js';
import { type Algorithm, bptt, pathsOf } from './cosines.js';
import { type CueSetting, cueSettings, trainingOf } from './cue-networks.js';
import { emptyRun, forward, rasterOf } from './forward.js';
import { lossOf } from './loss.js';

/**
 * Lengths of the gradient of the recurrent weights in trials of cue accumulation, at the first weights. An adjoint
 * that grows by a factor a step has 2250 steps to grow in: whether BPTT can be used at all is seen here.
 */
export function gradientLengths(setting: CueSetting, algorithm: Algorithm, trials: number): number[] {
  const { model, weights } = trainingOf(setting, 1);
  const run = emptyRun(model, cueTask.length);
  const error = new Float64Array(cueTask.length * model.outputs);
  const paths = pathsOf(algorithm, weights.output, weights.output);
  const draws = drawsOf(1001);
  return Array.from({ length: trials }, () => {
    const { label, length, spikes } = drawCueTrial(draws);
    const raster = rasterOf(length, spikes);
    forward(model, weights, raster, run);
    lossOf(run.y, model.outputs, { kind: 'linear', label, from: cueTask.recallFrom, to: length }, error);
    return lengthOf(backward(model, weights, raster, run, error, paths).recurrent);
  });
}

const resetCut: Algorithm = { ...bptt, throughReset: false };
const eprop: Algorithm = { kind: 'eprop', feedback: 'symmetric', throughReset: false };

export function lengthRows(trials: number): Row[] {
  const setting = cueSettings.find(({ name }) => name === 'BPTT')!;
  const weakly: CueSetting = { ...setting, surrogate: { ...setting.surrogate, gamma: 0.1 } };
  const studies: readonly (readonly [string, CueSetting, Algorithm])[] = [
    ['e-prop', setting, eprop],
    ['BPTT', setting, bptt],
    ['BPTT, reset left out', setting, resetCut],
    ['BPTT, reset left out, gamma 0.1', weakly, resetCut],
  ];
  return studies.flatMap(([name, network, algorithm]) => {
    const { median, max } = distributionOf(gradientLengths(network, algorithm, trials));
    const row = (what: string, value: number): Row => ({
      name: `gradient length/${name}/${what}`,
      value: Number(value.toPrecision(2)),
      unit: 'loss by weight',
      goal: null,
      met: null,
    });
    return [row('median', median), row('max', max)];
  });
}
