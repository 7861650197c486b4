import { type Curve, type Point, range } from './curve.js';
import { eligibilities, epropRig, model, type Rule } from './eprop-model.js';
import { coefficientError, factorError } from './error-bounds.js';
import { type Rig, reward } from './rig.js';

const arrival = 101;

/** Change of the weight by one arrival, and an error of 1 from `lag` on for so many ticks. */
function change(rig: Rig, lag: number, lasts: number, probe: boolean): number {
  const machine = rig.start();
  const before = rig.read(machine, 'in', 'weight');
  machine.addSpike(arrival - 1, 0);
  if (probe) machine.addSpike(arrival - 1 + lag, 1);
  // An error is felt in the tick after it.
  machine.addReward(arrival + lag - 1, 0, reward(1));
  machine.addReward(arrival + lag - 1 + lasts, 0, reward(-1));
  machine.run(arrival + lag + lasts + 5);
  return rig.read(machine, 'in', 'weight') - before;
}

function measured(rule: Rule, rate: number, lags: readonly number[], lasts: number, scale: number): Point[] {
  const rig = epropRig(rule, rate);
  const adaptive = rule.endsWith('alif');
  const step = rig.unit('in', 'weight');
  const slow = adaptive ? { unit: rig.unit('in', 'tag'), tau: model.tauAdaptation } : undefined;
  return lags.map((lag) => {
    const list = eligibilities(lag + lasts, adaptive, adaptive ? lag : null, slow).slice(lag);
    const sum = (of: (one: (typeof list)[number]) => number) =>
      list.reduce((total, one) => total + of(one), 0);
    const size = sum(({ h, x, slow: t }) => h * (x + (adaptive ? model.beta * t : 0)));
    return {
      x: lag / scale,
      found: change(rig, lag, lasts, adaptive),
      expected: rate * sum(({ e }) => e),
      bound:
        rate * (coefficientError * size + sum(({ error }) => error) + lasts * factorError * 0.1) +
        lasts * step,
    };
  });
}

/** `eprop-event`: the eligibility of the tick, and nothing of it later. */
export function epropEventCurve(): Curve {
  const [rate, lasts] = [0.4, 5];
  const expected = eligibilities(201 + lasts, false, null);
  const at = (lag: number) => rate * expected.slice(lag, lag + lasts).reduce((sum, { e }) => sum + e, 0);
  return {
    name: 'eprop-event',
    rule: 'eprop-event',
    title: 'e-prop by events: an error teaches what is eligible in its tick',
    protocol: `One arrival of weight 0.5 at a neuron at rest (\`tauMembrane\` 20 ms, \`dampening\` 0.3); an error of 1 for ${lasts} ms, so long after it; \`rate\` ${rate}.`,
    closedForm: '`rate · Σ h·x1` over the ticks of the error.',
    limit: 0.005,
    bound: 'coefficient; h (three roundings of 2^-12); trace; one unit of the weight a tick',
    xLabel: 'begin of the error after the arrival (ms)',
    yLabel: 'change of the weight',
    series: [
      {
        name: 'change',
        points: measured('eprop-event', rate, range(0, 100, 4), lasts, 1),
        line: range(0, 100, 1).map((lag): [number, number] => [lag, at(lag)]),
      },
    ],
  };
}

/** `eprop-event-alif`: seconds later the threshold still tells of the arrival, with the other sign. */
export function epropEventAlifCurve(): Curve {
  const [rate, lasts] = [0.1, 40];
  const lags = [...range(0, 100, 10), ...range(150, 4000, 150)];
  return {
    name: 'eprop-event-alif',
    rule: 'eprop-event-alif',
    title: 'e-prop by events with adaptive thresholds: credit for seconds, through the threshold',
    protocol: `As above, with an adaptive threshold (\`beta\` ${model.beta}, \`tauAdaptation\` 2 s); so long after the arrival another input moves the membrane by ${model.probe}, and an error of 1 begins that lasts ${lasts} ms; \`rate\` ${rate}. Soon after the arrival the weight is credited by the membrane, later it is blamed by the threshold that its spikes would have raised.`,
    closedForm: '`rate · Σ h·(x1 − beta·t)` over the ticks of the error, with t as of `eprop-alif`.',
    limit: 0.01,
    bound: 'as of `eprop-event`; the tag is visited every 128 ms (up to 6.6 % early or late)',
    xLabel: 'second input and error after the arrival (s)',
    yLabel: 'change of the weight',
    series: [{ name: 'change', points: measured('eprop-event-alif', rate, lags, lasts, 1000) }],
  };
}
