import { type Curve, range } from './curve.js';
import { coefficientError, factorError, traceError } from './error-bounds.js';
import { reward, rigOf } from './rig.js';

const [tau, rate, arrival] = [20, 0.01, 101];
const times = range(0, 150, 5);

function run(weight: number) {
  const rig = rigOf({
    engram: 1,
    name: 'delta-rule',
    populations: {
      input: { model: 'input', size: 1 },
      readout: { model: 'readout', size: 1, tauMembrane: `${tau} ms` },
    },
    modulators: { error: { tau: 'none', error: { population: 'readout' } } },
    projections: {
      out: {
        from: 'input',
        to: 'readout',
        weight,
        plasticity: { rule: 'eprop-readout', weightRange: [-0.99, 0.99], rate },
      },
    },
  });
  const machine = rig.start();
  machine.addSpike(arrival - 1, 0);
  machine.addReward(0, 0, reward(1));
  const before = rig.read(machine, 'out', 'weight');
  return {
    step: rig.unit('out', 'weight'),
    found: times.map((time) => {
      machine.run(arrival + time + 1 - machine.tick);
      return rig.read(machine, 'out', 'weight') - before;
    }),
  };
}

/** Change so many ticks after the arrival, that tick's included. */
function closedForm(weight: number, time: number): { value: number; size: number } {
  const a = Math.exp(-1 / tau);
  const arrivals = (1 - a ** (time + 1)) / (1 - a);
  const output = (a * (1 - a ** (2 * time))) / (1 - a ** 2);
  return { value: rate * (arrivals - weight * output), size: rate * (arrivals + weight * output) };
}

/** `eprop-readout`: the delta rule, after one arrival. */
export function epropReadoutCurve(): Curve {
  const series = [0, 0.5].map((weight) => {
    const { step, found } = run(weight);
    return {
      name: `weight ${weight}`,
      points: times.map((time, n) => {
        const { value, size } = closedForm(weight, time);
        const traces = range(0, time, 1).reduce(
          (sum, age) => sum + traceError(tau, age) + 2 * factorError,
          0,
        );
        return {
          x: time,
          found: found[n]!,
          expected: value,
          bound: coefficientError * size + rate * traces + (time + 1) * step * 0.5,
        };
      }),
      line: range(0, 150, 1).map((time): [number, number] => [time, closedForm(weight, time).value]),
    };
  });
  return {
    name: 'eprop-readout',
    rule: 'eprop-readout',
    title: 'Delta rule of a readout: error times the arrivals as it filters them',
    protocol: `One arrival at a readout (\`tauReadout\` ${tau} ms) with a target of 1; \`rate\` ${rate}.`,
    closedForm:
      '`rate · Σ (1 − w·x1(n − 1)) · x1(n)`, a geometric sum; the core knows the error of the tick before.',
    limit: 0.0025,
    bound: 'coefficient; trace and error (2^-12); half a unit of the weight a tick',
    xLabel: 'time after the arrival (ms)',
    yLabel: 'change of the weight',
    series,
  };
}
