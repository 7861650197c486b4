import { type Curve, type Point, range } from './curve.js';
import { coefficientError, traceError } from './error-bounds.js';
import { changeBy, pairRig } from './rig.js';
import { pairSums } from './spike-sums.js';

const [aPlus, aMinus, tau, pairs] = [0.005, 0.00525, 20, 60];

/** The window of `stdp` with Song, Miller & Abbott's parameters, the rule's defaults. */
export function stdpCurve(): Curve {
  const rig = pairRig('stdp', {}, { weight: 0.5, weightRange: [0, 0.99] });
  const step = rig.unit('plastic', 'weight');
  const point = (lag: number): Point => {
    const pre = range(200, 200 + (pairs - 1) * 1000, 1000);
    const post = pre.map((at) => at + lag);
    const { up, down } = pairSums(pre, post, tau, tau);
    const traces = pairs * traceError(tau, Math.abs(lag)) * (lag >= 0 ? aPlus : aMinus);
    return {
      x: lag,
      found: changeBy(rig, pre, post),
      expected: aPlus * up - aMinus * down,
      bound: coefficientError * (aPlus * up + aMinus * down) + traces + 0.5 * pairs * step,
    };
  };
  const half = (lags: readonly number[], name: string) => ({ name, points: lags.map(point) });
  return {
    name: 'stdp',
    rule: 'stdp',
    title: 'The window of spike-timing-dependent plasticity',
    protocol: `${pairs} pairs, one a second, with the defaults of the rule; at a lag above 0 the arrival comes first.`,
    closedForm: 'The sum over all pairs of `aPlus · exp(−lag/tauPlus)` or `−aMinus · exp(lag/tauMinus)`.',
    limit: 0.005,
    bound: 'coefficient 1/128; trace; half a unit of the weight a pair',
    xLabel: 'lag of the spike after the arrival (ms)',
    yLabel: 'change of the weight',
    series: [half(range(-100, -4, 4), 'spike, then arrival'), half(range(0, 100, 4), 'arrival, then spike')],
  };
}
