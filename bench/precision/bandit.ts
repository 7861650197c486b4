import { banditOptions } from '../../src/tasks/delayed-bandit/options.js';
import { playBandit } from '../../src/tasks/delayed-bandit/play.js';
import { drawsOf } from '../../src/tasks/draws.js';
import type { Step, StepOutcome, TaskContext } from '../../src/tasks/task.js';
import type { Format } from './format.js';
import { CounterNoise } from './noise.js';
import { type RewardRule, RewardSynapses, type Wiring } from './reward-synapses.js';

/** Where one run of the bandit departs from the task's own parameters. */
export interface BanditRun {
  readonly seed: number;
  readonly trials: number;
  readonly format: Format;
  /** Largest tag held; null: the compiler's choice. */
  readonly tagRange: number | null;
  /** Times the task's rate of learning; default 1. */
  readonly faster?: number;
}

const sources = 20;
const neurons = 10;
const perAction = 5;
const threshold = 1;
const refractoryTicks = 3;
const noise = 0.018;
const inhibition = -0.1;
const initialWeight = 0.03;
const membraneDecay = Math.exp(-1 / 20);
const currentDecay = Math.exp(-1 / 5);

/** The rule of the task's network (`src/tasks/delayed-bandit/network.ts`; a test compares them). */
export const banditRule: RewardRule = {
  aPlus: 1,
  aMinus: 0.25,
  tauPlus: 20,
  tauMinus: 20,
  nearest: false,
  tauTag: 2000,
  rate: 4e-7,
  tagRange: null,
  weights: { min: 0, max: 0.08 },
  tauModulator: 50,
  baselineEvents: 20,
};

/** All context lines onto all action neurons. */
export const banditWiring: Wiring = {
  sources,
  neurons,
  targets: Int32Array.from({ length: sources * neurons }, (_, n) => n % neurons),
  starts: Int32Array.from({ length: sources + 1 }, (_, i) => i * neurons),
  unitOf: (source) => source,
};

export function banditSynapses({
  seed,
  format,
  tagRange,
  faster = 1,
}: Omit<BanditRun, 'trials'>): RewardSynapses {
  const rule = { ...banditRule, tagRange, rate: banditRule.rate * faster };
  const initial = new Float64Array(sources * neurons).fill(initialWeight);
  return new RewardSynapses(rule, banditWiring, initial, format, seed);
}

/** Two groups of LIF neurons that inhibit each other, in float64, and the synapses that learn onto them. */
export class BanditNetwork {
  readonly synapses: RewardSynapses;
  readonly #noise: CounterNoise;
  readonly #v = new Float64Array(neurons);
  readonly #i = new Float64Array(neurons);
  readonly #resting = new Int32Array(neurons);
  readonly #drive = new Float64Array(neurons);
  #arriving: number[] = [];
  #fired: number[] = [];

  constructor(run: Omit<BanditRun, 'trials'>) {
    this.synapses = banditSynapses(run);
    this.#noise = new CounterNoise(run.seed);
  }

  /** Runs a tick; input spikes of a tick arrive in the next. Gives the neurons that fired. */
  step(inputs: readonly number[], reward: number | null): readonly number[] {
    const drive = this.#drive.fill(0);
    for (const source of this.#arriving) this.synapses.arrive(source, drive);
    for (const source of this.#fired) {
      const other = source < perAction ? perAction : 0;
      for (let j = other; j < other + perAction; j++) drive[j]! += inhibition;
    }
    this.#noise.startTick(this.synapses.tick);
    const fired: number[] = [];
    for (let j = 0; j < neurons; j++) if (this.#update(j)) fired.push(j);
    for (const j of fired) this.synapses.fire(j);
    this.synapses.endTick(reward);
    this.#arriving = [...inputs];
    this.#fired = fired;
    return fired;
  }

  #update(j: number): boolean {
    const i = this.#i[j]! * currentDecay + this.#drive[j]!;
    this.#i[j] = i;
    if (this.#resting[j]! > 0) {
      this.#resting[j]!--;
      return false;
    }
    const v = this.#v[j]! * membraneDecay + i + noise * this.#noise.of(sources + j);
    const spikes = v >= threshold;
    this.#v[j] = spikes ? 0 : v;
    if (spikes) this.#resting[j] = refractoryTicks;
    return spikes;
  }
}

/** Plays the task's own trials; whether each was right. */
export function runBandit(run: BanditRun, onTrial?: (network: BanditNetwork) => void): boolean[] {
  const network = new BanditNetwork(run);
  const correct: boolean[] = [];
  const first = { context: 0, action: sources } as const;
  const context: TaskContext<ReturnType<typeof banditOptions.parse>> = {
    options: banditOptions.parse({ seed: run.seed, trials: run.trials }),
    tickMilliseconds: 1,
    ticks: (milliseconds) => Math.max(1, Math.round(milliseconds)),
    now: () => network.synapses.tick,
    population: (name) => ({
      size: name === 'context' ? sources : neurons,
      unit: (n) => first[name as keyof typeof first] + n,
    }),
    draws: drawsOf(run.seed),
    report: (trial) => {
      correct.push(trial.correct);
      onTrial?.(network);
    },
  };
  const game = playBandit(context);
  for (let next = game.next(); !next.done; ) next = game.next(play(network, next.value));
  return correct;
}

function play(network: BanditNetwork, { run, spikes = [], rewards = [] }: Step): StepOutcome {
  const inputs: number[][] = [];
  for (const { in: tick, unit } of spikes) {
    inputs[tick] ??= [];
    inputs[tick].push(unit);
  }
  const start = network.synapses.tick;
  const out: [number, number][] = [];
  for (let tick = 0; tick < run; tick++) {
    const reward = rewards.find((event) => event.in === tick)?.value ?? null;
    for (const j of network.step(inputs[tick] ?? [], reward)) out.push([start + tick, sources + j]);
  }
  return {
    count: out.length,
    ticks: Uint32Array.from(out, ([tick]) => tick),
    units: Uint32Array.from(out, ([, unit]) => unit),
    membranes: () => new Float64Array(0),
    weights: () => ({ pre: new Uint32Array(0), post: new Uint32Array(0), values: new Float64Array(0) }),
  };
}
