import { type Curve, type Point, range } from './curve.js';
import { coefficientError, traceError } from './error-bounds.js';
import { changeBy, pairRig } from './rig.js';
import { traceAt } from './spike-sums.js';

interface ParameterSet {
  readonly a2Plus: number;
  readonly a3Plus: number;
  readonly a2Minus: number;
  readonly a3Minus: number;
  readonly tauX: number;
  readonly tauY: number;
}

const [tauPlus, tauMinus, pairs, slowFactor] = [16.8, 33.7, 60, 8];
const sets: Readonly<Record<'minimal' | 'full', ParameterSet>> = {
  minimal: { a2Plus: 0, a3Plus: 6.5e-3, a2Minus: 7.1e-3, a3Minus: 0, tauX: 101, tauY: 114 },
  full: { a2Plus: 5e-10, a3Plus: 6.2e-3, a2Minus: 7e-3, a3Minus: 2.3e-4, tauX: 101, tauY: 125 },
};
const rates = [0.1, 1, 2, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50];

/** Sjöström, Turrigiano & Nelson (2001), Neuron 32, 1149–1164, as Pfister & Gerstner fitted them. */
const sjostrom = {
  source:
    'P. J. Sjöström, G. G. Turrigiano, S. B. Nelson (2001) Rate, timing, and cooperativity jointly determine cortical ' +
    'synaptic plasticity. Neuron 32, 1149–1164, as public codes quote their means and errors',
  series: [
    measured([-0.04, 0.14, 0.29, 0.53, 0.56], [0.05, 0.1, 0.14, 0.11, 0.26]),
    measured([-0.29, -0.41, -0.34, 0.56, 0.75], [0.08, 0.11, 0.1, 0.32, 0.19]),
  ],
};

function measured(means: readonly number[], errors: readonly number[]) {
  return [0.1, 10, 20, 40, 50].map((x, n) => ({ x, y: means[n]!, error: errors[n]! }));
}

/** Sum over all pairs and triplets, all-to-all, and the bound of the core's. */
function closedForm(set: ParameterSet, pre: readonly number[], post: readonly number[]) {
  let [value, size, traces] = [0, 0, 0];
  const add = (sign: number, a2: number, a3: number, fast: number, slow: number, taus: [number, number]) => {
    value += sign * fast * (a2 + a3 * slow);
    size += fast * (a2 + a3 * slow);
    // Error of a product: each trace's times the other. The slow one is kept in eighths.
    const [fastError, slowError] = taus.map((tau) => traceError(tau, tau)) as [number, number];
    traces += (a2 + a3 * slow) * fastError * Math.max(1, fast) + a3 * fast * slowFactor * slowError;
  };
  for (const at of post) {
    const [fast, slow] = [traceAt(pre, at, tauPlus, true), traceAt(post, at, set.tauY, false)];
    add(1, set.a2Plus, set.a3Plus, fast, slow, [tauPlus, set.tauY]);
  }
  for (const at of pre) {
    const [fast, slow] = [traceAt(post, at, tauMinus, false), traceAt(pre, at, set.tauX, false)];
    add(-1, set.a2Minus, set.a3Minus, fast, slow, [tauMinus, set.tauX]);
  }
  return { value, error: coefficientError * size + traces };
}

/** Change of the weight by 60 pairs over their rate, with the parameters of visual cortex. */
export function tripletCurve(name: keyof typeof sets): Curve {
  const set = sets[name];
  const { tauX, tauY, ...amplitudes } = set;
  const rig = pairRig(
    'triplet',
    // The core has no coefficient as small as 5e-10, which 60 pairs would not show either.
    { ...amplitudes, a2Plus: 0, tauX: `${tauX} ms`, tauY: `${tauY} ms` },
    { weight: 1, weightRange: [0, 1.98] },
  );
  const step = rig.unit('plastic', 'weight');
  const trains = (rate: number, lag: number, whole: (time: number) => number) => {
    const pre = range(0, pairs - 1, 1).map((n) => 20 + whole((n * 1000) / rate));
    return { pre, post: pre.map((at) => at + lag) };
  };
  const point =
    (lag: number) =>
    (rate: number): Point => {
      const { pre, post } = trains(rate, lag, Math.round);
      const { value, error } = closedForm(set, pre, post);
      const bound = error + (set.a3Minus > 0 ? 1.5 : 1) * pairs * step;
      return { x: rate, found: changeBy(rig, pre, post), expected: value, bound };
    };
  const series = (label: string, lag: number) => ({
    name: label,
    points: rates.map(point(lag)),
    line: [0.1, ...range(0.5, 50, 0.5)].map((rate): [number, number] => {
      const { pre, post } = trains(rate, lag, (time) => time);
      return [rate, closedForm(set, pre, post).value];
    }),
  });
  return {
    name: `triplet-${name}`,
    rule: 'triplet',
    title: `Triplet rule: timing and rate (${name} model, visual cortex)`,
    protocol: `${pairs} pairs at 0.1 to 50 Hz, the spike 10 ms after or before the arrival, from a weight of 1; ${name === 'minimal' ? 'the defaults of the rule' : '`a2Plus` 0 on the core (5e-10 in the paper and in the closed form), `a3Plus` 6.2e-3, `a2Minus` 7e-3, `a3Minus` 2.3e-4, `tauY` 125 ms'}.`,
    closedForm:
      'The sum over all pairs and triplets of spikes (the paper’s all-to-all rule), at the same times; the lines are at exact rates, the spikes of the points at whole milliseconds.',
    limit: 0.01,
    bound:
      'coefficients 1/128 of potentiation and depression, which cancel in part; traces; half a unit of the weight a product',
    xLabel: 'rate of the pairs (Hz)',
    yLabel: 'change of the weight (parts)',
    series: [series('arrival, then spike (+10 ms)', 10), series('spike, then arrival (−10 ms)', -10)],
    data: sjostrom,
  };
}
