import { type Curve, type Point, range } from './curve.js';
import { coefficientError, traceError } from './error-bounds.js';
import { changeBy, pairRig } from './rig.js';
import { pairSums } from './spike-sums.js';

const [amplitude, tauBefore, tauAfter, plateaus] = [0.01, 1310, 690, 5];

/** The window of `btsp` with Bittner et al.'s time constants, the rule's defaults. */
export function btspCurve(): Curve {
  const rig = pairRig('btsp', {}, { weight: 0.5, weightRange: [0, 0.99] });
  const step = rig.unit('plastic', 'weight');
  const point = (lag: number): Point => {
    const pre = range(5000, 5000 + (plateaus - 1) * 15_000, 15_000);
    const post = pre.map((at) => at + lag);
    const { up, down } = pairSums(pre, post, tauBefore, tauAfter);
    const tau = lag >= 0 ? tauBefore : tauAfter;
    return {
      x: lag / 1000,
      found: changeBy(rig, pre, post),
      expected: amplitude * (up + down),
      // Beside the pair itself each plateau meets what the others left: the same bound again, at most.
      bound:
        coefficientError * amplitude * (up + down) +
        plateaus * (2 * amplitude * traceError(tau, Math.abs(lag)) + step),
    };
  };
  return {
    name: 'btsp',
    rule: 'btsp',
    title: 'The window of behavioural-time-scale plasticity: seconds wide, and asymmetric',
    protocol: `${plateaus} plateaus, 15 s apart, each with one arrival, with the defaults of the rule; at a lag above 0 the arrival comes first.`,
    closedForm:
      'The sum over all arrivals and plateaus of `aBefore · exp(−lag/1.31 s)` and `aAfter · exp(lag/0.69 s)`.',
    limit: 0.01,
    bound: 'coefficient 1/128; traces, which decay every 8 or 16 ms; one unit of the weight a plateau',
    xLabel: 'lag of the plateau after the arrival (s)',
    yLabel: 'change of the weight',
    series: [
      { name: 'plateau, then arrival', points: range(-4000, -125, 125).map(point) },
      { name: 'arrival, then plateau', points: range(0, 4000, 125).map(point) },
    ],
  };
}
