import { type Curve, type Point, range } from './curve.js';
import { traceError } from './error-bounds.js';
import { rewardBound } from './reward-bound.js';
import { pairRig, type Rig, reward } from './rig.js';

const [tau, tauTag, tauReward, rate, lag, first] = [20, 1000, 50, 0.01, 10, 200];

/** Change of the weight by a pair of that lag and a reward of 1 so long after it. */
function change(rig: Rig, signed: number, delay: number): number {
  const machine = rig.start();
  const before = rig.read(machine, 'plastic', 'weight');
  machine.addSpike(first - Math.max(0, signed), 0);
  machine.addSpike(first - Math.max(0, -signed), 1);
  // The pair is complete a tick after the later of the two was sent.
  machine.addReward(first + 1 + delay, 0, reward(1));
  machine.run(first + delay + 1000);
  return rig.read(machine, 'plastic', 'weight') - before;
}

/** `rstdp`: what a reward is worth to a pair, over its delay. */
export function rstdpCurve(): Curve {
  const rig = pairRig(
    'rstdp',
    { modulator: 'reward', rate },
    { weight: 0.5, weightRange: [0, 0.99] },
    { reward: { tau: `${tauReward} ms` } },
  );
  const decay = Math.exp(-1 / tauReward - 1 / tauTag);
  const tag = Math.exp(-lag / tau);
  const closedForm = (delay: number) => (rate * tag * Math.exp(-delay / tauTag)) / (1 - decay);
  const point =
    (sign: number) =>
    (delay: number): Point => {
      const expected = sign * closedForm(delay);
      return {
        x: delay / 1000,
        found: change(rig, sign * lag, delay),
        expected,
        bound: rewardBound({
          size: Math.abs(expected),
          gain: rate / (1 - decay),
          tauTag,
          tauModulator: tauReward,
          tagUnit: rig.unit('plastic', 'tag'),
          tagAbsolute: traceError(tau, lag) * Math.exp(-delay / tauTag),
          step: rig.unit('plastic', 'weight'),
        }),
      };
    };
  const delays = range(0, 5000, 200);
  const line = (sign: number) =>
    range(0, 5000, 50).map((delay): [number, number] => [delay / 1000, sign * closedForm(delay)]);
  return {
    name: 'rstdp',
    rule: 'rstdp',
    title: 'Reward-modulated STDP: what a late reward is worth to a pair',
    protocol: `One pair, ${lag} ms apart in either order, and one reward of 1 so long after it; \`tauTag\` 1 s, \`rate\` ${rate}, the reward decays with ${tauReward} ms.`,
    closedForm:
      '`±rate · exp(−10 ms/tauPlus) · exp(−delay/tauTag)`, times the sum over the ticks of the decaying reward.',
    limit: 0.025,
    bound:
      'coefficients; the tag is visited every 64 ms (up to 6.6 % early or late) and rounded down (up to 16 of its units); the reward is averaged over 16 ms; one unit of the weight a visit',
    xLabel: 'delay of the reward (s)',
    yLabel: 'change of the weight',
    series: [
      { name: 'arrival, then spike', points: delays.map(point(1)), line: line(1) },
      { name: 'spike, then arrival', points: delays.map(point(-1)), line: line(-1) },
    ],
  };
}
