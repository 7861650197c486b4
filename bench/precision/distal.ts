import { type Draws, drawsOf } from '../../src/tasks/draws.js';
import type { Format } from './format.js';
import { CounterNoise } from './noise.js';
import { type RewardRule, RewardSynapses, type Wiring } from './reward-synapses.js';

export interface DistalRun {
  readonly seed: number;
  readonly seconds: number;
  readonly format: Format;
  /** Largest tag held; null: the compiler's choice. */
  readonly tagRange: number | null;
  /** Times the task's rate of learning; default 1. */
  readonly faster?: number;
}

/** What became of the weights, in parts of the largest. */
export interface DistalResult {
  readonly rewarded: number;
  readonly othersMean: number;
  readonly rewards: number;
  /** Spikes a second of a neuron. */
  readonly rate: number;
  /** Since when the rewarded synapse has stood near the top, in seconds; infinite if it does not at the end. */
  readonly seconds: number;
  readonly synapses: RewardSynapses;
}

const excitatory = 80;
const neurons = 100;
const targetsEach = 20;
const threshold = 1;
const refractoryTicks = 2;
const membraneDecay = Math.exp(-1 / 20);
const noise = 0.2;
const largest = 0.25;
const firstWeight = 0.06;
const inhibition = -0.06;
/** The second neuron must fire within so many ticks after the first. */
const window = 20;
const delay = { min: 1000, max: 3000 };
const rewardSize = 0.5;
/** From this part of the largest weight on a synapse is near the top. */
const nearTop = 0.8;

/** The rule of all synapses of the excitatory neurons. */
export const distalRule: RewardRule = {
  aPlus: 1,
  aMinus: 1.5,
  tauPlus: 20,
  tauMinus: 20,
  nearest: true,
  tauTag: 1000,
  rate: 5e-4,
  tagRange: null,
  weights: { min: 0, max: largest },
  tauModulator: 200,
  baselineEvents: null,
};

/**
 * Izhikevich (2007) made small: 80 excitatory and 20 inhibitory LIF neurons with 20 targets each fire at random; each
 * time the second of two neurons fires shortly after the first, reward comes 1 to 3 s later. Nearest-spike STDP with
 * a tag of 1 s has to find the one synapse that joins them.
 */
export function runDistal({ seed, seconds, format, tagRange, faster = 1 }: DistalRun): DistalResult {
  const wiring = drawWiring(drawsOf(seed + 500_009));
  const initial = new Float64Array(wiring.targets.length).fill(firstWeight);
  const [first, second] = [0, wiring.targets[0]!];
  initial[0] = 0;
  const rule = { ...distalRule, tagRange, rate: distalRule.rate * faster };
  const synapses = new RewardSynapses(rule, wiring, initial, format, seed);
  const inhibited = drawInhibition(drawsOf(seed + 900_001));
  const draws = drawsOf(seed);
  const draw = new CounterNoise(seed);
  const v = new Float64Array(neurons);
  const resting = new Int32Array(neurons);
  const drive = new Float64Array(neurons);
  const due: number[] = [];
  let fired: number[] = [];
  let firstFired = -window - 1;
  let rewards = 0;
  let spikes = 0;
  let topSince = Number.POSITIVE_INFINITY;
  for (let tick = 0; tick < seconds * 1000; tick++) {
    drive.fill(0);
    for (const i of fired)
      if (i < excitatory) synapses.arrive(i, drive);
      else for (const j of inhibited[i - excitatory]!) drive[j]! += inhibition;
    fired = [];
    draw.startTick(tick);
    for (let j = 0; j < neurons; j++) {
      if (resting[j]! > 0) {
        resting[j]!--;
        continue;
      }
      const potential = v[j]! * membraneDecay + drive[j]! + noise * draw.of(j);
      v[j] = potential;
      if (potential < threshold) continue;
      v[j] = 0;
      resting[j] = refractoryTicks;
      fired.push(j);
    }
    for (const j of fired) synapses.fire(j);
    spikes += fired.length;
    if (fired.includes(first)) firstFired = tick;
    if (fired.includes(second) && tick > firstFired && tick - firstFired <= window) {
      due.push(tick + draws.integer(delay.min, delay.max));
      firstFired = -window - 1;
    }
    const arrived = due.indexOf(tick);
    if (arrived >= 0) {
      due.splice(arrived, 1);
      rewards++;
    }
    synapses.endTick(arrived >= 0 ? rewardSize : null);
    if (synapses.weights.value(0) < nearTop * largest) topSince = Number.POSITIVE_INFINITY;
    else topSince = Math.min(topSince, (tick + 1) / 1000);
  }
  const values = Array.from(initial, (_, s) => synapses.weights.value(s) / largest);
  return {
    rewarded: values[0]!,
    othersMean: values.slice(1).reduce((sum, w) => sum + w, 0) / (values.length - 1),
    rewards,
    rate: spikes / seconds / neurons,
    seconds: topSince,
    synapses,
  };
}

/** Found: the rewarded synapse stands near the top while the others, on the mean, stay in the lower half. */
export function found({ rewarded, othersMean }: DistalResult): boolean {
  return rewarded >= nearTop && othersMean < 0.5;
}

function drawWiring(draws: Draws): Wiring {
  const targets = Array.from({ length: excitatory }, (_, i) => drawTargets(draws, neurons, i)).flat();
  // The pair that is rewarded joins two excitatory neurons.
  if (targets[0]! >= excitatory) targets[0] = targets.slice(0, targetsEach).includes(1) ? 2 : 1;
  return {
    sources: excitatory,
    neurons,
    targets: Int32Array.from(targets),
    starts: Int32Array.from({ length: excitatory + 1 }, (_, i) => i * targetsEach),
    unitOf: (source) => source,
  };
}

function drawInhibition(draws: Draws): number[][] {
  return Array.from({ length: neurons - excitatory }, () => drawTargets(draws, excitatory, -1));
}

/** Different targets, none of them `self`. */
function drawTargets(draws: Draws, among: number, self: number): number[] {
  const chosen = new Set<number>();
  while (chosen.size < targetsEach) {
    const target = draws.integer(0, among - 1);
    if (target !== self) chosen.add(target);
  }
  return [...chosen];
}
