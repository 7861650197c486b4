import { type Curve, type Point, range } from './curve.js';
import { factorError, traceError } from './error-bounds.js';
import { rewardBound } from './reward-bound.js';
import { pairRig, type Rig, reward } from './rig.js';

const [tau, tauTag, tauReward, rate, expectedPerH] = [20, 1000, 50, 2e-4, 0.4];
/** The membrane stands still at 50/64, and its h at 1 − (14/64) / 0.25. */
const [membrane, h] = [50 / 64, 1 / 8];
const [arrivals, spacing, first, delay] = [20, 20, 4000, 600];
const earlier = { rewards: 4, value: 1, events: 4 };

const rig = (): Rig =>
  pairRig(
    'rmax',
    { modulator: 'reward', rate },
    { weight: 0.5, weightRange: [0, 0.99] },
    { reward: { tau: `${tauReward} ms`, baseline: { events: earlier.events } } },
    {
      tauMembrane: 'none',
      initial: membrane,
      reset: membrane,
      surrogate: { dampening: 1, width: 0.25 },
    },
  );

const times = range(first, first + (arrivals - 1) * spacing, spacing);

function change(on: Rig, spikes: boolean, value: number): number {
  const machine = on.start();
  for (let n = 0; n < earlier.rewards; n++) machine.addReward(100 + 700 * n, 0, reward(earlier.value));
  for (const tick of times) {
    machine.addSpike(tick, 0);
    if (spikes) machine.addSpike(tick, 1);
  }
  machine.run(first);
  const before = on.read(machine, 'plastic', 'weight');
  machine.addReward(first + 1 + delay, 0, reward(value));
  machine.run(delay + 1000);
  return on.read(machine, 'plastic', 'weight') - before;
}

/** Sum of tag times reward, and what the roundings of the tag can add to it, for a prediction error of 1. */
function overlap(spikes: boolean, tagUnit: number) {
  let [x, tag, error, sum, errors] = [0, 0, 0, 0, 0];
  const end = delay + 1000;
  for (let tick = 0; tick < end; tick++) {
    const arrives = tick % spacing === 0 && tick < arrivals * spacing;
    const spikesNow = arrives && spikes;
    if (arrives) x += 1;
    tag += spikesNow ? x : -expectedPerH * h * x;
    const factors = traceError(tau, 0) + factorError * x;
    error += spikesNow
      ? factors
      : x > 1e-6
        ? expectedPerH * (h * traceError(tau, 0) + 2 * factorError * x)
        : 0;
    error += x > tagUnit / 2 ? tagUnit / 2 : 0;
    if (tick >= delay) {
      const reinforcement = Math.exp((delay - tick) / tauReward);
      sum += tag * reinforcement;
      errors += error * reinforcement;
    }
    x *= Math.exp(-1 / tau);
    tag *= Math.exp(-1 / tauTag);
    error *= Math.exp(-1 / tauTag);
  }
  return { sum, errors };
}

/** `rmax`: reward less its mean, times spikes less their expectation. */
export function rmaxCurve(): Curve {
  const on = rig();
  const baseline = earlier.value * (1 - (1 - 1 / earlier.events) ** earlier.rewards);
  const tagUnit = on.unit('plastic', 'tag');
  const series = (name: string, spikes: boolean) => {
    const { sum, errors } = overlap(spikes, tagUnit);
    const point = (value: number): Point => {
      const surprise = value - baseline;
      const expected = rate * surprise * sum;
      const bound = rewardBound({
        size: Math.abs(expected),
        gain: rate * Math.abs(surprise) * tauReward,
        tauTag,
        tauModulator: tauReward,
        tagUnit,
        step: on.unit('plastic', 'weight'),
      });
      return {
        x: value,
        found: change(on, spikes, value),
        expected,
        bound: bound + rate * Math.abs(surprise) * errors,
      };
    };
    return { name, points: range(-1, 2.5, 0.25).map(point) };
  };
  return {
    name: 'rmax',
    rule: 'rmax',
    title: 'R-max: reward less its mean, times spikes less their expectation',
    protocol: `${arrivals} arrivals at 50 Hz at a neuron with h = 1/8, which spikes with each of them or not at all; ${earlier.rewards} rewards of ${earlier.value} came before (baseline over ${earlier.events} events), and one of the value given comes ${delay} ms after the first arrival; \`rate\` ${rate}.`,
    closedForm:
      '`rate · (r − r̄) · Σ (spike − expected·h) · x1`, each product decayed with `tauTag` to the reward, times the sum over the decaying reward; r̄ = 1 − (3/4)⁴ = 0.684. At r = r̄ nothing changes.',
    limit: 0.01,
    bound: 'as of `rstdp`; half a unit of the tag in each tick with an expectation; the factors h and x1',
    xLabel: 'reward',
    yLabel: 'change of the weight',
    series: [series('spikes with each arrival', true), series('no spike', false)],
  };
}
