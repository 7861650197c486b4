import { type Curve, type Point, range } from './curve.js';
import {
  coefficientError,
  factorError,
  modulatedPeriod,
  stateError,
  tagError,
  traceError,
} from './error-bounds.js';
import { reward, rigOf } from './rig.js';

const [tau, tauTag, rate, criticRate, value] = [1000, 1000, 5e-4, 2.5e-3, 0.5];
/** A trial: the state at its begin, the outcome told for so long, so long after. */
const trial = { ticks: 12_000, outcome: 200, lasts: 100 };
const trials = { rewarded: 30, omitted: 12 };

const rig = () =>
  rigOf({
    engram: 1,
    name: 'td',
    populations: {
      state: { model: 'input', size: 1 },
      teacher: { model: 'input', size: 1 },
      actor: { model: 'lif', size: 1, tauMembrane: '1 ms' },
      value: { model: 'readout', size: 1, tauMembrane: `${tau} ms` },
    },
    modulators: {
      outcome: { tau: 'none' },
      error: { tau: 'none', error: { population: 'value', gate: 'outcome' } },
    },
    projections: {
      policy: {
        from: 'state',
        to: 'actor',
        weight: 0.5,
        silent: true,
        plasticity: { rule: 'td', modulator: 'error', weightRange: [0, 0.99], rate },
      },
      critic: {
        from: 'state',
        to: 'value',
        weight: 0,
        plasticity: {
          rule: 'eprop-readout',
          weightRange: [0, 0.99],
          rate: criticRate,
          tauReadout: `${tau} ms`,
        },
      },
      teach: { from: 'teacher', to: 'actor', weight: 2 },
    },
  });

const rewardOf = (n: number) => (n < trials.rewarded ? value : 0);

/** Prediction at the outcome and change of the policy's weight, trial by trial, on the core. */
function run() {
  const on = rig();
  const machine = on.start();
  return {
    steps: { policy: on.unit('policy', 'weight'), critic: on.unit('critic', 'weight') },
    tagUnit: on.unit('policy', 'tag'),
    trials: range(0, trials.rewarded + trials.omitted - 1, 1).map((n) => {
      const arrival = machine.tick + 1;
      machine.addSpike(arrival - 1, 0);
      machine.addSpike(arrival - 1, 1);
      const [from, to] = [arrival + trial.outcome, arrival + trial.outcome + trial.lasts];
      for (const [tick, sign] of [
        [from, 1],
        [to, -1],
      ] as const) {
        machine.addReward(tick, 0, reward(sign));
        machine.addReward(tick, 1, reward(sign * rewardOf(n)));
      }
      const before = on.read(machine, 'policy', 'weight');
      // After the tick in which the outcome begins.
      machine.run(from + 1 - machine.tick);
      const prediction = on.membrane(machine, 'value');
      machine.run(arrival - 1 + trial.ticks - machine.tick);
      return { prediction, change: on.read(machine, 'policy', 'weight') - before };
    }),
  };
}

/** Sums over the ticks of the outcome, of what is left of the state and of the tag. */
const told = range(trial.outcome, trial.outcome + trial.lasts - 1, 1);
const sumOf = (of: (age: number) => number) => told.reduce((sum, age) => sum + of(age), 0);
const state = (age: number) => Math.exp(-age / tau);
const tag = (age: number) => Math.exp(-age / tauTag);
const sums = {
  state: sumOf(state),
  squares: sumOf((age) => state(age) ** 2),
  tag: sumOf(tag),
  both: sumOf((age) => state(age) * tag(age)),
};
const learned = criticRate * sums.squares;

/** Weight of the critic before the n-th trial: it goes geometrically to where the prediction is right. */
function criticAt(n: number): number {
  const right = (value * sums.state) / sums.squares;
  const end = right * (1 - (1 - learned) ** Math.min(n, trials.rewarded));
  return end * (1 - learned) ** Math.max(0, n - trials.rewarded);
}

const protocol = `Trials of 12 s: a state line and a spike of the neuron at once, the outcome ${trial.outcome} ms later for ${trial.lasts} ms: a reward of ${value} in ${trials.rewarded} trials, then none in ${trials.omitted}. A readout learns to tell it (\`eprop-readout\`, \`rate\` ${criticRate}, ${tau / 1000} s), and its error is the modulator of \`td\` (\`tauTag\` 1 s, \`rate\` ${rate}).`;
const learning =
  2 * coefficientError + stateError(tau, trial.outcome) + Math.expm1(modulatedPeriod(tau) / tau);

/** `td`: the prediction error of a critic on the core, as the change of a weight. */
export function tdCurve(): Curve {
  const { trials: found, steps, tagUnit } = run();
  const point = (change: number, n: number): Point => {
    const expected = rate * (rewardOf(n) * sums.tag - criticAt(n) * sums.both);
    const size = rate * (rewardOf(n) * sums.tag + criticAt(n) * sums.both);
    const { relative, low } = tagError(tauTag);
    const visits = trial.lasts / modulatedPeriod(tauTag) + 2;
    const bound =
      (relative + learning) * Math.abs(expected) +
      (learning + traceError(tau, trial.outcome)) * size +
      rate * sums.both * predictionError(steps.critic) +
      rate * trial.lasts * value * low * tagUnit +
      visits * steps.policy;
    return { x: n + 1, found: change, expected, bound };
  };
  const all = found.map(({ change }, n) => point(change, n));
  return {
    name: 'td',
    rule: 'td',
    title: 'TD-STDP: surprise teaches, what is predicted does not, an omission unlearns',
    protocol,
    closedForm:
      '`rate · Σ (r − V) · tag` over the ticks of the outcome; the weight of the critic goes to r/x geometrically, by `1 − rate·Σ x²` a trial.',
    limit: 0.05,
    bound:
      'as of `rstdp`; the readout acts by a weight that is up to one acting step too low (1/128), and its own learning has coefficients and visits every 16 ms',
    xLabel: 'trial',
    yLabel: 'change of the weight in the trial',
    series: [
      { name: 'reward', points: all.slice(0, trials.rewarded) },
      { name: 'reward left out', points: all.slice(trials.rewarded) },
    ],
  };
}

/** Error of the critic's weight: an acting step, and rounding of its learning. */
const predictionError = (step: number) => 256 * step + 12 * step + factorError;

/** The critic's learning curve, by `eprop-readout`. */
export function criticCurve(): Curve {
  const { trials: found, steps } = run();
  const seen = state(trial.outcome);
  const point = ({ prediction }: { readonly prediction: number }, n: number): Point => ({
    x: n + 1,
    found: prediction,
    expected: criticAt(n) * seen,
    bound: seen * (predictionError(steps.critic) + (learning + traceError(tau, trial.outcome)) * criticAt(n)),
  });
  const all = found.map(point);
  return {
    name: 'td-critic',
    rule: 'eprop-readout',
    title: 'The critic beside it: a readout learns to tell the reward',
    protocol,
    closedForm:
      '`r · (Σ x / Σ x²) · (1 − (1 − rate·Σ x²)ⁿ) · x(outcome)`; without reward `(1 − rate·Σ x²)ⁿ` of it.',
    limit: 0.015,
    bound: 'coefficient; one acting step of the weight (1/128); trace and membrane; visits every 16 ms',
    xLabel: 'trial',
    yLabel: 'reward that the readout tells',
    series: [
      { name: 'reward', points: all.slice(0, trials.rewarded) },
      { name: 'reward left out', points: all.slice(trials.rewarded) },
    ],
  };
}
